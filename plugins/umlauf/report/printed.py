"""The page on paper: a PDF, printed by the machine's own Chromium where there is one."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

log = logging.getLogger(__name__)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_SECONDS = 120.0
_DRAWN_WITHIN = 20_000  # milliseconds of the page's own clock, which does not wait for ours


def print_page(page: Path) -> bytes | None:
    """Return the page as a PDF, None where nothing can print it: the log says why."""
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        log.warning("page: no PDF: none of %s is on this machine", ", ".join(_BROWSERS))
        return None
    with TemporaryDirectory(prefix="umlauf-print-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "page.pdf"
        command = [
            *(program, "--headless", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
            *(f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"),
            *(f"--virtual-time-budget={_DRAWN_WITHIN}", f"--print-to-pdf={target}", page.as_uri()),
        ]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium has none for root; the page is our own
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS
            )
        except subprocess.TimeoutExpired:
            log.warning("page: no PDF: %s printed nothing in %g s", program, _PATIENCE_SECONDS)
            return None
        if not target.exists():
            log.warning("page: no PDF: %s: %s", program, done.stderr.strip()[-300:])
            return None
        return target.read_bytes()
