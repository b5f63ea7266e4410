// Shows the rows in which every word typed occurs; the first thousand of them.
const rows = JSON.parse(document.getElementById('rows').textContent);
const found = document.getElementById('found'), count = document.getElementById('count');
const typed = document.getElementById('typed'), MOST = 1000;

function show() {
  const words = typed.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fit = rows.filter(row => {
    const text = row.join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  });
  found.replaceChildren(...fit.slice(0, MOST).map(row => {
    const line = document.createElement('tr');
    for (const text of row) line.appendChild(document.createElement('td')).textContent = text;
    return line;
  }));
  const shown = fit.length > MOST ? `, the first ${MOST} of them below` : '';
  count.textContent = `${fit.length} of ${rows.length}${shown}`;
}

typed.value = decodeURIComponent(location.hash.slice(1));
typed.addEventListener('input', show);
show();
