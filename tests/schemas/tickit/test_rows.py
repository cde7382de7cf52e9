"""From a line of a file to what we promise: a golden row for every file and every quirk."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lake.curated import Lineage
from lake.report import ValidationReport
from lake.validate import validate, validate_files
from schemas.tickit import SOURCE
from tests.schemas.tickit.reading import rows

USER = "7|QDW42ZZZ|Ada|Northcott|Omaha|ON|ada@brightline.example|(212) 555-0123|TRUE|FALSE|||||||TRUE|"
LISTING = "5|36861|7872|1850|10|182.00|1820.00|2008-01-24 06:43:29"
SALE = "1\t5\t36861\t21191\t7872\t1875\t4\t728.00\t109.20\t2/8/2008 02:36:48"


def sale(**changed: str) -> dict[str, object]:
    values = dict(zip(SOURCE.formats["sales"].columns, SALE.split("\t"), strict=True))
    return rows("sales", "\t".join((values | changed).values()))["sales"]


def venue(
    seats: str = "20000", state: str = "IL", name: str = "Glacier Dome", city: str = "Chicago"
) -> dict[str, object]:
    return rows("venues", f"8|{name}|{city}|{state}|{seats}")["venues"]


def test_a_sale() -> None:
    assert sale() == {
        "sale_id": 1,
        "listing_id": 5,
        "seller_id": 36861,
        "buyer_id": 21191,
        "event_id": 7872,
        "date_id": 1875,
        "quantity_sold": 4,
        "price_paid": Decimal("728.00"),
        "commission": Decimal("109.20"),
        "sold_at": datetime(2008, 2, 8, 2, 36, 48, tzinfo=UTC),
    }


def test_a_listing() -> None:
    assert rows("listings", LISTING)["listings"] == {
        "listing_id": 5,
        "seller_id": 36861,
        "event_id": 7872,
        "date_id": 1850,
        "ticket_count": 10,
        "price_per_ticket": Decimal("182.00"),
        "total_price": Decimal("1820.00"),
        "listed_at": datetime(2008, 1, 24, 6, 43, 29, tzinfo=UTC),
    }


def test_an_event_keeps_the_day_it_is_said_to_be_on_and_the_one_it_is_on() -> None:
    row = rows("events", "3|12|9|1950|Northern Foxes|2008-05-01 19:30:00")["events"]
    on_the_wall = datetime(2008, 5, 1, 19, 30)  # noqa: DTZ001  the time on the venue's wall has no zone
    assert row == {
        "event_id": 3,
        "venue_id": 12,
        "category_id": 9,
        "date_id": 1950,
        "name": "Northern Foxes",
        "start_local_at": on_the_wall,
    }


def test_a_day_is_told_apart_from_what_the_file_says_of_it() -> None:
    assert rows("dates", "1827|2008-01-01|WE|1|JAN|1|2008|TRUE")["dates"] == {
        "date_id": 1827,
        "calendar_date": date(2008, 1, 1),
        "is_holiday": True,
        "sent_weekday": "WE",
        "sent_week": 1,
        "sent_month": "JAN",
        "sent_quarter": "1",
        "sent_year": 2008,
    }


def test_a_category() -> None:
    row = rows("categories", "6|Shows|Musicals|Musical theatre")["categories"]
    assert row == {"category_id": 6, "category_group": "Shows", "name": "Musicals", "long_name": "Musical theatre"}


def test_who_a_user_is_goes_nowhere_but_to_the_contacts() -> None:
    tables = rows("users", USER)
    assert tables["user_contacts"] == {
        "user_id": 7,
        "username": "QDW42ZZZ",
        "first_name": "Ada",
        "last_name": "Northcott",
        "email": "ada@brightline.example",
        "phone": "(212) 555-0123",
    }
    likes = {name: value for name, value in tables["users"].items() if name.startswith("likes_")}
    sent_likes = {"likes_sports": True, "likes_theatre": False, "likes_broadway": True}
    assert len(likes) == 10 and likes == dict.fromkeys(likes) | sent_likes
    assert tables["users"] == {"user_id": 7, "city": "Omaha", "state": "ON"} | likes


@pytest.mark.parametrize("written", [r"\N", "0", ""])
def test_seats_that_nobody_knows_are_null(written: str) -> None:
    assert venue(seats=written)["seats"] is None
    assert venue(seats="20000")["seats"] == 20000


@pytest.mark.parametrize(
    ("sent", "state", "country"),
    [
        ("ON", "ON", "CA"),
        ("on", "ON", "CA"),
        (" On ", "ON", "CA"),
        ("QC", "QC", "CA"),
        ("IL", "IL", "US"),
        ("dc", "DC", "US"),
        ("PR", "PR", "US"),
        ("CA", "CA", "US"),
        ("ZZ", "ZZ", None),
        ("", None, None),
        ("  ", None, None),
        (r"\N", None, None),
    ],
)
def test_the_state_tells_the_country_and_no_other_does(sent: str, state: str | None, country: str | None) -> None:
    row = venue(state=sent)
    assert (row["state"], row["country"]) == (state, country)
    assert rows("users", USER.replace("|ON|", f"|{sent}|"))["users"]["state"] == state


def test_lengths_are_counted_in_bytes() -> None:
    assert venue(city="é" * 15)["city"] == "é" * 15
    with pytest.raises(ValidationError, match="at most 30 bytes"):
        venue(city="é" * 16)
    with pytest.raises(ValidationError, match="venuestate"):
        venue(state="ILL")
    with pytest.raises(ValidationError, match="venuename"):
        venue(name="x" * 101)


@pytest.mark.parametrize("entity, line", [("users", USER), ("listings", LISTING), ("sales", SALE)])
def test_a_line_that_comes_again_gives_no_row(entity: str, line: str) -> None:
    checked_keys: list[tuple[str, str]] = []
    assert rows(entity, line, lambda table, key: checked_keys.append((table.table, key)) is not None) == {}
    assert checked_keys == [(entity, line.replace("\t", "|").split("|")[0])]


@given(st.integers(0, 10**8 - 1))
def test_money_is_kept_to_the_cent(cents: int) -> None:
    written = f"{cents // 100}.{cents % 100:02d}"
    paid = sale(pricepaid=written)["price_paid"]
    assert isinstance(paid, Decimal) and paid * 100 == cents


@pytest.mark.parametrize(("written", "dollars"), [("728", "728.00"), ("11.4", "11.40"), ("-3.50", "-3.50")])
def test_money_may_be_written_shorter(written: str, dollars: str) -> None:
    assert sale(pricepaid=written)["price_paid"] == Decimal(dollars)


@pytest.mark.parametrize("written", ["1e2", "NaN", "12.345", "1234567.00", "1,200.00", "$12.00", " 12.00", "", r"\N"])
def test_what_is_no_money_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="commission"):
        sale(commission=written)


@pytest.mark.parametrize("written", ["1_000", " 1", "1.0", "+1", "32768", "٣", "four", "", "4\0"])
def test_what_is_no_number_of_tickets_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="qtysold"):
        sale(qtysold=written)


@given(st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001  a wall clock's
def test_any_instant_of_a_sale_is_read(at: datetime) -> None:
    at = at.replace(microsecond=0, fold=0, tzinfo=UTC)
    assert sale(saletime=f"{at.month}/{at.day}/{at.year} {at:%H:%M:%S}")["sold_at"] == at


@pytest.mark.parametrize(
    "written",
    [
        "2008-02-18 02:36:48",
        "18/2/2008 02:36:48",
        "2/30/2008 02:36:48",
        "2/18/2008 25:00:00",
        "2/18/2008 2:36:48",
        "2/18/08 02:36:48",
        "2/18/2008",
        "2/18/2008 02:36:48 PM",
    ],
)
def test_another_form_of_an_instant_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="saletime"):
        sale(saletime=written)


@pytest.mark.parametrize("never", ["0001-01-01 00:00:00", "1753-01-01 00:00:00", "1900-01-01 00:00:00"])
def test_a_time_that_means_none_is_null_and_reported(tmp_path: Path, never: str) -> None:
    (month, day), year = never[5:10].split("-"), never[:4]
    for entity, line in (
        ("listings", LISTING.replace("2008-01-24 06:43:29", never)),
        ("sales", SALE.replace("2/8/2008 02:36:48", f"{int(month)}/{int(day)}/{year} 00:00:00")),
        ("events", f"3|12|9|1950|Northern Foxes|{never}"),
    ):
        report = validated(tmp_path, entity, line)
        (path,) = report.discards
        assert (report.curated_records, path[-4:]) == (1, "time")
        assert "1901-01-01" in str(report.discards[path].reason)


def test_a_day_that_is_none_is_quarantined_where_a_day_must_be(tmp_path: Path) -> None:
    report = validated(tmp_path, "dates", "1827|0001-01-01|TU|1|JAN|1|2008|TRUE")
    assert report.quarantined_by_reason == {"greater_than_equal at dates.calendar_date": 1}


@pytest.mark.parametrize("written", ["1/24/2008 06:43:29", "2008-13-24 06:43:29", "2008-01-24", "1201156209"])
def test_another_form_of_a_listing_time_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="listtime"):
        rows("listings", LISTING.replace("2008-01-24 06:43:29", written))


@pytest.mark.parametrize("written", ["TRUE", "true", " True "])
def test_a_flag_is_true_false_or_empty(written: str) -> None:
    assert rows("users", USER.replace("TRUE", written, 1))["users"]["likes_sports"] is True
    with pytest.raises(ValidationError, match="likesports"):
        rows("users", USER.replace("TRUE", "perhaps", 1))


def test_what_the_files_call_money_is_a_decimal_everywhere() -> None:
    for table, columns in {
        "sales": ("price_paid", "commission"),
        "listings": ("price_per_ticket", "total_price"),
    }.items():
        columns_by_name = {column.name: column for column in SOURCE.table(table).columns()}
        for name in columns:
            assert str(columns_by_name[name].arrow_type) == "decimal128(8, 2)"
            assert (columns_by_name[name].hive_type, columns_by_name[name].redshift_type) == (
                "decimal(8,2)",
                "DECIMAL(8,2)",
            )


def test_a_broken_line_costs_no_other_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "sales_tab.txt"
    broken = SALE.replace("109.20", "109.2O")
    file.write_text("\n".join([SALE, broken, SALE.replace("1", "2", 1), SALE, SALE + "\t"]) + "\n")
    report = validate_files("tickit", "sales", [file])
    assert (report.raw_records, report.curated_records, report.duplicate_records) == (5, 2, 1)
    assert report.quarantined_by_reason == {
        "string_pattern_mismatch at $.commission": 1,
        "too_many_columns at $": 1,
    }


def validated(tmp_path: Path, entity: str, *lines: str) -> ValidationReport:
    file = tmp_path / f"{entity}.txt"
    file.write_text("\n".join(lines) + "\n")
    report = validate_files("tickit", entity, [file])
    assert report.is_balanced
    return report


def curated_rows(entity: str, file: Path) -> list[dict[str, Any]]:
    """The rows of an entity's own table that a file becomes."""
    with tempfile.TemporaryDirectory() as out:
        lineage = Lineage("run", datetime(2026, 1, 1, tzinfo=UTC))
        report = validate([(file.as_uri(), file.read_bytes())], SOURCE, entity, Path(out), lineage)
        files = [curated_file for curated_file in report.files if curated_file.table == entity]
        return [row for curated_file in files for row in pq.read_table(curated_file.path).to_pylist()]


def books(report: ValidationReport) -> tuple[int, int, int, int]:
    """Raw, curated, quarantined, duplicates."""
    counts = (report.raw_records, report.curated_records, report.quarantined_records, report.duplicate_records)
    assert report.rows.get("user_contacts", 0) in (0, report.curated_records)
    return counts


def test_a_sale_that_comes_again_with_another_price_is_quarantined_and_not_forgotten(tmp_path: Path) -> None:
    dearer = SALE.replace("728.00", "999.00")
    report = validated(tmp_path, "sales", SALE, dearer, SALE, dearer)
    assert books(report) == (4, 1, 2, 1)
    assert report.quarantined_by_reason == {"other_content at sales.sale_id": 2}
    (first,) = report.first_quarantined.values()
    assert first.startswith("line 2 of ")


@pytest.mark.parametrize(
    ("entity", "line", "written", "other"),
    [
        ("users", USER, "ada@brightline.example", "eve@brightline.example"),
        ("users", USER, "Omaha", "Oakland"),
        ("users", USER, "TRUE|FALSE", "TRUE|"),
        ("venues", "8|Glacier Dome|Chicago|IL|20000", "20000", "20001"),
        ("categories", "6|Shows|Musicals|Musical theatre", "Musical theatre", "Theatre"),
        ("dates", "1827|2008-01-01|TU|1|JAN|1|2008|TRUE", "2008-01-01", "2008-01-02"),
        ("events", "3|12|9|1950|Northern Foxes|2008-05-01 19:30:00", "|1950|", "|1951|"),
        ("listings", LISTING, "1820.00", "1820.01"),
        ("sales", SALE, "21191", "21192"),
    ],
    ids=["e-mail", "city", "likes", "seats", "category", "day", "event's day", "total", "buyer"],
)
def test_a_line_of_any_file_that_contradicts_an_earlier_one_is_quarantined(
    tmp_path: Path, entity: str, line: str, written: str, other: str
) -> None:
    assert written in line
    contradicting = line.replace(written, other)
    assert books(validated(tmp_path, entity, line, contradicting)) == (2, 1, 1, 0)
    assert books(validated(tmp_path, entity, line, line)) == (2, 1, 0, 1)


@pytest.mark.parametrize(("written", "shorter"), [("728.00", "728"), ("109.20", "109.2"), ("2/8/2008", "02/08/2008")])
def test_the_same_in_other_words_is_the_same(tmp_path: Path, written: str, shorter: str) -> None:
    assert books(validated(tmp_path, "sales", SALE, SALE.replace(written, shorter))) == (2, 1, 0, 1)


def test_marks_around_a_whole_value_are_no_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "venues.txt"
    file.write_text(
        '1|"Hall, The ""Old"" One"|Toronto|"on"|100\n2|"Left|Right"|"Toronto"|ON|\n'
        '3|"Open|Toronto|ON|\n4|7" Club|T|ON|""\n'
    )
    names = {row["venue_id"]: (row["name"], row["country"], row["seats"]) for row in curated_rows("venues", file)}
    assert names == {
        1: ('Hall, The "Old" One', "CA", 100),
        2: ("Left|Right", "CA", None),
        3: ('"Open', "CA", None),
        4: ('7" Club', "CA", None),
    }


def test_a_broken_line_claims_no_number(tmp_path: Path) -> None:
    assert books(validated(tmp_path, "sales", SALE.replace("109.20", "free"), SALE)) == (2, 1, 1, 0)
