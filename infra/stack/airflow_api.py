"""The few calls of Airflow's own REST API that the launcher makes."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed


class AirflowError(RuntimeError):
    """Airflow refused a call, or did not answer; the message holds the reason."""


class AirflowApi:
    """Airflow's REST API (v2) at a base URL such as `http://127.0.0.1:8080`."""

    def __init__(self, url: str, timeout: float = 30, patience: float = 180) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._retrying = Retrying(
            retry=retry_if_exception_type((requests.ConnectionError, requests.Timeout)),
            wait=wait_fixed(1),
            stop=stop_after_delay(patience),
            reraise=True,
        )
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy or .netrc has no business with a local server

    def health(self) -> dict[str, Any]:
        """What Airflow says of its parts, such as `scheduler`: status and last heartbeat. Raises AirflowError."""
        try:
            limit = min(self._timeout, 5)
            answer: dict[str, Any] = self._session.get(f"{self.url}/api/v2/monitor/health", timeout=limit).json()
        except (requests.RequestException, ValueError) as error:
            raise AirflowError(f"Airflow at {self.url} does not answer ({type(error).__name__})") from error
        return answer

    def is_ready(self) -> bool:
        """Whether the API server, the scheduler, the DAG processor and the triggerer all report healthy."""
        try:
            health = self.health()
        except AirflowError:
            return False
        parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
        return all((health.get(part) or {}).get("status") == "healthy" for part in parts)

    def has_dag(self, dag_id: str) -> bool:
        """Whether the DAG processor has read a DAG."""
        return self._request("GET", f"dags/{dag_id}", allow_missing=True) is not None

    def params(self, dag_id: str) -> list[str]:
        """The names of the parameters that a DAG declares. Raises AirflowError when there is no such DAG."""
        return list(self._request("GET", f"dags/{dag_id}/details")["params"] or {})

    def dags(self) -> list[str]:
        """The ids of all DAGs."""
        return [dag["dag_id"] for dag in self._request("GET", "dags")["dags"]]

    def import_errors(self) -> list[str]:
        """What kept DAG files from being read, one text a file."""
        errors = self._request("GET", "importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in errors]

    def require_on(self, dag_id: str) -> None:
        """Refuse to add runs to a paused DAG: they would wait, without a word, until somebody turns it on.

        Raises:
            AirflowError: it is paused, or there is no such DAG.
        """
        if self._request("GET", f"dags/{dag_id}")["is_paused"]:
            raise AirflowError(
                f"{dag_id} is paused, and a run of it would wait until it is on again. Turn it on in Airflow's UI, or "
                f"with 'airflow dags unpause {dag_id}' (here: './boxoffice airflow dags unpause {dag_id}')"
            )

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Trigger a DAG and return the new run's id.

        Raises:
            AirflowError: unknown or paused DAG, or parameters that the DAG does not accept.
        """
        self.require_on(dag_id)
        now = datetime.now(UTC).isoformat()
        run = self._request("POST", f"dags/{dag_id}/dagRuns", {"logical_date": None, "run_after": now, "conf": conf})
        return str(run["dag_run_id"])

    def run_state(self, dag_id: str, run_id: str) -> str:
        """State of a DAG run: queued, running, success or failed."""
        return str(self._request("GET", f"dags/{dag_id}/dagRuns/{run_id}")["state"])

    def task_states(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of a run: task_id, map_index, state, try_number, start_date, end_date…"""
        return list(self._request("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=200")["task_instances"])

    def running_runs(self, dag_id: str) -> list[str]:
        """The ids of a DAG's runs that are at work, oldest first."""
        answer = self._request("GET", f"dags/{dag_id}/dagRuns?state=running&order_by=start_date&limit=10")
        return [run["dag_run_id"] for run in answer["dag_runs"]]

    def queued_tasks(self) -> list[dict[str, Any]]:
        """The task instances that wait for a worker, of all DAGs: task_id, dag_id, queued_when…"""
        return list(self._request("GET", "dags/~/dagRuns/~/taskInstances?state=queued&limit=100")["task_instances"])

    def newest_runs(self, limit: int = 100) -> list[dict[str, Any]]:
        """The DAG runs of all DAGs that ended last, newest first: dag_id, state, end_date, conf, note…"""
        path = f"dags/~/dagRuns?state=success&state=failed&order_by=-end_date&limit={limit}"
        return list(self._request("GET", path)["dag_runs"])

    def returned(self, dag_id: str, run_id: str, task_id: str) -> Any:
        """What a task returned; None when it returned nothing."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value?deserialize=true"
        answer = self._request("GET", path, allow_missing=True)
        return answer["value"] if answer else None

    def task_log(self, dag_id: str, run_id: str, task: dict[str, Any]) -> list[dict[str, Any]]:
        """The log of a task instance's last try, as structured entries."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task['task_id']}/logs/{task['try_number'] or 1}"
        answer = self._request("GET", f"{path}?map_index={task['map_index']}&full_content=true")
        return [entry for entry in answer["content"] if isinstance(entry, dict)]

    def _token(self) -> None:
        answer = self._send("GET", f"{self.url}/auth/token")
        if not answer.ok:
            raise AirflowError(f"Airflow at {self.url} gave no token: HTTP {answer.status_code}")
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _request(self, method: str, path: str, body: Any = None, *, allow_missing: bool = False) -> Any:
        if "Authorization" not in self._session.headers:
            self._token()
        url = f"{self.url}/api/v2/{path}"
        answer = self._send(method, url, body)
        if answer.status_code == requests.codes.unauthorized:
            self._token()
            answer = self._send(method, url, body)
        if allow_missing and answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            raise AirflowError(_reason(answer))
        return answer.json()

    def _send(self, method: str, url: str, body: Any = None) -> requests.Response:
        """Send a request; one that changes nothing is repeated while a busy server does not answer."""
        send = functools.partial(self._session.request, method, url, json=body, timeout=self._timeout)
        try:
            return self._retrying(send) if method == "GET" else send()
        except requests.RequestException as error:
            raise AirflowError(f"Airflow at {self.url} does not answer ({type(error).__name__})") from error


def _reason(answer: requests.Response) -> str:
    try:
        detail = answer.json().get("detail", answer.text)
    except ValueError:
        detail = answer.text
    return f"{detail} (HTTP {answer.status_code})"
