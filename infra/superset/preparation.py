"""`python -m infra.superset.preparation ASSETS LOGINS`: prepares Superset's metadata in one process.

Each command of Superset's own needs seconds only to start, so one process does everything: the metadata's tables, the
roles, two users, and the import of the assets. On existing metadata it updates all that, removes what has left the
assets, and keeps what users made themselves. It prints a line before each step, which begins with `STEP`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from flask import current_app, g
from flask_migrate import upgrade
from superset.app import create_app

from infra.superset import ADMINISTRATOR, STEP, VIEWER

ROLE = "Analyst"
"""The viewer's role: it reads dashboards and the datasets behind them."""

_MORE_THAN_PUBLIC = {
    ("menu_access", "Dashboards"),
    ("can_recent_activity", "Log"),
    ("can_log", "Superset"),
    ("can_view_chart_as_table", "Dashboard"),
    ("can_drill", "Dashboard"),
    ("can_csv", "Superset"),
    ("can_share_dashboard", "Superset"),
    ("can_write", "DashboardPermalinkRestApi"),
}
"""The viewer's permissions in addition to those in Superset's own list for people who are not logged in."""


def prepare(assets: Path, passwords: Mapping[str, str]) -> None:
    """Prepare the metadata.

    Args:
        assets: the folder of assets, in Superset's format.
        passwords: the passwords by user.
    """
    _say("starting Superset")
    app = create_app()
    with app.app_context():
        from superset import appbuilder, security_manager

        _say("creating its tables")
        upgrade(directory=str(Path(app.root_path) / "migrations"))
        _say("creating roles and users")
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        g.user = _user(security_manager, ADMINISTRATOR, "Admin", passwords[ADMINISTRATOR])
        _say("importing dashboards")
        _import(assets)
        security_manager.create_missing_perms()
        _define_role(security_manager)
        _user(security_manager, VIEWER, ROLE, passwords[VIEWER])


def _user(security: Any, name: str, role: str, password: str) -> Any:
    """A user with a role and a password. If the user exists, both are set again."""
    if user := security.find_user(username=name):
        user.roles = [security.find_role(role)]
        security.reset_password(user.id, password)
        return user
    user = security.add_user(name, name.title(), "Boxoffice", f"{name}@localhost", security.find_role(role), password)
    if not user:
        raise SystemExit(f"Superset could not create the user {name}")
    return user


def _import(assets: Path) -> None:
    """Import the assets, and remove those of the last import that have left the folder."""
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    contents = {path.relative_to(assets).as_posix(): path.read_text("utf-8") for path in sorted(assets.rglob("*.yaml"))}
    ImportAssetsCommand(contents).run()
    record = Path(current_app.config["FOLDER"]) / "imported.json"
    before = json.loads(record.read_text("utf-8")) if record.exists() else []
    imported = sorted(filter(None, (yaml.safe_load(text).get("uuid") for text in contents.values())))
    _remove([identifier for identifier in before if identifier not in imported])
    record.write_text(json.dumps(imported, indent=1), "utf-8")


def _remove(identifiers: list[str]) -> None:
    from superset import db
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    for model in (Dashboard, Slice, SqlaTable):
        for row in db.session.query(model).filter(model.uuid.in_(identifiers)):
            db.session.delete(row)
    db.session.commit()


def _define_role(security: Any) -> None:
    """Give the viewer's role its permissions and no others: no SQL Lab, no other database, no administration."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable

    datasets = {("datasource_access", dataset.get_perm()) for dataset in db.session.query(SqlaTable)}
    names = security.PUBLIC_ROLE_PERMISSIONS | _MORE_THAN_PUBLIC | datasets
    permissions = [security.find_permission_view_menu(action, place) for action, place in sorted(names)]
    role = security.find_role(ROLE) or security.add_role(ROLE)
    role.permissions = [permission for permission in permissions if permission]
    db.session.commit()


def _say(step: str) -> None:
    print(f"{STEP}{step}", flush=True)  # noqa: T201


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8")))
