"""Records of the Discovery API as the contract reads them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from schemas.ticketmaster import SOURCE


def rows(entity: str, record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    rows_by_table: dict[str, list[dict[str, Any]]] = {}
    for row in SOURCE.record(entity).model_validate_json(json.dumps(record)).to_rows():
        rows_by_table.setdefault(row.table, []).append(row.model_dump())
    return rows_by_table


def event(**fields: Any) -> dict[str, Any]:
    return rows("events", {"id": "E1", "type": "event", "name": "Show", "dates": {}} | fields)["events"][0]


def venue(**fields: Any) -> dict[str, Any]:
    return rows("venues", {"id": "V1"} | fields)["venues"][0]


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001  the time on the venue's wall has no zone


START = {"localDate": "2026-07-04", "localTime": "19:30:00", "dateTime": "2026-07-04T23:30:00Z"}
