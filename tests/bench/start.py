"""Starting the local AWS, compared with plain moto of the same version: seconds to the first answer, memory when idle.

Each start has a state directory of its own, and the first answer is S3's list of buckets. Idle is the server with its
warehouse and the project's resources, before anybody calls it; PostgreSQL is a process of its own and not counted.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from tests.bench.harness import Comparison, Figure, Options, compare

_ROOT = Path(__file__).resolve().parents[2]
_SIGNED = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
_START_SECONDS = 120


def measure(options: Options) -> Iterator[Comparison | Figure]:
    """Compare with moto's own server."""
    yield compare("a start until S3 answers", _ours, _motos, against="moto", rounds=options.rounds)
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder:
        ready = Path(folder) / "ready.json"
        command = ["infra.local_aws", "--state-dir", f"{folder}/state", "--provision", "--ready-file", str(ready)]
        with _running(*command) as (process, _url):
            _wait_until(ready.exists)
            used = process.cpu_times()
            yield Figure("processor time of a start with all", used.user + used.system, "s", at_most=3)
            yield Figure("memory of the idle server", process.memory_info().rss / 1e6, "MB", at_most=120)


def _ours() -> float:
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder:
        return _seconds("infra.local_aws", "--state-dir", folder)


def _motos() -> float:
    return _seconds("moto.server", "--host", "127.0.0.1")


def _seconds(*command: str) -> float:
    """How long a server takes from its process's start to its first answer."""
    began = time.perf_counter()
    with _running(*command) as (_process, url):
        _wait_until(lambda: _answers(url))
        return time.perf_counter() - began


@contextmanager
def _running(*command: str) -> Iterator[tuple[psutil.Popen, str]]:
    """The process of a module that is a server, and the URL where it will answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    whole = [sys.executable, "-m", *command, "--port", str(port)]
    process = psutil.Popen(whole, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, headers={"Authorization": _SIGNED}, timeout=60).ok
    except requests.ConnectionError:
        return False


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer within {_START_SECONDS} s")
        time.sleep(0.01)
