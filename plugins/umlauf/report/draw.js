// Draw the charts and say so on the page: `data-drawn` counts them. No code is made from text
// (ast), so that the page's security policy can forbid it.
const specs = JSON.parse(document.getElementById("charts").textContent);
document.body.dataset.charts = Object.keys(specs).length;
document.body.dataset.drawn = 0;
for (const [name, spec] of Object.entries(specs)) {
  vegaEmbed(document.getElementById(name), spec, {actions: false, ast: true, renderer: "svg"})
    .then(() => { document.body.dataset.drawn = Number(document.body.dataset.drawn) + 1; });
}
