"""Recorded events as a day of curated tables, and what people said of them by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.ticketmaster.raw_event import RawEvent

LABELS = Path(__file__).with_name("show_labels.tsv")
FILES = ("events_pages/*.json", "single/event_2*.json", "snapshots_ndjson/events*.ndjson")


@dataclass(frozen=True, slots=True)
class Label:
    """The label of one event: its kind, and the event that represents its show. None means that its show is unknown."""

    digest: str
    part: str
    kind: str
    show_of: str | None


def labels() -> dict[str, Label]:
    """The labels by event id."""
    lines = (line.split("\t") for line in LABELS.read_text().splitlines() if not line.startswith("#"))
    return {
        event_id: Label(digest, part, kind, None if show_of == "-" else show_of)
        for event_id, digest, part, kind, show_of in lines
    }


def recorded_events(folder: Path) -> dict[str, dict[str, Any]]:
    """The recorded events by id; of one that was recorded several times, the last in the files' order."""
    files = [file for pattern in FILES for file in sorted((folder / "ticketmaster").glob(pattern))]
    return {event["id"]: event for file in files for event in _events(file)}


def digest(event: dict[str, Any]) -> str:
    """The first digits of the SHA-256 over the record, whatever the order of its keys."""
    text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def curated_rows(events: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every curated table, one per key, as the contracts make them of the records."""
    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for event in events.values():
        for row in RawEvent.model_validate_json(json.dumps(event)).to_rows():
            values = row.model_dump()
            rows.setdefault(row.table, {}).setdefault(tuple(values[name] for name in row.key), values)
    return {table: list(by_key.values()) for table, by_key in rows.items()}


def _events(file: Path) -> Iterator[dict[str, Any]]:
    if file.suffix == ".ndjson":
        yield from (json.loads(line) for line in file.read_text().splitlines())
        return
    content = json.loads(file.read_text())
    answers = [exchange["response"] for exchange in content] if isinstance(content, list) else [content]
    for answer in answers:
        page = json.loads(answer) if isinstance(answer, str) else answer
        yield from page.get("_embedded", {}).get("events") or ([page] if "dates" in page else [])
