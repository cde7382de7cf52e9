"""Users, listings and sales make sense together: whoever loads them can prove every dollar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pytest

from infra.simulators.tickit import calendar, people, programme, trade

TABLES = {
    "users": ("allusers_pipe.txt", "|", "userid, username, first, last, city, state, email, phone"),
    "venues": ("venue_pipe.txt", "|", "venueid, name, city, state, seats"),
    "dates": ("date2008_pipe.txt", "|", "dateid, caldate"),
    "events": ("allevents_pipe.txt", "|", "eventid, venueid, catid, dateid, name, starttime"),
    "listings": ("listings_pipe.txt", "|", "listid, sellerid, eventid, dateid, tickets, price, total, listtime"),
    "sales": (
        "sales_tab.txt",
        "\t",
        "salesid, listid, sellerid, buyerid, eventid, dateid, qtysold, pricepaid, commission, saletime",
    ),
}
SALES_WITH_LISTING = "sales JOIN listings USING (listid)"
SALE_INSTANT = "strptime(saletime, '%-m/%-d/%Y %H:%M:%S')"


@pytest.fixture(scope="module", params=["tickit_files", "quirky_tickit_files"])
def folder(request: pytest.FixtureRequest) -> Path:
    files: Path = request.getfixturevalue(request.param)
    return files


@pytest.fixture(scope="module")
def data(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        for name, (file, delimiter, columns) in TABLES.items():
            connection.execute(
                f"CREATE TABLE {name} AS FROM read_csv(?, delim = ?, header = false, quote = '', all_varchar = true)",
                [str(folder / file), delimiter],
            )
            for place, column in enumerate(columns.split(", ")):
                count = len(connection.execute(f"DESCRIBE {name}").fetchall())
                connection.execute(
                    f"ALTER TABLE {name} RENAME COLUMN column{place:0{len(str(count - 1))}d} TO {column}"
                )
        yield connection


def one(data: duckdb.DuckDBPyConnection, query: str) -> Any:
    return data.execute(query).fetchone()


def test_there_are_as_many_lines_as_published(data: duckdb.DuckDBPyConnection) -> None:
    counts = {name: one(data, f"SELECT count(*) FROM {name}")[0] for name in TABLES}
    assert counts.pop("dates") in {365, 366}  # the published file lacks the leap day
    assert counts == {
        "users": 49_990,
        "venues": 202,
        "events": 8_798,
        "listings": 192_497,
        "sales": 172_456,
    }


@pytest.mark.parametrize(("table", "key"), [("users", "username"), ("listings", "listid"), ("sales", "salesid")])
def test_keys_are_unique_and_those_of_the_facts_have_gaps(
    data: duckdb.DuckDBPyConnection, table: str, key: str
) -> None:
    lines, keys = one(data, f"SELECT count(*), count(DISTINCT {key}) FROM {table}")
    assert lines == keys
    if table != "users":
        assert one(data, f"SELECT max({key}::int) FROM {table}")[0] > lines


@pytest.mark.parametrize(
    "broken",
    [
        f"{SALES_WITH_LISTING} WHERE pricepaid::decimal(8, 2) <> qtysold::int * price::decimal(8, 2)",
        "sales WHERE commission::decimal(12, 4) <> pricepaid::decimal(8, 2) * 0.15",
        "listings WHERE total::decimal(8, 2) <> tickets::int * price::decimal(8, 2)",
        "(SELECT sum(qtysold::int) AS sold, any_value(tickets)::int AS offered "
        f"FROM {SALES_WITH_LISTING} GROUP BY listid) WHERE sold > offered",
        "sales WHERE qtysold::int NOT BETWEEN 1 AND 8",
        "listings WHERE tickets::int NOT BETWEEN 1 AND 30",
        f"{SALES_WITH_LISTING} WHERE sales.sellerid <> listings.sellerid OR sales.eventid <> listings.eventid",
        "sales WHERE sellerid = buyerid",
        "sales ANTI JOIN listings USING (listid)",
        "sales ANTI JOIN users ON sales.buyerid = userid",
        "listings ANTI JOIN users ON listings.sellerid = userid",
        "listings ANTI JOIN events USING (eventid)",
        "listings LEFT JOIN dates USING (dateid) WHERE caldate IS DISTINCT FROM listtime[:10]",
        f"sales LEFT JOIN dates USING (dateid) WHERE caldate::date IS DISTINCT FROM {SALE_INSTANT}::date",
        f"{SALES_WITH_LISTING} WHERE {SALE_INSTANT} < listtime::timestamp",
        f"sales JOIN events USING (eventid) JOIN dates ON events.dateid = dates.dateid "
        f"WHERE {SALE_INSTANT} >= (caldate || starttime[11:])::timestamp",
    ],
)
def test_it_adds_up(data: duckdb.DuckDBPyConnection, broken: str) -> None:
    assert one(data, f"SELECT count(*) FROM {broken}") == (0,)


def test_every_month_and_category_has_sales(data: duckdb.DuckDBPyConnection) -> None:
    assert one(data, "SELECT count(DISTINCT caldate[:7]) FROM sales JOIN dates USING (dateid)") == (12,)
    assert one(data, "SELECT count(DISTINCT catid) FROM sales JOIN events USING (eventid)") == (4,)


def test_nobody_can_be_reached(data: duckdb.DuckDBPyConnection) -> None:
    reachable = r"email NOT LIKE '%.example' OR NOT regexp_full_match(phone, '\(\d{3}\) 555-01\d\d')"
    assert one(data, f"SELECT count(*) FROM users WHERE {reachable}") == (0,)
    assert one(
        data, "SELECT count(*) FROM users WHERE NOT regexp_full_match(username, '[A-Z]{3}[0-9]{2}[A-Z]{3}')"
    ) == (0,)


def test_values_are_written_as_published(folder: Path) -> None:
    money, number = r"\d+\.\d\d", r"\d+"
    listing = rf"({number}\|){{5}}({money}\|){{2}}2008-\d\d-\d\d \d\d:\d\d:\d\d"
    sale = rf"({number}\t){{7}}({money}\t){{2}}[1-9]\d?/[1-9]\d?/2008 \d\d:\d\d:\d\d"
    user = rf"{number}(\|[^|]+){{7}}(\|(TRUE|FALSE|)){{10}}"
    for name, form in (("listings_pipe.txt", listing), ("sales_tab.txt", sale), ("allusers_pipe.txt", user)):
        with (folder / name).open(encoding="ascii", newline="") as lines:
            assert all(re.fullmatch(form + "\n", line) for line in islice(lines, 5_000)), name


def test_any_volume_is_made_piece_by_piece() -> None:
    most = 10**9
    volume = trade.Volume(most, most, most)
    text, _ = next(trade.blocks(7, programme.events(7), volume, calendar.DAYS))
    assert text.count("\n") == 1_000
    assert len(list(islice(people.user_lines(7, most), 1_000))) == 1_000
