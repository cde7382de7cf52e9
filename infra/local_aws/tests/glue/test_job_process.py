"""One run as a process group: its time limit, its output, its error message."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from infra.local_aws.glue.job_process import JobProcess, error_message


def start(source: str, tmp_path: Path, lines: list[tuple[str, str]]) -> JobProcess:
    log = tmp_path / "run.log"
    return JobProcess(
        [sys.executable, "-uc", source], {}, tmp_path, "jr_1", log, lambda stream, line: lines.append((stream, line))
    )


def test_output_is_followed_and_the_exit_code_returned(tmp_path: Path) -> None:
    lines: list[tuple[str, str]] = []
    process = start("import sys; print('a'); print('b', file=sys.stderr); sys.exit(4)", tmp_path, lines)
    assert process.wait(30) == 4
    assert sorted(lines) == [("error", "b"), ("output", "a")]
    assert sorted((tmp_path / "run.log").read_text().split()) == ["a", "b"]


def test_a_run_past_its_time_is_ended_with_its_children(tmp_path: Path) -> None:
    lines: list[tuple[str, str]] = []
    source = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print(child.pid); time.sleep(600)"
    )
    process = start(source, tmp_path, lines)
    deadline = time.monotonic() + 30
    while not lines and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.wait(0.1) is None
    child = int(lines[0][1])
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["Traceback (most recent call last):", '  File "a"', "ValueError: x: y"], "ValueError: x: y"),
        (["Traceback (most recent call last):", "  File", "KeyboardInterrupt"], "KeyboardInterrupt"),
        (
            ["Traceback (most recent call last):", "  File", "a.b.AnalysisException: [X] no"],
            "AnalysisException: [X] no",
        ),
        (
            [
                "Traceback (most recent call last):",
                "  File",
                "py4j.protocol.Py4JJavaError: An error occurred while calling o1.parquet.",
                ": org.apache.spark.SparkException: Job aborted",
                "\tat org.apache.spark.Some.method(Some.scala:1)",
                "Caused by: java.io.IOException: No space left on device",
                "\t... 30 more",
            ],
            "Py4JJavaError: An error occurred while calling o1.parquet. org.apache.spark.SparkException: Job aborted "
            "Caused by: java.io.IOException: No space left on device",
        ),
        (
            [
                "26/11/30 10:00:00 INFO SparkContext: Running",
                'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
                "\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)",
                "26/11/30 10:00:01 INFO ShutdownHookManager: Shutdown hook called",
            ],
            'Command failed with exit code 1: Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
        ),
        (["26/11/30 10:00:00 WARN Utils: noise"], "Command failed with exit code 1"),
        ([], "Command failed with exit code 1"),
    ],
)
def test_the_error_message_is_the_exception(lines: list[str], message: str) -> None:
    assert error_message(lines, 1) == message
