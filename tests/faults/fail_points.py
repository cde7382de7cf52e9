"""Kills the process group that it is in, right after a side effect that no earlier process died after.

Every side effect of a pipeline is a call to AWS, and every such call goes through botocore's events: nothing in the
product knows of this. A statement of the Data API counts twice, when it is accepted and when it is seen to be done.
A file lists the side effects that a process died after, so that a chain of processes dies once after each.
"""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import botocore.session

_READING = ("Get", "Head", "List", "Describe")
_OF_AN_ATTEMPT = ("started_at", "fence", "dag_run_id")  # parameters that do not make it another side effect


def kill_own_group() -> None:
    """Die as with `kill -9 -- -<group>`: nothing is caught, flushed or cleaned up."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


def with_models(options: dict[str, Any]) -> dict[str, Any]:
    """Options of a boto3 session whose service models are read once for all: most of what a new process costs."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _models)
    return {"botocore_session": session, **options}


_models = botocore.session.get_session().get_component("data_loader")


class FailPoints:
    """Watches all AWS calls of this process.

    Args:
        died_after: file with one side effect a line; made when absent.
        is_deadly: whether to die after a side effect; by default, after every one.

    Attributes:
        task: what is being done, part of a side effect's name: the same key written by two tasks counts twice.
    """

    def __init__(self, died_after: Path, is_deadly: Callable[[str], bool] = lambda effect: True) -> None:
        self.task = ""
        self._file, self._is_deadly = died_after, is_deadly
        self._known = set(died_after.read_text().splitlines()) if died_after.exists() else set[str]()
        self._statements: dict[str, str] = {}
        self._lock = threading.Lock()

    def install(self) -> None:
        """Watch every session that is made from now on, whoever makes it."""
        make = boto3.Session.__init__

        def watched(session: boto3.Session, *args: Any, **kwargs: Any) -> None:
            make(session, *args, **with_models(kwargs))
            session.events.register("before-parameter-build", self._before)
            session.events.register("after-call", self._after)

        boto3.Session.__init__ = watched  # type: ignore[assignment, method-assign]

    def _before(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["fail_points"] = dict(params)

    def _after(self, http_response: Any, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code >= 300:
            return
        effect = self._effect(model.name, context["fail_points"], parsed)
        if effect is None or not self._is_deadly(effect := f"{self.task} | {effect}"):
            return
        with self._lock:
            if effect not in self._known:
                with self._file.open("a") as file:
                    file.write(effect + "\n")
                kill_own_group()

    def _effect(self, operation: str, params: dict[str, Any], answer: dict[str, Any]) -> str | None:
        if operation in ("ExecuteStatement", "BatchExecuteStatement"):
            texts = params.get("Sqls") or [params["Sql"]]
            if texts[0].startswith("SELECT"):
                return None
            values = [item["value"] for item in params.get("Parameters", ()) if item["name"] not in _OF_AN_ATTEMPT]
            digest = hashlib.sha256(repr([texts, values]).encode()).hexdigest()[:8]
            self._statements[answer["Id"]] = f"{texts[0][:60]} x{len(texts)} {digest}"
            return f"accepted {self._statements[answer['Id']]}"
        if operation == "DescribeStatement" and answer["Status"] == "FINISHED" and params["Id"] in self._statements:
            return f"done {self._statements[params['Id']]}"
        if operation.startswith(_READING):
            return None
        deleted = params.get("Delete", {}).get("Objects", ())
        keys = [params["Key"]] if "Key" in params else [item["Key"] for item in deleted]
        names = (params.get(name) for name in ("Name", "JobName", "Namespace"))
        return " ".join([operation, *keys, *filter(None, names)])
