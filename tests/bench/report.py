"""Reports findings: as a table while the programs run, and as the page `docs/benchmarks.md`."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.harness import COLUMNS, Finding

_LIBRARIES = (
    "pydantic",
    "pydantic-core",
    "pyarrow",
    "msgspec",
    "boto3",
    "moto",
    "pyspark",
    "sqlglot",
    "apache-airflow",
)


@dataclass(slots=True)
class Section:
    """What one program found.

    Attributes:
        name: the program's.
        about: its docstring: what is compared with what.
        findings: in order.
        failure: why it ended early, or None.
        seconds: how long it ran.
    """

    name: str
    about: str
    findings: list[Finding] = field(default_factory=list)
    failure: str | None = None
    seconds: float = 0.0


def markdown(sections: Iterable[Section], command: str, at: datetime, *, quick: bool) -> str:
    """The page: the machine, then a table for each program.

    Args:
        sections: what was found.
        command: with which it was found.
        at: when it was found, UTC.
        quick: whether smaller sizes were measured than the targets are for.
    """
    parts = [
        "# Benchmarks",
        f"`{command}` on {at:%Y-%m-%d %H:%M} UTC. Medians, with the least and the most of the rounds; a ratio is the "
        "median of ours over the median of theirs, measured in turns within the same run."
        + (" **Quick sizes: the targets are not meant for them.**" if quick else ""),
        "\n".join(f"- {name}: {description}" for name, description in machine().items()),
    ]
    for section in sections:
        title, _, rest = section.about.partition("\n")
        parts += [f"## {section.name}: {title.rstrip('.')}", rest.strip(), table(section.findings)]
        parts.append(f"Failed: {section.failure}" if section.failure else "")
    return "\n\n".join(part for part in parts if part) + "\n"


def table(findings: Sequence[Finding]) -> str:
    """Findings as a Markdown table; columns that nothing is in are left out."""
    rows = [COLUMNS, *(finding.cells() for finding in findings)]
    used = [n for n in range(len(COLUMNS)) if n == 0 or any(row[n] for row in rows[1:])]
    lines = ["| " + " | ".join(row[n] for n in used) + " |" for row in rows]
    rule = "|" + "|".join("---" if n == 0 else "---:" for n in used) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def machine() -> dict[str, str]:
    """The machine that the programs ran on, and the versions of its software."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "machine": f"{_cpu()}, {cores} cores, {memory:.0f} GB of memory",
        "system": f"{_system()}, Python {platform.python_version()}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, kernel {platform.release()}"
