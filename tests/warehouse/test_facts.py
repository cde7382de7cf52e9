"""A declared fact becomes a table with its keys, and has words for readers."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import Field

from schemas.contract import Column, CuratedRow
from schemas.types import INTEGER, Id, Integer, Name
from tests.warehouse.test_dimensions import HallRow
from warehouse.dimensions import Dimension
from warehouse.facts import Fact, Reference


class GigRow(CuratedRow):
    """One row per gig."""

    table: ClassVar[str] = "gigs"
    key: ClassVar[tuple[str, ...]] = ("gig_id",)
    gig_id: Id = Field(description="Id at the source.")
    title: Name | None = Field(None, description="Title as sent.")
    hall_id: Id | None = Field(None, description="Id of the hall, known or not.")
    seats: Integer | None = Field(None, description="Seats.")


DAY = Column("gig_date_key", INTEGER, nullable=False, description="Day of the gig, YYYYMMDD")
SOLD = Column("sold_date_key", INTEGER, nullable=False, description="Day of the sale, YYYYMMDD")
HALLS = {"hall": Dimension("hall", row=HallRow), "owner": Dimension("owner", row=HallRow)}


def test_a_fact_has_its_key_its_members_its_days_and_then_the_rest() -> None:
    members = (Reference("hall", carried="name"), Reference("owner", through="hall", description="Who owns the hall"))
    gigs = Fact("gig", row=GigRow, adds=(DAY, SOLD), references=members, spread_by="hall_id", staging_only="seats")
    table = gigs.star_table("music", HALLS)

    assert table.create() == (
        "CREATE TABLE music.fact_gigs (\n"
        "    gig_id VARCHAR(256) NOT NULL ENCODE ZSTD,\n"
        "    hall_id VARCHAR(256) ENCODE ZSTD,\n"
        "    hall_sk BIGINT NOT NULL ENCODE AZ64,\n"
        "    owner_sk BIGINT NOT NULL ENCODE AZ64,\n"
        "    gig_date_key INTEGER NOT NULL ENCODE RAW,\n"
        "    sold_date_key INTEGER NOT NULL ENCODE AZ64,\n"
        "    title VARCHAR(4000) ENCODE ZSTD,\n"
        "    name VARCHAR(4000) ENCODE ZSTD,\n"
        "    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,\n"
        "    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,\n"
        "    PRIMARY KEY (gig_id),\n"
        "    FOREIGN KEY (hall_sk) REFERENCES music.dim_hall (hall_sk),\n"
        "    FOREIGN KEY (owner_sk) REFERENCES music.dim_owner (owner_sk),\n"
        "    FOREIGN KEY (gig_date_key) REFERENCES common.dim_date (date_key),\n"
        "    FOREIGN KEY (sold_date_key) REFERENCES common.dim_date (date_key)\n"
        ")\n"
        "DISTSTYLE KEY\n"
        "DISTKEY (hall_id)\n"
        "SORTKEY (gig_date_key);\n"
    )
    assert "COLUMN music.fact_gigs.hall_sk IS 'The hall; 0 when it is unknown';" in table.comments()
    assert "COLUMN music.fact_gigs.owner_sk IS 'Who owns the hall';" in table.comments()


@pytest.mark.parametrize(
    ("adds", "sorted_by"), [((), "gig_id"), ((DAY,), "gig_date_key"), ((SOLD, DAY), "sold_date_key")]
)
def test_a_fact_is_sorted_by_its_first_day_or_else_by_its_key(adds: tuple[Column, ...], sorted_by: str) -> None:
    table = Fact("gig", row=GigRow, adds=adds).star_table("music", {})
    assert (table.sorted_by, table.spread_by) == ((sorted_by,), "gig_id")
    assert f"{sorted_by} {'INTEGER' if adds else 'VARCHAR(256)'} NOT NULL ENCODE RAW" in table.create()


def test_a_staged_fact_is_stored_where_its_rows_of_the_star_are() -> None:
    assert Fact("gig", row=GigRow).staging_table("music").spread_by == "gig_id"
    assert Fact("gig", row=GigRow, spread_by="hall_id").staging_table("music").spread_by == "hall_id"
