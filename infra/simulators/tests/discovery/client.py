"""A small caller of the simulated API: through Flask's own client, without a socket."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from infra.simulators.discovery import DEFAULT_API_KEY, Limits, Universe
from infra.simulators.discovery.app import create_app
from infra.simulators.discovery.clock import Clock
from infra.simulators.discovery.state import SimulatorState
from infra.simulators.discovery.universe import Source

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@lru_cache(maxsize=6)
def universe(seed: int = 11, events: int = 3000, busiest_second: int | None = None) -> Universe:
    """A shared universe; they never change."""
    return Universe(seed, events, busiest_second)


class Caller:
    """Asks one simulator; `state` is its inside."""

    def __init__(self, source: Source | None = None, limits: Limits | None = None, now: datetime = NOW) -> None:
        self.state = SimulatorState(
            source or universe(), Clock(now), limits or Limits(per_second=None), DEFAULT_API_KEY
        )
        self.http: FlaskClient = create_app(self.state).test_client()

    def get(self, path: str, *, key: str | None = DEFAULT_API_KEY, headers: Any = None, **params: Any) -> TestResponse:
        query = params | ({"apikey": key} if key is not None else {})
        return self.http.get(f"/discovery/v2/{path}", query_string=query, headers=headers)

    def json(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json

    def events(self, **params: Any) -> list[dict[str, Any]]:
        """The events of one page of up to 200, in every language."""
        page = self.json("events.json", **({"size": 200, "locale": "*", "sort": "id,asc"} | params))
        return page.get("_embedded", {}).get("events", [])

    def total(self, **params: Any) -> int:
        return self.json("events.json", **({"size": 1, "locale": "*"} | params))["page"]["totalElements"]

    def ids(self, **params: Any) -> set[str]:
        """Ids of every event that a search finds, if paging reaches them all."""
        return {event["id"] for event in self.everything(**params)}

    def everything(self, **params: Any) -> list[dict[str, Any]]:
        """Every page of one search, by page number."""
        events: list[dict[str, Any]] = []
        page, pages = 0, 1
        while page < pages:
            answer = self.json("events.json", **({"size": 200, "locale": "*", "sort": "id,asc", "page": page} | params))
            pages = answer["page"]["totalPages"]
            events += answer.get("_embedded", {}).get("events", [])
            page += 1
        return events
