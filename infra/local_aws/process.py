"""A running local AWS as a Python object that you can start and stop. For tests and launchers.

It is a separate process because moto's state and patches are global: a test with `mock_aws` in the same process would
delete the server's resources.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .private import private_folder

_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_PACKAGE = __name__.rpartition(".")[0]
_PARENT = Path(__file__).resolve().parents[_PACKAGE.count(".") + 1]
"""The folder that the package is imported from."""


class LocalAwsError(RuntimeError):
    """The local AWS did not start. The message contains the end of its log."""


class LocalAws:
    """Starts a server, as `python -m infra.local_aws` does, and stops it.

    Args:
        state_dir: contains all state; a new server on the same directory continues with it.
        port: 0 for a free one.
        warehouse_port: the port of the Redshift stand-in for Redshift's clients; 0 for a free one.
        warehouse: False leaves out the Redshift stand-in (starts a second faster, without redshift-data).
        hosts: names that clients may use for it, besides those of the loopback.
        workgroup: the only workgroup of Redshift Serverless; None accepts any name.
        glue_pythons: the Python, with its pyspark, for Glue jobs of each GlueVersion; others run on this one.
    """

    def __init__(
        self,
        state_dir: Path,
        port: int = 0,
        *,
        warehouse_port: int = 0,
        warehouse: bool = True,
        hosts: Iterable[str] = (),
        workgroup: str | None = None,
        glue_pythons: Mapping[str, Path] | None = None,
    ) -> None:
        self.state_dir = state_dir
        self.workgroup = workgroup
        self._hosts = tuple(hosts)
        self._glue_pythons = glue_pythons or {}
        self._port = port
        self._warehouse_port = warehouse_port
        self._warehouse = warehouse
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """The endpoint of every service, for `AWS_ENDPOINT_URL`."""
        return str(self._ready["url"])

    @property
    def warehouse_dsn(self) -> str:
        """The libpq URL of the Redshift stand-in, which speaks Redshift's SQL."""
        return str(self._ready["warehouse_dsn"])

    @property
    def postgresql_dsn(self) -> str:
        """The libpq URL of the PostgreSQL behind it, for the administrator."""
        return str(self._ready["postgresql_dsn"])

    @property
    def pid(self) -> int:
        """The server's process id."""
        return int(self._ready["pid"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that make boto3 use this server."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self) -> Self:
        """Starts the server and waits until it responds.

        Raises:
            LocalAwsError: it ended, or was not ready within two minutes.
        """
        log = private_folder(self.state_dir) / "server.log"
        log.touch(mode=0o600)
        with tempfile.TemporaryDirectory() as folder:
            ready_file = Path(folder) / "ready.json"
            with log.open("ab") as output:
                self._process = subprocess.Popen(
                    self._command(ready_file),
                    cwd=_PARENT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            deadline = time.monotonic() + _START_SECONDS
            while not ready_file.exists():
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    raise LocalAwsError(f"the local AWS did not start; end of {log}:\n{log.read_text()[-3000:]}")
                time.sleep(0.02)
            self._ready = json.loads(ready_file.read_text())
        return self

    def _command(self, ready_file: Path) -> list[str]:
        command = [sys.executable, "-m", _PACKAGE, "--port", str(self._port)]
        command += ["--state-dir", str(self.state_dir), "--ready-file", str(ready_file)]
        command += ["--warehouse-port", str(self._warehouse_port)] if self._warehouse else ["--no-warehouse"]
        command += ["--workgroup", self.workgroup] if self.workgroup else []
        command += [f"--allow-host={name}" for name in self._hosts]
        for version, python in self._glue_pythons.items():
            command += ["--glue-python", f"{version}={python}"]
        return command

    def stop(self) -> None:
        """Stops the server and its children (SIGTERM, then SIGKILL after half a minute)."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kills only the server, as a crash would: its children stay until the next start."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
