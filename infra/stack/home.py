"""What a stack consists of: its home, its processes, its addresses, and the environment of its programs."""

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
from infra.local_aws.redshift.warehouse import USER
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

# Variables stripped so that the stack's processes don't reach another Airflow's database or another account.
_FOREIGN = ("AIRFLOW_", "AWS_ENDPOINT_URL_", "TICKETMASTER_API_KEY")
_LIBPQ = re.compile(r"PG[A-Z]")
"""A variable of PostgreSQL's clients, such as PGPASSWORD; `PG_BIN` is ours."""
_FOREIGN_AWS = (
    "AWS_CONFIG_FILE",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


class StackHome:
    """One local stack as its home has it, running or not. All of its state is under `settings.home`.

    Args:
        settings: with the home, the ports and the endpoints.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.home.resolve()
        self.processes = Processes(self.home)
        self.record = HomeRecord(self.home)
        self.database = AirflowDatabase(self.home / "airflow" / "postgresql")

    # -- parts -------------------------------------------------------------------------------------------------------

    def process_names(self) -> list[str]:
        """The processes that make up the stack under the present settings."""
        return [*([AWS] if self.owns_aws else []), *([SIMULATOR] if self.uses_simulator else []), AIRFLOW_DB, *AIRFLOW]

    @property
    def api(self) -> str:
        """Where the events come from: the simulator, or the URL of the Discovery API."""
        return SIMULATED if self.uses_simulator else self.settings.ticketmaster_api_url

    # -- addresses ---------------------------------------------------------------------------------------------------

    @property
    def owns_aws(self) -> bool:
        """Whether the stack runs a local AWS of its own (no other endpoint is set in the environment)."""
        return self.settings.aws_endpoint_url in (None, *self.settings.own_aws_urls)

    @property
    def uses_simulator(self) -> bool:
        """Whether the Discovery API is the simulator: no API key is set, and the home has no events of the real API."""
        return self.settings.ticketmaster_api_key is None and self.record.api in (None, SIMULATED)

    @property
    def aws_url(self) -> str:
        """The AWS endpoint that everything in the stack speaks to."""
        own = f"http://127.0.0.1:{self.settings.aws_port}"
        return own if self.owns_aws else str(self.settings.aws_endpoint_url)

    @property
    def airflow_url(self) -> str:
        """Airflow's UI and API."""
        return f"http://127.0.0.1:{self.settings.airflow_port}"

    @property
    def simulator_url(self) -> str:
        """Base URL of the simulated Discovery API."""
        return f"http://127.0.0.1:{self.settings.simulator_port}/discovery/v2"

    @property
    def warehouse_url(self) -> str:
        """URL of the local warehouse for libpq's clients; it names the password's file, not the password."""
        address = f"127.0.0.1:{self.settings.warehouse_port}/{resources.WAREHOUSE_DATABASE}"
        return f"postgresql://{USER}@{address}?passfile={quote(str(self.home / 'aws' / 'pgpass'))}"

    @cached_property
    def airflow(self) -> AirflowApi:
        """Airflow's REST API."""
        return AirflowApi(self.airflow_url)

    # -- environment -------------------------------------------------------------------------------------------------

    def aws_environment(self) -> dict[str, str]:
        """What a boto3 program needs in its environment to speak to the stack's AWS."""
        local = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"]))
        environment = {"AWS_ENDPOINT_URL": self.aws_url, "AWS_DEFAULT_REGION": resources.REGION}
        environment |= {"NO_PROXY": local, "no_proxy": local}
        if self.owns_aws:
            environment |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
        return environment

    def actor_environment(self, actor: str) -> dict[str, str]:
        """What a boto3 program needs in its environment to work as one of `ACTORS`. An account knows its own ways."""
        environment = self.aws_environment()
        if self.owns_aws:
            del environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
            environment |= role_environment(self.home / "run", actor, ACTORS[actor])
        return environment

    def use_aws(self, actor: str | None = None) -> None:
        """Point this process at the stack's AWS only, whatever AWS variables the shell has.

        Args:
            actor: one of `ACTORS`, whose role it then has; the administrator unless told otherwise.
        """
        for key in [key for key in os.environ if key.startswith("AWS_") and key.startswith(self._foreign)]:
            del os.environ[key]
        os.environ.update(self.actor_environment(actor) if actor else self.aws_environment())

    @property
    def _foreign(self) -> tuple[str, ...]:
        return (*_FOREIGN, *(_FOREIGN_AWS if self.owns_aws else ()))

    def environment(self) -> dict[str, str]:
        """The environment of the stack's programs: this process's, without variables that point to other servers."""
        foreign = self._foreign
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        kept = {key: value for key, value in kept.items() if not _LIBPQ.match(key)}
        kept |= {"BOXOFFICE_HOME": str(self.home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        kept["TICKIT_LOCATION"] = self.settings.tickit_location  # a folder by its whole path, wherever a task works
        kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        return kept | self.aws_environment()

    def airflow_environment(self) -> dict[str, str]:
        """What Airflow's own programs need in their environment to belong to this stack.

        Its tasks work as the extractor's role and may do what the account's template lets that role do.
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
            # Both log servers are left out (`_airflow_services`). This is where nothing listens, and nobody's server.
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": _NO_PORT,
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": _NO_PORT,
            # Airflow sets these modes itself, whatever the umask is.
            "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
            "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "15",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
            # Tasks of a process that was killed are taken up within a minute or two; made for clusters, the defaults
            # of five minutes each are long for somebody who waits.
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
        """A random secret of this stack. It's made once, and only its owner can read it."""
        path = self.home / "airflow" / f".{name}-secret"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()
