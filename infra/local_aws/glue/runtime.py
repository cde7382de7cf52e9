"""What Glue jobs run on: this process's Python and its Spark, or another version of them."""

import importlib.machinery
import importlib.metadata
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Runtime:
    """A Python with its installed modules, including Spark. This process doesn't import any of them.

    Attributes:
        python: the interpreter.
        path: the interpreter's module search path.
    """

    python: Path
    path: tuple[str, ...]

    @classmethod
    def own(cls) -> "Runtime":
        """The Python that this process runs on."""
        return cls(Path(sys.executable), tuple(sys.path))

    @classmethod
    def of(cls, python: Path) -> "Runtime":
        """Another Python, possibly of another version.

        Raises:
            RuntimeError: it does not run.
        """
        command = [str(python), "-I", "-c", "import json, sys; print(json.dumps(sys.path))"]
        try:
            result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        except (OSError, subprocess.SubprocessError) as error:
            details = f": {error.stderr.strip()}" if isinstance(error, subprocess.CalledProcessError) else ""
            raise RuntimeError(f"{python} is no Python that runs: {error}{details}") from error
        return cls(
            python.absolute(), tuple(json.loads(result.stdout))
        )  # not resolved, which would leave its environment

    def spark_home(self) -> Path:
        """The folder of the installed pyspark wheel. Raises RuntimeError if it isn't installed."""
        spec = importlib.machinery.PathFinder.find_spec("pyspark", list(self.path))
        if spec is None or spec.origin is None:
            raise RuntimeError(f"pyspark is not installed for {self.python}: Glue jobs of type glueetl cannot run")
        return Path(spec.origin).parent

    def version_of(self, module: str) -> str | None:
        """The version of a module by its pip name, or None if it isn't installed."""
        distributions = importlib.metadata.distributions(name=module, path=list(self.path))
        return next((distribution.version for distribution in distributions), None)
