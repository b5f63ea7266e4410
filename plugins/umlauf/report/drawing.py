"""The JavaScript that draws the charts: Vega, Vega-Lite and vega-embed as one script.

Bundling takes seconds and gives the same text for the same version of vl-convert, so it is kept:

    <home>/cache/vega-<vl-convert version>.js     may be removed at any time
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import vl_convert


def drawing_script(cache: Path) -> str:
    """Return the script, bundling it when `cache` does not hold this version's yet."""
    kept = cache / f"vega-{version('vl-convert-python')}.js"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    script: str = vl_convert.javascript_bundle(None)  # type: ignore[arg-type]  # stub: None is all
    cache.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(script, encoding="utf-8")
    partial.replace(kept)
    return script
