"""Brings the local stack up in order (local AWS, Discovery API simulator, Airflow) and takes all of it down."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from aws_services.errors import AwsError
from infra.checkout import ROOT
from infra.local_aws.postgresql.cluster import ClusterError
from infra.local_aws.private import private_folder
from infra.stack import findings
from infra.stack.airflow_database import set_sqlite_aside
from infra.stack.dashboards import Dashboards, DashboardsError
from infra.stack.home import StackHome
from infra.stack.processes import ProcessDied, Service
from infra.stack.removal import DATA
from infra.stack.services import (
    AIRFLOW,
    AIRFLOW_DB,
    AWS,
    DASHBOARDS,
    SIMULATOR,
    NoApiKey,
    answers,
    aws_command,
    in_use,
    simulator_command,
)
from settings import Settings
from warehouse.migrate import MigrationRefused

_NO_LOG_SERVER = ["--skip-serve-logs"]
"""Airflow's log servers listen on every network interface, and the API server reads the same files itself."""
_LEAVE_SECONDS = 15.0  # the warehouse of a killed local AWS ends by itself


class StackError(RuntimeError):
    """The stack can't be brought up. The message has the reason and the remedy."""


class Stack(StackHome):
    """A local stack that can be brought up and taken down.

    Args:
        settings: as in `StackHome`.
        say: prints a line.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None] = print) -> None:
        super().__init__(settings)
        self._say = say

    # -- up and down -------------------------------------------------------------------------------------------------

    def up(self) -> None:
        """Start every process that doesn't run yet, and wait until all of them answer.

        Raises:
            StackError: a port is taken, or a process doesn't come up.
        """
        services = self._services()
        self._refuse_other_settings()
        for name in self.dead():
            self._say(f"{name} has died; its log is {self.processes.log_of(name)}")
        self._end_broken_services()
        if not self.processes.running(AIRFLOW_DB):
            self.processes.end(AIRFLOW)  # without their database they end, but so slowly that `up` would wait for them
        for name in self.dead():
            self.processes.end_remains(name)
        self._refuse_taken_ports()
        self._close_folders()
        self.record.write(self.settings, self.api)
        try:
            for service in services:
                if not self.processes.running(service.name):
                    self._say(f"starting {service.name}")
                self.processes.start(service, self.environment())
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
            self._restart_dashboards()
        except (ProcessDied, AwsError, ClusterError, MigrationRefused, NoApiKey) as error:
            raise StackError(f"{error}\n'./boxoffice down' stops the processes that did start.") from error

    def down(self) -> int:
        """Stop the whole stack. Returns the number of processes that were stopped."""
        stopped = self.processes.stop_everything(last={AIRFLOW_DB: signal.SIGINT})  # PostgreSQL's fast shutdown
        self.database.remove_socket()
        return stopped

    def is_up(self) -> bool:
        """Whether every process of the stack runs."""
        return all(self.processes.running(name) for name in self.process_names())

    def dead(self) -> list[str]:
        """The processes that were started and not stopped, but don't run."""
        return [name for name in (*self.process_names(), DASHBOARDS) if self.processes.has_died(name)]

    def status(self) -> dict[str, Any]:
        """The state of every process and all addresses, for people and programs."""
        processes = {}
        shows_dashboards = self.processes.was_started(DASHBOARDS)
        for name in (*self.process_names(), *([DASHBOARDS] if shows_dashboards else [])):
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
        if shows_dashboards:
            urls["dashboards"] = self.dashboards_url
        urls["discovery"] = self.simulator_url if self.uses_simulator else self.settings.ticketmaster_api_url
        return {"up": self.is_up(), "home": str(self.home), "processes": processes, "urls": urls}

    def wait_for_dag(self, dag_id: str, timeout: float = 60) -> None:
        """Wait until Airflow has read a DAG.

        Raises:
            StackError: there is no such DAG. The message lists the DAGs that exist, and files that can't be read.
        """
        deadline = time.monotonic() + timeout
        while not self.airflow.has_dag(dag_id):
            known = self.airflow.dags()
            broken = self.airflow.import_errors()
            # A DAG's file has the DAG's name. Airflow reads the files one by one, so this one may still be unread.
            is_coming = (ROOT / "dags" / f"{dag_id}.py").is_file() and not any(dag_id in line for line in broken)
            if time.monotonic() > deadline or ((known or broken) and not is_coming):
                alternatives = f"there is {', '.join(known) or 'none'}"
                raise StackError("\n  ".join([f"Airflow knows no DAG {dag_id!r}; {alternatives}", *broken]))
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
        """Refuse settings that contradict the running processes, and data of two APIs in one home."""
        if any(self.processes.running(name) for name in AIRFLOW) and not self.processes.was_started(AIRFLOW_DB):
            raise StackError("the stack runs Airflow on another database; run './boxoffice down' first, then try again")
        if self.processes.any_running() and (contradictions := self.record.contradictions(self.settings)):
            raise StackError("\n".join([*contradictions, "run './boxoffice down' first, then try again"]))
        if self.record.api not in (None, self.api):
            raise StackError(
                f"{self.home} has events of {self.record.api}, but the API is now {self.api}; set BOXOFFICE_HOME to "
                "another folder, or run './boxoffice reset' to remove these events"
            )

    def _close_folders(self) -> None:
        """Make the home private to its owner, including files that an earlier version wrote there."""
        for name in DATA:
            private_folder(self.home / name)
        private_folder(self.home, with_contents=False)  # its virtual environments aren't private and may share files

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
        """Whether another program uses a service's port. The remains of a dead service get some time to end."""
        deadline = time.monotonic() + (_LEAVE_SECONDS if self.processes.has_died(name) else 0)
        while in_use(port) and not self.processes.running(name):
            if time.monotonic() >= deadline:
                return True
            time.sleep(0.1)
        return False

    def _restart_dashboards(self) -> None:
        """Start Superset again after it has died. The stack is up without it, so a failure is only printed."""
        if self.processes.has_died(DASHBOARDS):
            try:
                Dashboards(self, self._say).start()
            except DashboardsError as error:
                self._say(f"{DASHBOARDS} did not start: {error}")

    def _migrate_airflow(self, database: Service) -> None:
        if old := set_sqlite_aside(self.home / "airflow"):
            self._say(f"Airflow now uses PostgreSQL and starts with no history; the old history is kept in {old}")
        self.processes.wait_ready(database)
        if not self.processes.running(AIRFLOW[0]) and not self.database.is_migrated():
            self._say("migrating Airflow's database")
            self.database.migrate(self.airflow_environment(), self.processes.log_of("airflow-db-migrate"))

    def _end_broken_services(self) -> None:
        """End each service that runs but doesn't work, so that `up` starts it again like a dead one."""
        broken = [finding for finding in findings.look(self) if finding.restart]
        for finding in broken:
            self._say(f"{finding.service} {finding.problem}")
        self.processes.end({finding.service for finding in broken})

    def _provision(self) -> None:
        from infra.stack import provisioning  # its libraries load slowly, and most commands don't need them

        self.use_aws()
        provisioning.prepare(self.aws_url, self.settings, self._say, is_simulated=self.uses_simulator)
