"""Web pages of others against the stack's servers: by the headers that browsers send, and in a browser.

Airflow's API is asked the same in `tests/e2e/test_launcher.py`, where one runs.
"""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.config import Config

from infra.local_aws import LocalAws
from infra.simulators.discovery import DiscoverySimulator
from infra.simulators.pytest_plugin import DiscoverySimulatorFactory
from tests.fixtures.browser_requests import ALLOWED, REFUSED

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
CANARY = "canary-of-a-secret"


@pytest.fixture(scope="module")
def secret(local_aws: LocalAws) -> str:
    """The name of a secret, which a page would try to read."""
    client = boto3.client("secretsmanager", endpoint_url=local_aws.url, region_name="us-east-1")
    client.create_secret(Name="foreign-pages", SecretString=CANARY)
    return "foreign-pages"


@pytest.fixture(params=["local AWS", "simulator", "simulator's controls"])
def address(request: pytest.FixtureRequest, local_aws: LocalAws, discovery_simulator: DiscoverySimulatorFactory) -> str:
    """A URL of each server that answers with 200 when a program asks."""
    if request.param == "local AWS":
        return f"{local_aws.url}/moto-api/data.json"
    simulator: DiscoverySimulator = discovery_simulator()
    if request.param == "simulator":
        return f"{simulator.url}/events.json?apikey={simulator.api_key}"
    return f"{simulator.origin}/__simulator/faults"


@pytest.mark.parametrize(("method", "headers"), REFUSED.values(), ids=REFUSED)
def test_a_server_refuses_what_a_foreign_page_sends(address: str, method: str, headers: dict[str, str]) -> None:
    place = urlsplit(address)
    sent = {name: value.format(port=place.port) for name, value in headers.items()}
    answer = requests.request(method, address, headers=sent, data=b"{}" if method == "POST" else None, timeout=30)
    assert answer.status_code == 403
    assert answer.text.startswith("Refused: ")
    assert [name for name in answer.headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize(("method", "headers"), ALLOWED.values(), ids=ALLOWED)
def test_a_server_answers_programs_and_its_own_pages(address: str, method: str, headers: dict[str, str]) -> None:
    sent = {name: value.format(port=urlsplit(address).port) for name, value in headers.items()}
    assert requests.request(method, address, headers=sent, timeout=30).status_code == 200


def test_the_host_of_an_absolute_request_line_counts_too(local_aws: LocalAws) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(local_aws.url).port, timeout=30)) as connection:
        connection.request("GET", "http://evil.example/moto-api/data.json", headers={"Host": "127.0.0.1"})
        assert connection.getresponse().status == 403


def test_no_answer_of_the_local_aws_opens_it_to_other_origins(local_aws: LocalAws) -> None:
    own = {"Origin": local_aws.url}
    answer = requests.get(f"{local_aws.url}/moto-api/data.json", headers=own, timeout=30)
    assert answer.status_code == 200
    assert [name for name in answer.headers if name.lower().startswith("access-control")] == []


def test_a_bucket_is_reached_by_a_host_name_of_its_own(local_aws: LocalAws) -> None:
    by_host = Config(s3={"addressing_style": "virtual"})
    port = urlsplit(local_aws.url).port
    s3 = boto3.client("s3", endpoint_url=local_aws.url, region_name="us-east-1")
    s3.create_bucket(Bucket="foreign-pages-host")
    s3.put_object(Bucket="foreign-pages-host", Key="a.txt", Body=b"as a host")
    named = boto3.client("s3", endpoint_url=f"http://localhost:{port}", region_name="us-east-1", config=by_host)
    url = urlsplit(named.generate_presigned_url("get_object", Params={"Bucket": "foreign-pages-host", "Key": "a.txt"}))
    assert url.netloc == f"foreign-pages-host.localhost:{port}"
    answer = requests.get(f"{local_aws.url}{url.path}?{url.query}", headers={"Host": url.netloc}, timeout=30)
    assert (answer.status_code, answer.text) == (200, "as a host")


# -- in a browser ------------------------------------------------------------------------------------------------------

PAGE = """<body>waiting<script>
const calls = {calls};
async function call([url, options]) {{
  try {{ const answer = await fetch(url, options); return [answer.status, answer.type, await answer.text()]; }}
  catch (error) {{ return ["no answer", String(error)]; }}
}}
Promise.all(calls.map(call)).then(found => document.body.textContent = JSON.stringify(found));
</script></body>"""


def _opened(url: str, folder: Path, *options: str) -> str:
    """The content of a page once its scripts have ended."""
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]
    command += [f"--user-data-dir={folder}", "--virtual-time-budget=20000", *options, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


@pytest.fixture
def page() -> Iterator[Any]:
    """Serves one page at a port of its own: a web site of somebody else."""
    content: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content[0].encode())

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

        def serve(calls: list[Any]) -> int:
            content[:] = [PAGE.format(calls=json.dumps(calls))]
            return server.server_address[1]

        yield serve
        server.shutdown()


def _attacks(aws: str, secret: str) -> list[Any]:
    """Requests that a page would try: read with and without a preflight, wipe everything, read hidden responses."""
    target = {"X-Amz-Target": "secretsmanager.GetSecretValue", "Content-Type": "application/x-amz-json-1.1"}
    scope = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=a, Signature=b"
    read = {"method": "POST", "headers": target | {"Authorization": scope}, "body": json.dumps({"SecretId": secret})}
    wipe = {"method": "POST", "mode": "no-cors"}
    return [
        [f"{aws}/", read],
        [f"{aws}/moto-api/data.json", {}],
        [f"{aws}/moto-api/data.json", {"mode": "no-cors"}],
        [f"{aws}/moto-api/reset", wipe],
    ]


needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on this machine")


@needs_browser
def test_in_a_browser_a_foreign_page_gets_no_answer_that_it_could_read(
    local_aws: LocalAws, secret: str, page: Any, tmp_path: Path
) -> None:
    port = page(_attacks(local_aws.url, secret))
    shown = _opened(f"http://attacker.test:{port}/", tmp_path, "--host-resolver-rules=MAP attacker.test 127.0.0.1")
    assert shown.count("Failed to fetch") == 2, shown
    assert shown.count('[0,"opaque",""]') == 2, "what was sent without leave to read: the page sees nothing of it"
    assert CANARY not in shown
    secrets = boto3.client("secretsmanager", endpoint_url=local_aws.url, region_name="us-east-1")
    assert secrets.get_secret_value(SecretId=secret)["SecretString"] == CANARY, "and nothing was wiped"


@needs_browser
def test_in_a_browser_a_page_whose_name_leads_here_later_is_refused(
    local_aws: LocalAws, secret: str, page: Any, tmp_path: Path
) -> None:
    """DNS rebinding: the browser takes the server for the page's own, and sends no foreign origin."""
    port = urlsplit(local_aws.url).port
    rebound = "--host-resolver-rules=MAP attacker.test 127.0.0.1"
    shown = _opened(f"http://attacker.test:{port}/moto-api/data.json", tmp_path, rebound)
    assert "Refused: the request is for the host 'attacker.test:" in shown


@needs_browser
def test_in_a_browser_a_page_of_the_server_itself_reads_it(local_aws: LocalAws, secret: str, tmp_path: Path) -> None:
    """The same attacks from the inside: that the tests above see nothing is the servers' doing, not the browser's."""
    s3 = boto3.client("s3", endpoint_url=local_aws.url, region_name="us-east-1")
    s3.create_bucket(Bucket="foreign-pages-own")
    body = PAGE.format(calls=json.dumps(_attacks(local_aws.url, secret)[:2])).encode()
    s3.put_object(Bucket="foreign-pages-own", Key="page.html", Body=body, ContentType="text/html")
    where = {"Bucket": "foreign-pages-own", "Key": "page.html"}
    assert CANARY in _opened(s3.generate_presigned_url("get_object", Params=where), tmp_path)
