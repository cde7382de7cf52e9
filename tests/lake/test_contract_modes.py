"""What each contract mode makes of schema drift: every kind of drift in every mode, with its exact outcome."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lake.contract_modes import discard_values
from lake.report import ContractViolation, TooManyRejects
from schemas.raw import ContractMode, RawPart
from schemas.types import Name
from tests.lake.gigs import Bar, RawGig, Sponsor, run


@dataclass(frozen=True)
class Kept:
    """The record became a row; `drift` is what was reported, by kind."""

    row: dict[str, Any]
    drift: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Quarantined:
    """The record was rejected for a reason; `drift` is what was reported, by kind."""

    reason: str
    drift: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fails:
    """The run failed with a message."""

    words: str


class Person(RawPart):
    """Who has a name."""

    name: Name | None = None


class Tour(RawGig):
    """A gig with two objects that have the same field."""

    host: Person | None = None
    guest: Person | None = None


Outcome = Kept | Quarantined | Fails
GOOD: dict[str, Any] = {"id": "1", "name": "one", "hall": {"seats": 5}}

_ROW = {"gig_id": "2", "name": "two", "seats": 7, "rows": None, "country": None, "bars": None, "day": None}
_NEW = {"new field": ["$.hall.colour"]}
_BARS = {
    "retyped": ["$.hall.bars[]", "$.hall.bars[].id"],
    "missing": ["$.hall.bars[].id"],
    "null": ["$.hall.bars[]"],
}
_RENAMED = {"new field": ["$.title"]}
_KEY_RENAMED = {"missing": ["$.id"], "new field": ["$.gig_id"]}


def _row(**changes: Any) -> dict[str, Any]:
    return _ROW | changes


def _new(path: str) -> Fails:
    return Fails(f"gigs is frozen, and {path} is new in record 1 of s3://lake/p0.json.gz: add it to the contract")


def _retyped(path: str) -> Fails:
    return Fails(f"gigs is frozen, and {path} has another type")


GOLDEN: dict[str, tuple[Any, dict[ContractMode, Outcome]]] = {
    "field added": (
        {"id": "2", "name": "two", "hall": {"seats": 7, "colour": "red"}},
        {
            "evolve": Kept(_row(), _NEW),
            "freeze": _new("$.hall.colour"),
            "discard_value": Kept(_row(), _NEW),
            "discard_row": Quarantined("unknown_field at $.hall.colour", _NEW),
        },
    ),
    "field with an empty name added": (
        {"id": "2", "name": "two", "hall": {"seats": 7}, "": None},
        {
            "evolve": Kept(_row(), {"new field": ['$[""]']}),
            "freeze": _new('$[""]'),
            "discard_value": Kept(_row(), {"new field": ['$[""]']}),
            "discard_row": Quarantined('unknown_field at $[""]', {"new field": ['$[""]']}),
        },
    ),
    "optional field dropped": (
        {"id": "2", "hall": {"seats": 7}},
        dict.fromkeys(("evolve", "freeze", "discard_value", "discard_row"), Kept(_row(name=None))),
    ),
    "key dropped": (
        {"name": "two", "hall": {"seats": 7}},
        dict.fromkeys(
            ("evolve", "freeze", "discard_value", "discard_row"),
            Quarantined("missing at $.id", {"missing": ["$.id"]}),
        ),
    ),
    "optional field retyped": (
        {"id": "2", "name": ["two"], "hall": {"seats": 7}},
        {
            "evolve": Quarantined("string_type at $.name", {"retyped": ["$.name"]}),
            "freeze": _retyped("$.name"),
            "discard_value": Kept(_row(name=None), {"retyped": ["$.name"], "discarded": ["$.name"]}),
            "discard_row": Quarantined("string_type at $.name", {"retyped": ["$.name"]}),
        },
    ),
    "fields retyped within lists and unions": (
        {"id": "2", "name": "two", "hall": {"seats": 7.5, "rows": [1, "x", 3], "doors": "many"}},
        {
            "evolve": Quarantined(
                "int_from_float at $.hall.seats", {"retyped": ["$.hall.doors", "$.hall.rows[]", "$.hall.seats"]}
            ),
            "freeze": _retyped("$.hall.seats"),
            "discard_value": Kept(
                _row(seats=None, rows=2),
                {
                    "retyped": ["$.hall.doors", "$.hall.rows[]", "$.hall.seats"],
                    "discarded": ["$.hall.doors", "$.hall.rows[]", "$.hall.seats"],
                },
            ),
            "discard_row": Quarantined(
                "int_from_float at $.hall.seats", {"retyped": ["$.hall.doors", "$.hall.rows[]", "$.hall.seats"]}
            ),
        },
    ),
    "part retyped": (
        {"id": "2", "name": "two", "hall": "Arena"},
        {
            "evolve": Quarantined("model_type at $.hall", {"retyped": ["$.hall"]}),
            "freeze": _retyped("$.hall"),
            "discard_value": Kept(_row(seats=None), {"retyped": ["$.hall"], "discarded": ["$.hall"]}),
            "discard_row": Quarantined("model_type at $.hall", {"retyped": ["$.hall"]}),
        },
    ),
    "retyped, and readable all the same": (
        {"id": "2", "name": "two", "hall": {"seats": "7"}},
        dict.fromkeys(("evolve", "freeze", "discard_value", "discard_row"), Kept(_row())),
    ),
    "key retyped": (
        {"id": 2, "name": "two", "hall": {"seats": 7}},
        {
            "evolve": Quarantined("string_type at $.id", {"retyped": ["$.id"]}),
            "freeze": _retyped("$.id"),
            "discard_value": Kept(_row(), {"retyped": ["$.id"]}),
            "discard_row": Quarantined("string_type at $.id", {"retyped": ["$.id"]}),
        },
    ),
    "key of a type that is no key": (
        {"id": {"value": "2"}, "name": "two", "hall": {"seats": 7}},
        {
            "evolve": Quarantined("string_type at $.id", {"retyped": ["$.id"]}),
            "freeze": _retyped("$.id"),
            "discard_value": Quarantined("string_type at $.id", {"retyped": ["$.id"]}),
            "discard_row": Quarantined("string_type at $.id", {"retyped": ["$.id"]}),
        },
    ),
    "number where text was": (
        {"id": "2", "name": 311, "hall": {"seats": 7}},
        {
            "evolve": Quarantined("string_type at $.name", {"retyped": ["$.name"]}),
            "freeze": _retyped("$.name"),
            "discard_value": Kept(_row(name="311"), {"retyped": ["$.name"]}),
            "discard_row": Quarantined("string_type at $.name", {"retyped": ["$.name"]}),
        },
    ),
    "text that is too long": (
        {"id": "2", "name": "x" * 1001, "hall": {"seats": 7}},
        {
            "evolve": Quarantined("string_too_long at $.name"),
            "freeze": Quarantined("string_too_long at $.name"),
            "discard_value": Kept(_row(name=None), {"discarded": ["$.name"]}),
            "discard_row": Quarantined("string_too_long at $.name"),
        },
    ),
    "object where a list was": (
        {"id": "2", "name": "two", "hall": {"seats": 7, "bars": {"id": "north"}}},
        {
            "evolve": Quarantined("list_type at $.hall.bars", {"retyped": ["$.hall.bars"]}),
            "freeze": _retyped("$.hall.bars"),
            "discard_value": Kept(_row(bars="north"), {"retyped": ["$.hall.bars"]}),
            "discard_row": Quarantined("list_type at $.hall.bars", {"retyped": ["$.hall.bars"]}),
        },
    ),
    "nested things without a key": (
        {"id": "2", "name": "two", "hall": {"seats": 7, "bars": [{}, None, {"id": "south"}, {"id": []}, "x"]}},
        {
            "evolve": Quarantined("missing at $.hall.bars[].id", _BARS),
            "freeze": _retyped("$.hall.bars[3].id"),
            "discard_value": Kept(_row(bars="south"), _BARS | {"discarded": ["$.hall.bars[]"]}),
            "discard_row": Quarantined("missing at $.hall.bars[].id", _BARS),
        },
    ),
    "optional field renamed": (
        {"id": "2", "title": "two", "hall": {"seats": 7}},
        {
            "evolve": Kept(_row(name=None), _RENAMED),
            "freeze": _new("$.title"),
            "discard_value": Kept(_row(name=None), _RENAMED),
            "discard_row": Quarantined("unknown_field at $.title", _RENAMED),
        },
    ),
    "key renamed": (
        {"gig_id": "2", "name": "two", "hall": {"seats": 7}},
        {
            "evolve": Quarantined("missing at $.id", _KEY_RENAMED),
            "freeze": _new("$.gig_id"),
            "discard_value": Quarantined("missing at $.id", _KEY_RENAMED),
            "discard_row": Quarantined("missing at $.id", _KEY_RENAMED),
        },
    ),
    "key null": (
        {"id": None, "name": "two", "hall": {"seats": 7}},
        dict.fromkeys(
            ("evolve", "freeze", "discard_value", "discard_row"), Quarantined("null at $.id", {"null": ["$.id"]})
        ),
    ),
    "key empty": (
        {"id": "", "name": "two", "hall": {"seats": 7}},
        dict.fromkeys(("evolve", "freeze", "discard_value", "discard_row"), Quarantined("string_too_short at $.id")),
    ),
    "value that only the table refuses": (
        {"id": "2", "name": "two", "hall": {"seats": 7}, "country": "Atlantis"},
        {
            **dict.fromkeys(("evolve", "freeze", "discard_row"), Quarantined("string_too_long at gigs.country")),
            "discard_value": Kept(_row(country=None), {"discarded": ["gigs.country"]}),
        },
    ),
    "day before the calendar": (
        {"id": "2", "name": "two", "hall": {"seats": 7}, "on": "0001-01-01"},
        {
            **dict.fromkeys(("evolve", "freeze", "discard_row"), Quarantined("greater_than_equal at gigs.day")),
            "discard_value": Kept(_row(day=None), {"discarded": ["gigs.day"]}),
        },
    ),
}


@pytest.mark.parametrize("mode", ["evolve", "freeze", "discard_value", "discard_row"])
@pytest.mark.parametrize("drift", GOLDEN)
def test_drift_in_each_mode(tmp_path: Path, drift: str, mode: ContractMode) -> None:
    record, outcomes = GOLDEN[drift]
    expected = outcomes[mode]
    if isinstance(expected, Fails):
        with pytest.raises(ContractViolation) as violation:
            run(tmp_path, mode, GOOD, record)
        assert expected.words in str(violation.value)
        return
    report, rows = run(tmp_path, mode, GOOD, record)
    assert rows[0]["gig_id"] == "1"
    further_rows = [{name: row[name] for name in _ROW} for row in rows[1:]]
    assert further_rows == ([expected.row] if isinstance(expected, Kept) else [])
    assert report.quarantined_by_reason == ({expected.reason: 1} if isinstance(expected, Quarantined) else {})
    assert {kind: sorted(fields) for kind, fields in report.drift.items()} == expected.drift


def test_a_contract_that_says_nothing_sets_values_aside() -> None:
    assert RawGig.mode == "discard_value"


def test_what_was_set_aside_is_told_with_its_reason_and_without_the_value(tmp_path: Path) -> None:
    bars = {"bars": [{"id": "north"}, {"id": ""}]}
    report, _ = run(tmp_path, "discard_value", GOOD, {"id": "2", "hall": bars}, {"id": "3", "country": "Atlantis"})
    bar, country = report.discards["$.hall.bars[]"], report.discards["gigs.country"]
    assert (bar.example_index, bar.reason) == (1, "id: String should have at least 1 character")
    assert (country.example_index, country.reason) == (2, "String should have at most 2 characters")
    assert report.records_with_discards == 2


@pytest.mark.parametrize("mode", ["evolve", "discard_value"])
def test_text_that_was_cut_within_a_character_costs_that_text_alone(tmp_path: Path, mode: ContractMode) -> None:
    cut = json.loads('"The band \\ud83c"')
    bars = {"bars": [{"id": "north"}, {"id": cut}]}
    report, rows = run(tmp_path, mode, GOOD, {"id": "2", "name": cut, "hall": bars}, {"id": cut}, {"id": "4", cut: 1})
    if mode == "evolve":
        assert (len(rows), report.quarantined_records) == (1, 3)
        return
    assert [(row["gig_id"], row["name"], row["bars"]) for row in rows[1:]] == [("2", None, "north"), ("4", None, None)]
    assert {path: seen.example_index for path, seen in report.discards.items()} == {
        "$.name": 1,
        "$.hall.bars[]": 1,
        "$.hall.bars[].id": 1,
        '$["The band \\ud83c"]': 3,
    }
    assert report.quarantined_by_reason == {"null at $.id": 1}


def test_an_object_of_another_kind_is_set_aside_as_a_whole() -> None:
    sponsors = [{"type": "sponsor", "id": "a"}, {"type": "person", "id": "b"}]
    record, reasons = discard_values({"id": "2", "hall": {"sponsors": sponsors}}, RawGig)
    assert isinstance(record, RawGig)
    assert record.hall is not None
    assert record.hall.sponsors == [Sponsor(id="a")]
    assert [(reason.path, reason.message) for reason in reasons] == [
        ("$.hall.sponsors[1]", "type: Input should be 'sponsor'")
    ]


def test_a_converted_value_stays_although_another_type_of_the_union_refuses_it_too() -> None:
    record, reasons = discard_values({"id": "2", "hall": {"acts": {"id": "north"}}}, RawGig)
    assert isinstance(record, RawGig)
    assert record.hall is not None
    assert (record.hall.acts, reasons) == ([Bar(id="north")], ())


def test_the_same_field_of_two_objects_is_set_aside_twice() -> None:
    record, reasons = discard_values({"id": "2", "host": {"name": []}, "guest": {"name": {}}}, Tour)
    assert record is not None
    assert sorted(reason.path for reason in reasons) == ["$.guest.name", "$.host.name"]


def test_a_record_that_is_bad_to_its_depths_is_rejected() -> None:
    """Each pass discards a value that the one around it requires; there is an end to the passes."""
    part: type[RawPart] = Bar
    content: dict[str, Any] = {"id": []}
    for _ in range(11):
        part = type("Box", (RawPart,), {"__module__": __name__, "__annotations__": {"box": part}})
        content = {"box": content}
    model = type("RawBox", (RawGig,), {"__module__": __name__, "__annotations__": {"box": part | None}, "box": None})

    assert discard_values({"id": "2"} | content, model) == (None, ())


def test_a_rejected_record_has_nothing_set_aside(tmp_path: Path) -> None:
    """And its reason is what makes it useless, not what is odd besides."""
    gigs: tuple[dict[str, Any], ...] = ({"name": [], "id": None}, {"name": [], "id": []}, {"name": []})
    report, _ = run(tmp_path, "discard_value", *gigs)
    reasons = {"null at $.id": 1, "string_type at $.id": 1, "missing at $.id": 1}
    assert (report.quarantined_by_reason, report.discards) == (reasons, {})


@pytest.mark.parametrize(("odd", "fails"), [(101, True), (100, False), (0, False)])
def test_a_field_that_is_set_aside_of_most_records_fails_the_run(tmp_path: Path, odd: int, fails: bool) -> None:
    records = [{"id": str(n), "name": [] if n < odd else "x"} for n in range(200)]
    report, rows = run(tmp_path, "discard_value", *records)
    assert len(rows) == 200
    if fails:
        with pytest.raises(TooManyRejects, match=r"value of \$\.name was discarded in 101 of 200 records") as failure:
            report.check()
        assert "record 0 of s3://lake/p0.json.gz (Input should be a valid string)" in str(failure.value)
    else:
        report.check()


def test_of_few_records_any_may_be_odd(tmp_path: Path) -> None:
    report, _ = run(tmp_path, "discard_value", {"id": "1", "name": []})
    report.check()


def test_a_field_within_a_rejected_record_is_new_too(tmp_path: Path) -> None:
    report, _ = run(tmp_path, "evolve", {"id": 1, "hall": {"seats": 1, "colour": "red"}, "extra": {"a": 1}})
    assert set(report.unknown_fields) == {"$.extra", "$.hall.colour"}


def test_drift_names_its_first_example(tmp_path: Path) -> None:
    report, _ = run(tmp_path, "evolve", GOOD, {"id": "2", "extra": 1}, {"id": "3", "extra": 2}, {"id": 4})
    seen = report.unknown_fields["$.extra"]
    assert (seen.count, seen.example_uri, seen.example_index) == (2, "s3://lake/p0.json.gz", 1)
    assert report.drift["retyped"]["$.id"].example_index == 3


def test_drift_counts_records_not_values(tmp_path: Path) -> None:
    hall = {"rows": ["front", "back"], "seats": 1}
    report, _ = run(tmp_path, "discard_value", {"id": "1", "hall": hall}, {"id": "2", "hall": hall})
    assert {kind: fields["$.hall.rows[]"].count for kind, fields in report.drift.items()} == {
        "retyped": 2,
        "discarded": 2,
    }


@pytest.mark.parametrize("records", [["two"], [None], [[]], [17]], ids=json.dumps)
def test_what_is_no_object_is_quarantined_whatever_the_mode(tmp_path: Path, records: list[Any]) -> None:
    report, rows = run(tmp_path, "discard_value", GOOD, *records)
    assert (len(rows), report.quarantined_records) == (1, 1)


def test_columns_without_a_value_are_told_apart_from_those_with_one(tmp_path: Path) -> None:
    report, _ = run(tmp_path, "evolve", {"id": "1", "name": "one"}, {"id": "2"})
    assert report.empty_columns == {"gigs": ["bars", "country", "day", "rows", "seats"]}
