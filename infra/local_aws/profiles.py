"""Lets a program act as a role, by an environment that makes AWS SDKs assume it."""

from __future__ import annotations

from pathlib import Path

_CONFIG = """\
# Written again at each start. The credentials are those of the local AWS's administrator, and only valid there.
[profile administrator]
aws_access_key_id = local
aws_secret_access_key = local

[profile {name}]
role_arn = {arn}
role_session_name = {name}
source_profile = administrator
"""


def role_environment(folder: Path, name: str, role_arn: str) -> dict[str, str]:
    """Environment variables that make every AWS SDK act as a role. They replace access keys.

    Args:
        folder: the folder for the configuration file that they name.
        name: the name of the profile and of the role's sessions. All share it, so that one task can finish what another
            began.
        role_arn: the role.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / f"{name}.config"
    no_credentials = folder / "no-credentials"
    config.write_text(_CONFIG.format(name=name, arn=role_arn))
    return {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(no_credentials), "AWS_PROFILE": name}
