"""The services of a stack: their names, the commands for those that are ours, and the check whether one answers."""

from __future__ import annotations

import math
import socket
import sys

import requests

from aws_services import resources
from settings import Settings

AWS = "local-aws"
SIMULATOR = "simulator"
AIRFLOW_DB = "airflow-db"
AIRFLOW = ("airflow-scheduler", "airflow-dag-processor", "airflow-triggerer", "airflow-api-server")
DASHBOARDS = "dashboards"
"""Superset. The stack works without it: `up` starts it only after it has died."""
SIMULATOR_KEY = "simulated-key"
"""The key that the simulator accepts by default."""

PARALLELISM = 4
"""The number of tasks that run at the same time, and of workers in Airflow's executor."""


class NoApiKey(RuntimeError):
    """The stack uses the real API but has no key for it. The message has the remedy."""


def answers(url: str) -> bool:
    """Whether a server answers at a URL, without a proxy."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy's answer is not the server's
        try:
            return bool(session.get(url, timeout=2).status_code < requests.codes.server_error)
        except requests.RequestException:
            return False


def in_use(port: int) -> bool:
    """Whether a program listens on a port of the loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def aws_command(settings: Settings) -> list[str]:
    """The command that runs the local AWS, with its state below the settings' home."""
    home = settings.home.resolve()
    arguments = ["--port", settings.aws_port, "--state-dir", home / "aws", "--messages-dir", home / "alerts"]
    arguments += ["--warehouse-port", settings.warehouse_port, "--workgroup", resources.WORKGROUP]
    arguments += _allowed_hosts(settings)
    return [sys.executable, "-m", "infra.local_aws", *map(str, arguments)]


def simulator_command(settings: Settings) -> list[str]:
    """The command that runs the Discovery API's simulator, with the API limits from the settings."""
    arguments = ["--port", settings.simulator_port, "--events", settings.simulated_events]
    arguments += ["--quota", settings.ticketmaster_daily_quota]
    arguments += ["--rate", math.ceil(settings.ticketmaster_requests_per_second)]
    arguments += ["--date", settings.today] if settings.today else []
    arguments += _allowed_hosts(settings)
    return [sys.executable, "-m", "infra.simulators.discovery", *map(str, arguments)]


def _allowed_hosts(settings: Settings) -> list[str]:
    return [f"--allow-host={name}" for name in settings.host_names]
