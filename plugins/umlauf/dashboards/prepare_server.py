"""Make Superset ready: tables, roles, one administrator, and the dashboards of a folder.

Superset's own environment runs this, as `python -P prepare_server.py FOLDER`; it imports nothing of
ours. Running it again migrates what is older and puts the dashboards back as the folder has them;
what the folder does not know is left alone, unless an earlier run brought it.

Superset has a command for each of these steps; one process saves most of their start-up time.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    """Do it all; the environment names the databases, the password and the currency."""
    from superset.app import create_app

    with create_app().app_context():
        from superset.utils.core import override_user

        migrate()
        with override_user(make_admin(os.environ["SUPERSET_ADMIN_PASSWORD"])):
            import_assets(folder)


def migrate() -> None:
    """Create or migrate the tables, then permissions and roles."""
    import superset
    from flask_migrate import upgrade

    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
    superset.appbuilder.add_permissions(update_perms=True)
    superset.security_manager.sync_role_definitions()


def make_admin(password: str) -> Any:
    """Return the user `admin`, who has this password from now on."""
    from superset import security_manager

    user = security_manager.find_user("admin")
    if user is None:
        role, mail = security_manager.find_role("Admin"), "admin@localhost"
        names = ("admin", "Umlauf", "Admin", mail)
        return security_manager.add_user(*names, role, password=password)
    security_manager.reset_password(user.id, password)
    return user


def import_assets(folder: Path) -> None:
    """Put databases, datasets, charts and dashboards as the folder has them, or none of them."""
    import yaml
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    files = sorted(folder.rglob("*.yaml"))
    contents = {str(file.relative_to(folder)): of_this_company(file.read_text()) for file in files}
    ImportAssetsCommand(dict(contents)).run()

    brought = Path(os.environ["SUPERSET_HOME"]) / "brought.json"
    before = json.loads(brought.read_text()) if brought.exists() else {}
    now = {
        yaml.safe_load(text)["uuid"]: name.split("/")[0]
        for name, text in contents.items()
        if "/" in name
    }
    remove({uuid: kind for uuid, kind in before.items() if uuid not in now})
    brought.write_text(json.dumps(now))


def of_this_company(text: str) -> str:
    """Put in where the marts are, with the reader's password, and the reporting currency."""
    symbol = f"symbol: {os.environ['UMLAUF_REPORTING_CURRENCY']},"
    lines = text.replace("symbol: EUR,", symbol).splitlines()
    address = f"sqlalchemy_uri: {os.environ['UMLAUF_MARTS_URL']}"
    return "\n".join(
        address if line.startswith("sqlalchemy_uri: ") else line for line in lines
    )  # fmt: skip


def remove(gone: dict[str, str]) -> None:
    """Delete what an earlier run brought and the folder has no more: no import does."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    kinds = {"dashboards": Dashboard, "charts": Slice, "datasets": SqlaTable}
    for kind, model in kinds.items():
        for uuid in [uuid for uuid, of in gone.items() if of == kind]:
            for found in db.session.query(model).filter_by(uuid=uuid):
                db.session.delete(found)
    db.session.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
