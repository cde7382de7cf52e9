"""The services of a stack: their names, the commands that start our own, and whether one answers."""

from __future__ import annotations

import math
import sys

import requests

from aws_services import resources
from settings import Settings

AWS = "local-aws"
SIMULATOR = "simulator"
AIRFLOW_DB = "airflow-db"
AIRFLOW = ("airflow-scheduler", "airflow-dag-processor", "airflow-triggerer", "airflow-api-server")
SIMULATOR_KEY = "simulated-key"
"""The key that the simulator accepts unless told otherwise."""

PARALLELISM = 4
"""Tasks that work at once, which is how many workers Airflow's executor has."""


class NoApiKey(RuntimeError):
    """The real API is to be read, and there is no key for it; the message says what to do."""


def answers(url: str) -> bool:
    """Whether a server answers at a URL, asked without any proxy."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy's answer is not the server's
        try:
            return bool(session.get(url, timeout=2).status_code < requests.codes.server_error)
        except requests.RequestException:
            return False


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
