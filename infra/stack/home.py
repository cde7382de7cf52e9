"""The parts of a stack: its home, its processes, its addresses, and the environment of its programs."""

from __future__ import annotations

import os
import re
import secrets
import sys
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from aws_services import resources
from infra.checkout import ROOT
from infra.local_aws.profiles import role_environment
from infra.local_aws.redshift.database.warehouse import USER
from infra.stack.airflow_api import AirflowApi
from infra.stack.airflow_database import AirflowDatabase
from infra.stack.processes import Processes
from infra.stack.record import SIMULATOR as SIMULATED
from infra.stack.record import HomeRecord
from infra.stack.services import AIRFLOW, AIRFLOW_DB, AWS, PARALLELISM, SIMULATOR
from settings import Settings

ACTORS = {"extractor": resources.EXTRACTOR_ROLE_ARN, "analyst": resources.ANALYST_ROLE_ARN}
"""The roles that a program can take on the local AWS, by the actor's name."""

_NO_PORT = "9"

# Variables stripped so that the stack's processes don't reach another Airflow's database or another account, and don't
# know the passwords of either.
_FOREIGN = ("AIRFLOW_", "AWS_ENDPOINT_URL_", "TICKETMASTER_API_KEY", "BOXOFFICE_DASHBOARDS_WAREHOUSE")
_LIBPQ = re.compile(r"PG[A-Z]")
"""Matches the variables of PostgreSQL's clients, such as PGPASSWORD, but not `PG_BIN`, which is ours."""
_FOREIGN_AWS = (
    "AWS_CONFIG_FILE",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class StackHome:
    """A local stack, running or not. All of its state is under `settings.home`.

    Args:
        settings: the settings with the home, the ports and the endpoints.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.home.resolve()
        self.processes = Processes(self.home)
        self.record = HomeRecord(self.home)
        self.database = AirflowDatabase(self.home / "airflow" / "postgresql")

    # -- parts -------------------------------------------------------------------------------------------------------

    def process_names(self) -> list[str]:
        """The names of the stack's processes under the current settings."""
        return [*([AWS] if self.owns_aws else []), *([SIMULATOR] if self.uses_simulator else []), AIRFLOW_DB, *AIRFLOW]

    @property
    def api(self) -> str:
        """The source of the events: `SIMULATED`, or the URL of the Discovery API."""
        return SIMULATED if self.uses_simulator else self.settings.ticketmaster_api_url

    # -- addresses ---------------------------------------------------------------------------------------------------

    @property
    def owns_aws(self) -> bool:
        """Whether the stack runs its own local AWS. This is so if no other endpoint is set in the environment."""
        return self.settings.aws_endpoint_url in (None, *self.settings.own_aws_urls)

    @property
    def uses_simulator(self) -> bool:
        """Whether the stack uses the simulator: no API key is set, and the home has no events of the real API."""
        return self.settings.ticketmaster_api_key is None and self.record.api in (None, SIMULATED)

    @property
    def aws_url(self) -> str:
        """The AWS endpoint that the whole stack uses."""
        own = f"http://127.0.0.1:{self.settings.aws_port}"
        return own if self.owns_aws else str(self.settings.aws_endpoint_url)

    @property
    def airflow_url(self) -> str:
        """Airflow's UI and API."""
        return f"http://127.0.0.1:{self.settings.airflow_port}"

    @property
    def dashboards_url(self) -> str:
        """Superset."""
        return f"http://127.0.0.1:{self.settings.dashboards_port}"

    @property
    def simulator_url(self) -> str:
        """The base URL of the simulated Discovery API."""
        return f"http://127.0.0.1:{self.settings.simulator_port}/discovery/v2"

    @property
    def warehouse_url(self) -> str:
        """The URL of the local warehouse for libpq's clients. It has the path of the password file only."""
        address = f"127.0.0.1:{self.settings.warehouse_port}/{resources.WAREHOUSE_DATABASE}"
        return f"postgresql://{USER}@{address}?passfile={quote(str(self.home / 'aws' / 'pgpass'))}"

    @cached_property
    def airflow(self) -> AirflowApi:
        """Airflow's REST API."""
        return AirflowApi(self.airflow_url)

    # -- environment -------------------------------------------------------------------------------------------------

    def aws_environment(self) -> dict[str, str]:
        """The variables that a boto3 program needs to call the stack's AWS."""
        local = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"]))
        environment = {"AWS_ENDPOINT_URL": self.aws_url, "AWS_DEFAULT_REGION": resources.REGION}
        environment |= {"NO_PROXY": local, "no_proxy": local}
        if self.owns_aws:
            environment |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
        return environment

    def actor_environment(self, actor: str) -> dict[str, str]:
        """The variables that a boto3 program needs to work as one of `ACTORS`.

        On AWS itself the role isn't set here: the account's own credentials apply.
        """
        environment = self.aws_environment()
        if self.owns_aws:
            for key in _KEYS:
                del environment[key]
            environment |= role_environment(self.home / "run", actor, ACTORS[actor])
        return environment

    def use_aws(self, actor: str | None = None) -> None:
        """Point this process to the stack's AWS only, whatever AWS variables the shell has.

        Args:
            actor: one of `ACTORS`, whose role the process gets. Default: the administrator.
        """
        for key in [key for key in os.environ if key.startswith("AWS_") and key.startswith(self._foreign)]:
            del os.environ[key]
        environment = self.actor_environment(actor) if actor else self.aws_environment()
        for key in _KEYS if self.owns_aws else ():  # they would win over the actor's profile
            if key not in environment:
                os.environ.pop(key, None)
        os.environ.update(environment)

    @property
    def _foreign(self) -> tuple[str, ...]:
        return (*_FOREIGN, *(_FOREIGN_AWS if self.owns_aws else ()))

    def environment(self) -> dict[str, str]:
        """The environment for the stack's programs: this process's, without variables that point to other servers."""
        foreign = self._foreign
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        inherited = {key: value for key, value in inherited.items() if not _LIBPQ.match(key)}
        own = {"BOXOFFICE_HOME": str(self.home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        own["TICKIT_LOCATION"] = self.settings.tickit_location  # an absolute path: tasks may run in other folders
        own["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{inherited.get('PATH', '')}"
        return inherited | own | self.aws_environment()

    def airflow_environment(self) -> dict[str, str]:
        """The environment for Airflow's programs of this stack.

        Airflow's tasks work under the extractor's role, with the permissions that the account's template gives it.
        """
        environment = self.environment() | {
            "AIRFLOW_HOME": str(self.home / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "dags" / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            **self.database.environment,
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": str(PARALLELISM),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.airflow_url}/execution/",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.settings.airflow_port),
            "AIRFLOW__API__BASE_URL": self.airflow_url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": self._secret("api"),
            "AIRFLOW__API_AUTH__JWT_SECRET": self._secret("jwt"),
            # The stack starts no log servers (`_airflow_services`). No program listens on this port.
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": _NO_PORT,
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": _NO_PORT,
            # Airflow sets these modes itself and ignores the umask.
            "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
            "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "15",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
            # Tasks of a killed process are adopted within a minute or two. The defaults of five minutes each are for
            # clusters, and too long if you are waiting at a terminal.
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "90",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        }
        if self.uses_simulator:
            environment["TICKETMASTER_API_URL"] = self.simulator_url
        if self.owns_aws:
            del environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
        return environment | self.actor_environment("extractor")

    def _secret(self, name: str) -> str:
        """A random secret of this stack. It's created once, and only its owner can read it."""
        path = self.home / "airflow" / f".{name}-secret"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()
