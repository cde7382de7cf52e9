"""The package works alone: copied into an empty folder, where nothing of this repository can be imported."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import requests

PACKAGE = Path(__file__).resolve().parents[1]
DEPENDENCY = PACKAGE.parents[1] / "same_origin.py"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def copied(folder: Path) -> Path:
    shutil.copytree(PACKAGE, folder / "simulators", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    shutil.copy(DEPENDENCY, folder)
    return folder


def test_a_copy_of_the_package_serves_the_discovery_api(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulators.discovery", "--events", "60", "--date", "2026-03-02"]
    server = subprocess.Popen(
        command, cwd=copied(tmp_path), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().rpartition(" ")[2].strip()
        answer = requests.get(f"{url}/events", {"apikey": "simulated-key", "size": 5}, timeout=30)
        assert len(answer.json()["_embedded"]["events"]) == 5
    finally:
        server.terminate()
        _, problem = server.communicate(timeout=30)
    assert server.returncode == 0, problem


def test_a_copy_of_the_package_writes_the_files_of_tickit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulators.tickit", "--to", "files", "--scale", "0.01"]
    subprocess.run(command, cwd=copied(tmp_path), env=ENVIRONMENT, check=True, capture_output=True)
    assert len(list((tmp_path / "files").iterdir())) == 7
