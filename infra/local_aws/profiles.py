"""Lets a program be a role: what it needs in its environment to take one on, by AWS's own means."""

from __future__ import annotations

from pathlib import Path

_CONFIG = """\
# Made anew at each start. The credentials are the local AWS's administrator's: any will do there, and nowhere else.
[profile administrator]
aws_access_key_id = local
aws_secret_access_key = local

[profile {name}]
role_arn = {arn}
role_session_name = {name}
source_profile = administrator
"""


def role_environment(folder: Path, name: str, role_arn: str) -> dict[str, str]:
    """Environment variables with which every AWS SDK works as a role; they stand in the place of access keys.

    Args:
        folder: where the configuration that they name is written.
        name: what to call the profile and the role's sessions: one name, so that what a task began another may end.
        role_arn: the role.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config, none = folder / f"{name}.config", folder / "no-credentials"
    config.write_text(_CONFIG.format(name=name, arn=role_arn))
    return {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(none), "AWS_PROFILE": name}
