"""The local stack: local AWS, Discovery API simulator and Airflow, brought up in order and taken down whole."""

from __future__ import annotations

import math
import os
import re
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from aws_services import resources
from aws_services.errors import AwsError
from infra.checkout import ROOT
from infra.local_aws.postgresql.cluster import ClusterError
from infra.local_aws.private import private_folder
from infra.local_aws.profiles import role_environment
from infra.local_aws.redshift.warehouse import USER
from infra.stack.airflow_api import AirflowApi
from infra.stack.airflow_database import AirflowDatabase, set_sqlite_aside
from infra.stack.processes import ProcessDied, Processes, Service
from infra.stack.record import SIMULATOR as SIMULATED
from infra.stack.record import HomeRecord
from infra.stack.removal import DATA
from settings import Settings
from warehouse.migrate import MigrationRefused

SIMULATOR_KEY = "simulated-key"
"""The key that the simulator accepts unless told otherwise."""

AWS = "local-aws"
SIMULATOR = "simulator"
ACTORS = {"extractor": resources.EXTRACTOR_ROLE_ARN, "analyst": resources.ANALYST_ROLE_ARN}
"""Whom a program can be on the local AWS, by the role that it takes on."""

AIRFLOW_DB = "airflow-db"
AIRFLOW = ("airflow-scheduler", "airflow-dag-processor", "airflow-triggerer", "airflow-api-server")
PARALLELISM = 4
"""Tasks that work at once, which is how many workers Airflow's executor has."""

_NO_LOG_SERVER = ["--skip-serve-logs"]
"""Airflow's log servers listen on every network, and the API server reads the same files itself."""
_NO_PORT = "9"

_LEAVE_SECONDS = 15.0  # the warehouse of a local AWS that was killed ends itself


class StackError(RuntimeError):
    """The stack cannot be brought up; the message says why and what to do."""


class NoApiKey(RuntimeError):
    """The real API is to be read, and there is no key for it; the message says what to do."""


# What would lead the stack's processes elsewhere: another Airflow's database, another account.
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


def answers(url: str) -> bool:
    """Whether a server answers at a URL, asked without any proxy."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy's answer is not the server's
        try:
            return session.get(url, timeout=2).status_code < requests.codes.server_error
        except requests.RequestException:
            return False


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def aws_command(settings: Settings) -> list[str]:
    """What runs the local AWS, with its state below the settings' home."""
    home = settings.home.resolve()
    arguments = ["--port", settings.aws_port, "--state-dir", home / "aws", "--messages-dir", home / "alerts"]
    arguments += ["--warehouse-port", settings.warehouse_port, "--workgroup", resources.WORKGROUP]
    arguments += _allowed_hosts(settings)
    return [sys.executable, "-m", "infra.local_aws", *map(str, arguments)]


def simulator_command(settings: Settings) -> list[str]:
    """What runs the Discovery API's simulator, with the limits that the settings say the API has."""
    arguments = ["--port", settings.simulator_port, "--events", settings.simulated_events]
    arguments += ["--quota", settings.ticketmaster_daily_quota]
    arguments += ["--rate", math.ceil(settings.ticketmaster_requests_per_second)]
    arguments += ["--date", settings.today] if settings.today else []
    arguments += _allowed_hosts(settings)
    return [sys.executable, "-m", "infra.simulators.discovery", *map(str, arguments)]


def _allowed_hosts(settings: Settings) -> list[str]:
    return [f"--allow-host={name}" for name in settings.host_names]


class Stack:
    """One local stack, all of whose state lies under `settings.home`."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = print) -> None:
        self.settings = settings
        self.home = settings.home.resolve()
        self.processes = Processes(self.home)
        self.record = HomeRecord(self.home)
        self.database = AirflowDatabase(self.home / "airflow" / "postgresql")
        self._say = say

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
        """Let this process speak to the stack's AWS, and to none that the shell names besides.

        Args:
            actor: one of `ACTORS`, whose role it then has; the administrator unless told otherwise.
        """
        for key in [key for key in os.environ if key.startswith("AWS_") and key.startswith(self._foreign)]:
            del os.environ[key]
        os.environ.update(self.actor_environment(actor) if actor else self.aws_environment())

    @property
    def _foreign(self) -> tuple[str, ...]:
        return (*_FOREIGN, *(_FOREIGN_AWS if self.owns_aws else ()))

    def _environment(self) -> dict[str, str]:
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
        environment = self._environment() | {
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
        """A random secret of this stack, made once and readable by its owner only."""
        path = self.home / "airflow" / f".{name}-secret"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()

    # -- up and down -------------------------------------------------------------------------------------------------

    def up(self) -> None:
        """Bring everything up that does not run yet; returns when all of it answers.

        Raises:
            StackError: a port is taken, or a process does not come up.
        """
        services = self._services()
        self._refuse_other_settings()
        for name in self.dead():
            self._say(f"{name} has died; its log is {self.processes.log_of(name)}")
        self._end_what_does_not_answer()
        if not self.processes.running(AIRFLOW_DB):
            self.processes.end(AIRFLOW)  # they end without their database, but not at once: `up` would wait for them
        for name in self.dead():
            self.processes.end_remains(name)
        self._refuse_taken_ports()
        self._close_folders()
        self.record.write(self.settings, self._api)
        try:
            for service in services:
                if not self.processes.running(service.name):
                    self._say(f"starting {service.name}")
                self.processes.start(service, self._environment())
            self._migrate_airflow(services[0])
            for service in self._airflow_services():
                if not self.processes.running(service.name):
                    self._say(f"starting {service.name}")
                self.processes.start(service, self.airflow_environment())
            for service in services:
                self.processes.wait_ready(service)
            self._provision()
            for service in self._airflow_services():
                self.processes.wait_ready(service)
        except (ProcessDied, AwsError, ClusterError, MigrationRefused, NoApiKey) as error:
            raise StackError(f"{error}\n'./boxoffice down' stops what did come up.") from error

    def down(self) -> int:
        """Stop everything; returns the number of processes that were stopped."""
        stopped = self.processes.stop_everything(last={AIRFLOW_DB: signal.SIGINT})  # PostgreSQL's fast shutdown
        self.database.remove_socket()
        return stopped

    def is_up(self) -> bool:
        """Whether every process of the stack runs."""
        return all(self.processes.running(name) for name in self.process_names())

    def dead(self) -> list[str]:
        """The processes that were started, not stopped, and yet do not run."""
        return [name for name in self.process_names() if self.processes.has_died(name)]

    def process_names(self) -> list[str]:
        """The processes that make up the stack under the present settings."""
        return [*([AWS] if self.owns_aws else []), *([SIMULATOR] if self.uses_simulator else []), AIRFLOW_DB, *AIRFLOW]

    def status(self) -> dict[str, Any]:
        """State of every process and every address, for people and programs."""
        processes = {}
        for name in self.process_names():
            process = self.processes.running(name)
            log = str(self.processes.log_of(name))
            processes[name] = {
                "state": "up" if process else "died" if self.processes.has_died(name) else "down",
                "pid": process.pid if process else None,
                "log": log,
            }
        urls = {"airflow": self.airflow_url, "aws": self.aws_url}
        if self.owns_aws:
            urls["warehouse"] = self.warehouse_url
        urls["discovery"] = self.simulator_url if self.uses_simulator else self.settings.ticketmaster_api_url
        return {"up": self.is_up(), "home": str(self.home), "processes": processes, "urls": urls}

    def wait_for_dag(self, dag_id: str, timeout: float = 60) -> None:
        """Wait until Airflow has read a DAG.

        Raises:
            StackError: there is no such DAG; the message lists those there are, and files that could not be read.
        """
        deadline = time.monotonic() + timeout
        while not self.airflow.has_dag(dag_id):
            known, broken = self.airflow.dags(), self.airflow.import_errors()
            # A DAG's file has its name. Airflow reads them one by one: that it knows some says nothing of the others.
            is_coming = (ROOT / "dags" / f"{dag_id}.py").is_file() and not any(dag_id in line for line in broken)
            if time.monotonic() > deadline or ((known or broken) and not is_coming):
                found = f"there is {', '.join(known) or 'none'}"
                raise StackError("\n  ".join([f"Airflow knows no DAG {dag_id!r}; {found}", *broken]))
            time.sleep(0.3)

    # -- parts -------------------------------------------------------------------------------------------------------

    def _services(self) -> list[Service]:
        services = [Service(AIRFLOW_DB, self.database.command, self.database.answers)]
        if self.owns_aws:
            services.append(Service(AWS, aws_command(self.settings), lambda: answers(f"{self.aws_url}/moto-api/")))
        if self.uses_simulator:
            services.append(Service(SIMULATOR, simulator_command(self.settings), lambda: answers(self.simulator_url)))
        return services

    def _airflow_services(self) -> list[Service]:
        airflow = [sys.executable, "-m", "airflow"]
        return [
            Service(AIRFLOW[0], [*airflow, "scheduler", *_NO_LOG_SERVER], self.airflow.is_ready),
            Service(AIRFLOW[1], [*airflow, "dag-processor"], self.airflow.is_ready),
            Service(AIRFLOW[2], [*airflow, "triggerer", *_NO_LOG_SERVER], self.airflow.is_ready),
            Service(AIRFLOW[3], [*airflow, "api-server"], self.airflow.is_ready),
        ]

    def _refuse_other_settings(self) -> None:
        """Refuse to mix: other settings than the running processes have, or another API's data in the same home."""
        if any(self.processes.running(name) for name in AIRFLOW) and not self.processes.was_started(AIRFLOW_DB):
            raise StackError("the stack runs Airflow on another database; './boxoffice down' first, then again")
        if self.processes.any_running() and (others := self.record.contradictions(self.settings)):
            raise StackError("\n".join([*others, "'./boxoffice down' first, then again"]))
        if self.record.api not in (None, self._api):
            raise StackError(
                f"{self.home} holds events of {self.record.api}, and now {self._api} is to be collected; set "
                "BOXOFFICE_HOME to another folder, or './boxoffice reset' to remove what is there"
            )

    def _close_folders(self) -> None:
        """Let nobody but the owner into the home, and into what an earlier version wrote there."""
        for name in DATA:
            private_folder(self.home / name)
        private_folder(self.home, with_contents=False)  # the environment in it is no data, and may be shared files

    @property
    def _api(self) -> str:
        return SIMULATED if self.uses_simulator else self.settings.ticketmaster_api_url

    def _refuse_taken_ports(self) -> None:
        settings = self.settings
        ports = {"airflow-api-server": ("BOXOFFICE_AIRFLOW_PORT", settings.airflow_port)}
        if self.owns_aws:
            ports[AWS] = ("BOXOFFICE_AWS_PORT", settings.aws_port)
        if self.uses_simulator:
            ports[SIMULATOR] = ("BOXOFFICE_SIMULATOR_PORT", settings.simulator_port)
        for name, (variable, port) in ports.items():
            if self._is_taken(port, name):
                raise StackError(f"port {port} of {name} is taken by another program; set {variable} to a free port")
        if self.owns_aws and self._is_taken(settings.warehouse_port, AWS):
            raise StackError(
                f"port {settings.warehouse_port} of the warehouse is taken by another program; "
                "set BOXOFFICE_WAREHOUSE_PORT to a free port"
            )

    def _is_taken(self, port: int, name: str) -> bool:
        """Whether another program has a service's port. What the service left behind, if it died, gets time to end."""
        deadline = time.monotonic() + (_LEAVE_SECONDS if self.processes.has_died(name) else 0)
        while _in_use(port) and not self.processes.running(name):
            if time.monotonic() >= deadline:
                return True
            time.sleep(0.1)
        return False

    def _migrate_airflow(self, database: Service) -> None:
        if old := set_sqlite_aside(self.home / "airflow"):
            self._say(f"Airflow's database is PostgreSQL now and starts empty; its history so far is kept in {old}")
        self.processes.wait_ready(database)
        if not self.processes.running(AIRFLOW[0]) and not self.database.is_migrated():
            self._say("migrating Airflow's database")
            self.database.migrate(self.airflow_environment(), self.processes.log_of("airflow-db-migrate"))

    def _end_what_does_not_answer(self) -> None:
        """End each service that runs and yet serves nothing: it is then started like one that has died."""
        from infra.stack import findings

        found = [finding for finding in findings.look(self) if finding.restart]
        for finding in found:
            self._say(f"{finding.service} {finding.problem}")
        self.processes.end({finding.service for finding in found})

    def _provision(self) -> None:
        from infra.stack import provisioning

        self.use_aws()
        provisioning.prepare(self.aws_url, self.settings, self._say, is_simulated=self.uses_simulator)
