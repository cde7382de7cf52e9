"""What Glue jobs run on: this process's Python and its Spark, or others, as another version of Glue has them."""

import importlib.machinery
import importlib.metadata
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Runtime:
    """What jobs run on: a Python, and what is installed for it, Spark among it. Nothing of it is imported here.

    Attributes:
        python: the interpreter.
        path: where it finds its modules.
    """

    python: Path
    path: tuple[str, ...]

    @classmethod
    def own(cls) -> "Runtime":
        """The Python that this process runs on."""
        return cls(Path(sys.executable), tuple(sys.path))

    @classmethod
    def of(cls, python: Path) -> "Runtime":
        """Another Python, of another version perhaps.

        Raises:
            RuntimeError: it does not run.
        """
        command = [str(python), "-I", "-c", "import json, sys; print(json.dumps(sys.path))"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        except (OSError, subprocess.SubprocessError) as error:
            said = f": {error.stderr.strip()}" if isinstance(error, subprocess.CalledProcessError) else ""
            raise RuntimeError(f"{python} is no Python that runs: {error}{said}") from error
        return cls(python.absolute(), tuple(json.loads(done.stdout)))  # resolved, it would leave its environment

    def spark_home(self) -> Path:
        """Where the pyspark wheel is installed. Raises RuntimeError when it is not."""
        spec = importlib.machinery.PathFinder.find_spec("pyspark", list(self.path))
        if spec is None or spec.origin is None:
            raise RuntimeError(f"pyspark is not installed for {self.python}: Glue jobs of type glueetl cannot run")
        return Path(spec.origin).parent

    def version_of(self, module: str) -> str | None:
        """The version of a module as pip names it, or None when it is not installed."""
        found = importlib.metadata.distributions(name=module, path=list(self.path))
        return next((distribution.version for distribution in found), None)
