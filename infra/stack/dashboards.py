"""Superset, which shows the dashboards: its login to the warehouse, its preparation and its process.

All of its state is in `<home>/dashboards`. Its metadata are prepared once for a key, which covers the lock of its
environment, the dashboards, and the code that prepares them. A later start with the same key only starts the server.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import SecretStr

from aws_services.errors import AwsError
from infra.checkout import ROOT
from infra.local_aws.private import private_folder
from infra.local_aws.room import write_whole
from infra.stack import dashboards_user
from infra.stack.home import StackHome
from infra.stack.processes import MARKER, ProcessDied, Service
from infra.stack.services import AWS, DASHBOARDS, answers, in_use
from infra.superset import ADMINISTRATOR, STEP, VIEWER
from settings import Settings

ASSETS = ROOT / "dashboards" / "superset" / "assets"
LOCK = ROOT / "requirements-superset.txt"
COMMAND = "./boxoffice dashboards"

_START_SECONDS = 300.0
_THREADS = 8
_FOREIGN = ("SUPERSET_", "FLASK_", "AWS_")
"""Variables that would change Superset's configuration, or that it doesn't need."""
_CODE = ROOT / "infra" / "superset"


class DashboardsError(RuntimeError):
    """The dashboards can't be shown. The message has the reason and the remedy."""


class Dashboards:
    """Superset in the home of a stack.

    Args:
        stack: the stack, whose warehouse must be up unless the settings name another.
        say: prints a line.
        assets: the folder of assets in Superset's format.
    """

    def __init__(self, stack: StackHome, say: Callable[[str], None] = print, assets: Path = ASSETS) -> None:
        self._stack = stack
        self._say = say
        self._assets = assets
        self.folder = stack.home / "dashboards"
        self.python = stack.home / "venv-superset" / "bin" / "python"
        self.passwords = self.folder / "passwords.json"
        self._metadata = self.folder / "metadata.db"
        self._key = self.folder / "key"
        self._passfile = self.folder / "warehouse.pgpass"

    # -- start and stop ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start Superset, or start it again if its dashboards or its settings have changed. Waits until it answers.

        Raises:
            DashboardsError: the warehouse is down, the port is taken, or Superset doesn't start.
        """
        self._require_environment()
        self._require_warehouse()
        private_folder(self.folder)
        self._make_secrets()
        is_prepared = self.is_prepared()
        if self._runs_as_it_should() and is_prepared:
            return
        self._stack.processes.stop(DASHBOARDS)
        port = self._stack.settings.dashboards_port
        if in_use(port):
            variable = Settings.variable("dashboards_port")
            raise DashboardsError(f"port {port} is taken by another program; set {variable} to a free port")
        self._stack.record.write_settings(self._stack.settings)
        if self._uses_local_warehouse:
            self._create_user()
        if not is_prepared:
            self._prepare()
        self._serve()

    def stop(self) -> bool:
        """Stop Superset. Returns whether it ran."""
        return self._stack.processes.stop(DASHBOARDS)

    def is_prepared(self) -> bool:
        """Whether the metadata are those of the current environment, dashboards and code."""
        return self._metadata.exists() and self._key.exists() and self._key.read_text("utf-8") == self.key()

    def key(self) -> str:
        """A digest of everything that the metadata depend on."""
        digest = hashlib.sha256()
        for path in (LOCK, *sorted(_CODE.glob("*.py")), *sorted(self._assets.rglob("*.yaml"))):
            digest.update(f"{path.name}\0{path.read_text('utf-8')}\0".encode())
        return digest.hexdigest()

    # -- requirements ------------------------------------------------------------------------------------------------

    def _require_environment(self) -> None:
        if not self.python.exists():
            raise DashboardsError(f"Superset is not installed; '{COMMAND}' installs it")
        if not (self._assets / "metadata.yaml").is_file():
            raise DashboardsError(f"there are no dashboards in {self._assets}")

    def _require_warehouse(self) -> None:
        if not self._uses_local_warehouse:
            return
        variable = Settings.variable("dashboards_warehouse")
        if not self._stack.owns_aws:
            raise DashboardsError(f"the warehouse is not the stack's own; set {variable} to its URL")
        if not self._stack.processes.running(AWS):
            raise DashboardsError(
                f"the stack of {self._stack.home} is not up; './boxoffice up' starts it, './boxoffice run' also loads "
                f"data. To read the warehouse of an account, set {variable}"
            )

    @property
    def _uses_local_warehouse(self) -> bool:
        return self._stack.settings.dashboards_warehouse is None

    def _runs_as_it_should(self) -> bool:
        """Whether Superset runs, at the port and with the warehouse of the settings."""
        process = self._stack.processes.running(DASHBOARDS)
        if process is None or not answers(f"{self._stack.dashboards_url}/health"):
            return False
        return all(process.environ().get(name) == value for name, value in self._own_environment().items())

    # -- secrets -----------------------------------------------------------------------------------------------------

    def _make_secrets(self) -> None:
        """Create the home's secrets, each once, in files that only their owner can read."""
        if not (self.folder / "secret-key").exists():
            write_whole(self.folder / "secret-key", secrets.token_hex(32).encode())
        if not self.passwords.exists():
            passwords = {user: dashboards_user.password() for user in (VIEWER, ADMINISTRATOR)}
            write_whole(self.passwords, (json.dumps(passwords, indent=2) + "\n").encode())

    def _create_user(self) -> None:
        self._stack.use_aws()
        try:
            dashboards_user.create(self._stack.settings.warehouse_port, self._passfile)
        except AwsError as error:
            raise DashboardsError(f"the warehouse has no user for the dashboards: {error}") from error

    # -- Superset's programs -----------------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """The environment of Superset's programs."""
        inherited = {name: value for name, value in self._stack.environment().items() if not name.startswith(_FOREIGN)}
        return inherited | self._own_environment()

    def _own_environment(self) -> dict[str, str]:
        return {
            "BOXOFFICE_SUPERSET_FOLDER": str(self.folder),
            "BOXOFFICE_SUPERSET_METADATA": str(self._metadata),
            "BOXOFFICE_SUPERSET_WAREHOUSE": self._warehouse_url().get_secret_value(),
            "BOXOFFICE_ALLOWED_HOSTS": ",".join(self._stack.settings.host_names),
            "BOXOFFICE_DASHBOARDS_PORT": str(self._stack.settings.dashboards_port),
            "SUPERSET_CONFIG_PATH": str(_CODE / "config.py"),
            "SUPERSET_HOME": str(self.folder),
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }

    def _warehouse_url(self) -> SecretStr:
        """The URL that Superset connects to. That of the local warehouse has the path of a password file only."""
        if self._stack.settings.dashboards_warehouse:
            return self._stack.settings.dashboards_warehouse
        authority = self._stack.home / "aws" / "warehouse-ca.pem"
        return SecretStr(dashboards_user.url(self._stack.settings.warehouse_port, self._passfile, authority))

    def _prepare(self) -> None:
        """Prepare the metadata in a copy, so that an interruption leaves the old ones as they are."""
        self._say("preparing Superset (once; less than a minute)")
        part = self.folder / "metadata.part.db"
        part.unlink(missing_ok=True)
        if self._metadata.exists():
            shutil.copy(self._metadata, part)
        key = self.key()
        log = self._stack.processes.log_of(f"{DASHBOARDS}-preparation")
        log.parent.mkdir(parents=True, exist_ok=True)
        environment = self.environment() | {"BOXOFFICE_SUPERSET_METADATA": str(part)}
        command = [self.python, "-m", "infra.superset.preparation", self._assets, self.passwords]
        with (
            log.open("ab") as errors,
            subprocess.Popen(
                list(map(str, command)),
                env={**environment, MARKER: str(self._stack.home)},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                umask=0o077,
                cwd=self.folder,
            ) as process,
        ):
            for step in _steps(process):
                self._say(f"  {step} …")
        if process.returncode:
            raise DashboardsError(f"Superset could not be prepared{_last_line(log)}; its log is {log}")
        part.replace(self._metadata)
        write_whole(self._key, key.encode())

    def _serve(self) -> None:
        service = Service(
            DASHBOARDS, self._command(), lambda: answers(f"{self._stack.dashboards_url}/health"), _START_SECONDS
        )
        self._say(f"starting {DASHBOARDS}")
        self._stack.processes.start(service, self.environment())
        try:
            self._stack.processes.wait_ready(service)
        except ProcessDied as error:
            raise DashboardsError(str(error)) from error

    def _command(self) -> list[str]:
        options: dict[str, object] = {
            "bind": f"127.0.0.1:{self._stack.settings.dashboards_port}",
            "workers": 1,
            "worker-class": "gthread",
            "threads": _THREADS,
            "timeout": 2 * dashboards_user.STATEMENT_SECONDS,
            "graceful-timeout": 3,
            "umask": 0o077,
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return [str(self.python), "-m", "gunicorn", *arguments, "--no-control-socket", "superset.app:create_app()"]


def _steps(process: subprocess.Popen[str]) -> Iterator[str]:
    for line in process.stdout or ():
        if line.startswith(STEP):
            yield line.removeprefix(STEP).strip()


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return f" ({lines[-1].strip()})" if lines else ""
