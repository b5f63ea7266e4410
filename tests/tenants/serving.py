"""A sandbox with a secret of its own: python -m tests.tenants.serving SECRET HOME

Its own are constants; two companies behind the same key would not show whose key was used.
"""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from umlauf.sandbox.serve import hubspot, odoo, sftp
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.servers import Addresses, Servers, as_json

_CONSTANTS = (hubspot.TOKEN, odoo.KEY, sftp.PASSWORD)


@contextmanager
def served(home, secret):
    """Yield AIRFLOW_CONN_* of a company that is served in a process of its own."""
    import json

    command = [sys.executable, "-m", "tests.tenants.serving", secret, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            known = connections(Addresses(**json.loads(process.stdout.readline())))
            yield {name: _with(secret, text) for name, text in known.items()}
        finally:
            process.terminate()


def _with(secret, text):
    for constant in _CONSTANTS:
        text = text.replace(f'"{constant}"', f'"{secret}"')
    return text


if __name__ == "__main__":
    hubspot.TOKEN = odoo.KEY = sftp.PASSWORD = sys.argv[1]
    servers = Servers(Path(sys.argv[2]))
    servers.listen()
    print(as_json(servers.addresses), flush=True)  # noqa: T201 - read by whoever started it
    servers.serve()
