"""dbt without a night around it, on a home of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from umlauf.sources.registry import all_sources
from umlauf.warehouse.dbt import DBT_PROJECT, dbt_environment


def dbt(settings, *arguments):
    """Run dbt with these arguments; return the folder it wrote to."""
    target = settings.warehouse / "dbt"
    streams = {source.name: [stream.name for stream in source.streams] for source in all_sources()}
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("--no-use-colors", *arguments),
            *("--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT),
            *("--target-path", target, "--log-path", target),
            *("--vars", json.dumps({"streams": streams})),
        ],
        env=os.environ | dbt_environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return target
