"""What all our pages share: templates that escape, a policy that names each script, one swap."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import jinja2


def templates() -> jinja2.Environment:
    """Return the templates beside this file; a name that nobody gave is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def in_a_script(value: Any) -> str:
    """Return JSON that cannot end the script element it stands in, whatever a name contains."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def csp_hash(script: str) -> str:
    """Return the script's name in a content security policy: no other script runs."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def write_page(target: Path, text: str) -> Path:
    """Write a page beside the old one, then swap it in."""
    partial = target.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(target)
