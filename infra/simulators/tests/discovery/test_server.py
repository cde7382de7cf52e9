"""The running server: over a socket, its controls, its command line, and the seam for faults."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from flask import Request, Response

from infra.simulators.discovery import Limits
from infra.simulators.pytest_plugin import DiscoverySimulatorFactory

ROOT = Path(__file__).resolve().parents[4]


def test_over_a_socket(discovery_simulator: DiscoverySimulatorFactory) -> None:
    simulator = discovery_simulator(events=300)
    answer = requests.get(f"{simulator.url}/events.json", {"apikey": simulator.api_key, "size": 100}, timeout=30)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in answer.headers
    assert len(answer.json()["_embedded"]["events"]) == 100


def test_unknown_parameters_are_repeated_headers(discovery_simulator: DiscoverySimulatorFactory) -> None:
    simulator = discovery_simulator()
    params = {"apikey": simulator.api_key, "size": 1, "format": "json", "limit": 3}
    with requests.get(f"{simulator.url}/events", params, timeout=30, stream=True) as answer:
        assert answer.raw.headers.getlist("X-Unknown-Params") == ["format", "limit"]


def test_the_ledger_counts_and_never_holds_the_key(discovery_simulator: DiscoverySimulatorFactory) -> None:
    simulator = discovery_simulator(limits=Limits(per_second=4), api_key="s3cret-key")
    params = {"apikey": "s3cret-key", "size": 1}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{simulator.url}/events", params, timeout=30), range(12)))
    assert len(simulator.requests) == 12
    refused = sum(answer.status_code == 429 for answer in answers)
    assert simulator.requests.by_status() == {200: 12 - refused, 429: refused}
    assert simulator.requests.busiest_second(served_only=True) <= 4
    counted = requests.get(f"{simulator.origin}/__simulator/requests", {"last": 5}, timeout=30)
    assert "s3cret-key" not in counted.text
    body = counted.json()
    assert body["total"] == 12
    assert len(body["log"]) == 5
    if refused:
        assert body["by_error"] == {"policies.ratelimit.SpikeArrestViolation": refused}
    requests.post(f"{simulator.origin}/__simulator/reset", timeout=30)
    assert len(simulator.requests) == 0


def test_the_clock_turns_the_world(discovery_simulator: DiscoverySimulatorFactory) -> None:
    simulator = discovery_simulator()
    controls = f"{simulator.origin}/__simulator"
    before = simulator.expected()
    answer = requests.put(f"{controls}/clock", json={"now": "2026-03-09T02:00:00Z"}, timeout=30)
    assert answer.json() == {"now": "2026-03-09T02:00:00Z", "stands_still": True}
    after = simulator.expected()
    assert after.events != before.events
    expectation = requests.get(f"{controls}/expected", timeout=60).json()
    assert set(expectation["dated"]) == after.dated
    assert expectation["counts"]["events"] == len(after.events)
    days = {"countries": "US", "start": "2026-03-10T00:00:00Z", "end": "2026-03-12T00:00:00Z"}
    assert 0 < len(requests.get(f"{controls}/expected", days, timeout=60).json()["dated"]) < 80
    assert requests.put(f"{controls}/clock", json={"now": "noon"}, timeout=30).status_code == 400
    assert requests.put(f"{controls}/clock", json={"now": "2026-03-09T02:00:00"}, timeout=30).status_code == 400
    assert requests.put(f"{controls}/clock", json={"now": None}, timeout=30).json()["stands_still"] is False
    assert abs((simulator.clock.now() - datetime.now(UTC)).total_seconds()) < 60


def test_a_fault_can_be_put_before_and_after(discovery_simulator: DiscoverySimulatorFactory) -> None:
    simulator = discovery_simulator()
    params = {"apikey": simulator.api_key}

    def gateway_down(request: Request) -> Response | None:
        return Response("<html>Bad Gateway</html>", status=502) if request.path.endswith("/venues") else None

    def teapot(request: Request, response: Response) -> Response:
        response.headers["X-Teapot"] = request.path
        return response

    simulator.interceptors.before.append(gateway_down)
    simulator.interceptors.after.append(teapot)
    assert requests.get(f"{simulator.url}/venues", params, timeout=30).status_code == 502
    served = requests.get(f"{simulator.url}/classifications", params, timeout=30)
    assert served.status_code == 200
    assert served.headers["X-Teapot"] == "/discovery/v2/classifications"
    assert simulator.requests.by_status() == {502: 1, 200: 1}


def run(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "infra.simulators.discovery", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    process = run("--events", "60", "--date", "2026-03-02", "--api-key", "k", "--ready-file", str(ready))
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("discovery simulator ready at http://127.0.0.1:"), line
        url = ready.read_text()
        assert url in line
        answer = requests.get(f"{url}/events", {"apikey": "k", "size": 5}, timeout=30)
        assert len(answer.json()["_embedded"]["events"]) == 5
        clock = requests.get(url.replace("/discovery/v2", "/__simulator/clock"), timeout=30).json()
        assert clock["now"] == "2026-03-02T00:00:00Z"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert not ready.exists()
    finally:
        process.kill()
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--events", "0"], "events must be positive"),
        (["--records", "nowhere.json"], "nowhere.json"),
        (["--date", "x"], "--date"),
        (["--faults", '{"tornado": {}}'], "no fault 'tornado'"),
    ],
)
def test_a_wrong_command_says_why(arguments: list[str], says: str) -> None:
    process = run(*arguments)
    _, problem = process.communicate(timeout=60)
    assert process.returncode == 2
    assert says in problem


def test_help() -> None:
    output, _ = run("--help").communicate(timeout=60)
    options = ("--port", "--events", "--seed", "--records", "--quota", "--faults", "--ready-file")
    assert all(word in output for word in (*options, "rate_storm"))


def test_a_page_of_200_is_quick_enough(discovery_simulator: DiscoverySimulatorFactory) -> None:
    """Far below the real speed (about 20 pages a second on an idle core), so that a busy machine passes too."""
    simulator = discovery_simulator(events=1000)
    params = {"apikey": simulator.api_key, "size": 200, "locale": "*", "sort": "id,asc"}
    requests.get(f"{simulator.url}/events", params, timeout=60)
    started = time.process_time()
    for page in range(5):
        assert requests.get(f"{simulator.url}/events", {**params, "page": page}, timeout=60).ok
    assert (time.process_time() - started) / 5 < 1.0
