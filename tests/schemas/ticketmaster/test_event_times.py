"""When an event starts and ends, in the words of the API and in the columns of its row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.ticketmaster import normalise
from schemas.ticketmaster.moments import TOLERANCE, Sent, believed
from tests.schemas.ticketmaster.reading import START, event, wall


class TestTimes:
    def test_as_sent(self) -> None:
        row = event(dates={"start": START, "timezone": "America/New_York"})
        assert row["start_date"] == date(2026, 7, 4)
        assert row["start_local_at"] == wall(2026, 7, 4, 19, 30)
        assert row["start_at"] == datetime(2026, 7, 4, 23, 30, tzinfo=UTC)

    def test_the_instant_follows_from_the_wall_and_the_zone(self) -> None:
        start = {"localDate": "2026-12-01", "localTime": "20:00:00"}
        row = event(dates={"start": start, "timezone": "America/Toronto"})
        assert row["start_at"] == datetime(2026, 12, 2, 1, tzinfo=UTC)

    def test_the_wall_follows_from_the_instant_and_the_zone(self) -> None:
        row = event(dates={"start": {"dateTime": "2026-12-02T01:00:00Z"}, "timezone": "America/Toronto"})
        assert (row["start_date"], row["start_local_at"]) == (date(2026, 12, 1), wall(2026, 12, 1, 20))

    def test_the_venue_lends_its_zone(self) -> None:
        start = {"localDate": "2026-12-01", "localTime": "20:00:00"}
        row = event(dates={"start": start}, _embedded={"venues": [{"id": "V", "timezone": "America/Indianapolis"}]})
        assert row["timezone"] == "America/Indianapolis"
        assert row["start_at"] == datetime(2026, 12, 2, 1, tzinfo=UTC)

    @pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../../etc/passwd", "America", "x" * 64])
    def test_without_a_real_zone_nothing_is_made_up(self, zone: str | None) -> None:
        row = event(dates={"start": {"localDate": "2026-12-01", "localTime": "20:00:00"}, "timezone": zone})
        assert row["start_local_at"] == wall(2026, 12, 1, 20)
        assert row["start_at"] is None

    # what is sent (local, UTC, the event's zone, its venue's) -> what is believed (local, UTC, zone, source, conflict)
    NEW_YORK, CHICAGO, NOWHERE = "America/New_York", "America/Chicago", "Mars/Olympus"
    CLAIMS = {
        "all agree": (
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "both", None),
        ),
        "as good as the same": (
            ("2026-07-04T19:30", "2026-07-04T23:45", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:45", NEW_YORK, "both", None),
        ),
        "sixteen minutes apart": (
            ("2026-07-04T19:30", "2026-07-04T23:46", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "local", "time"),
        ),
        "summer time where there is none": (
            ("2026-07-04T19:30", "2026-07-05T00:30", "America/Mexico_City", None),
            ("2026-07-04T19:30", "2026-07-05T01:30", "America/Mexico_City", "local", "time"),
        ),
        "UTC copied to the wall": (
            ("2026-07-04T23:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T23:30", "2026-07-05T03:30", NEW_YORK, "local", "time"),
        ),
        "one minute short of a day": (
            ("2026-07-05T19:29", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-05T19:29", "2026-07-05T23:29", NEW_YORK, "local", "time"),
        ),
        "a day off": (
            ("2026-07-05T19:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", "date"),
        ),
        "a month off": (
            ("2026-08-04T19:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", "date"),
        ),
        "either hour of the two": (
            ("2026-11-01T01:30", "2026-11-01T06:30", NEW_YORK, None),
            ("2026-11-01T01:30", "2026-11-01T06:30", NEW_YORK, "both", None),
        ),
        "the venue's zone fits": (
            ("2026-07-04T18:30", "2026-07-04T23:30", NEW_YORK, CHICAGO),
            ("2026-07-04T18:30", "2026-07-04T23:30", CHICAGO, "both", "other_zone"),
        ),
        "the event's zone fits": (
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, CHICAGO),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "both", None),
        ),
        "unknown zone, known venue": (
            ("2026-07-04T18:30", "2026-07-04T23:30", NOWHERE, CHICAGO),
            ("2026-07-04T18:30", "2026-07-04T23:30", CHICAGO, "both", "unknown_zone"),
        ),
        "unknown zone, unknown venue": (
            ("2026-07-04T19:30", "2026-07-04T23:30", NOWHERE, NOWHERE),
            ("2026-07-04T19:30", "2026-07-04T23:30", None, "both", "unknown_zone"),
        ),
        "unknown zone, wall alone": (
            ("2026-07-04T19:30", None, NOWHERE, None),
            ("2026-07-04T19:30", None, None, "local", "unknown_zone"),
        ),
        "no zone, no offset is that large": (
            ("2026-07-05T14:00", "2026-07-04T23:30", None, None),
            ("2026-07-05T14:00", None, None, "local", "date"),
        ),
        "no zone at all": (
            ("2026-07-04T19:30", "2026-07-04T23:30", None, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", None, "both", None),
        ),
        "UTC alone": (
            (None, "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", None),
        ),
        "a day and UTC": (
            ("2026-07-04", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", None),
        ),
        "a day off and UTC": (
            ("2026-08-04", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", "date"),
        ),
    }

    @pytest.mark.parametrize("case", CLAIMS)
    def test_what_is_believed_of_a_start_that_contradicts_itself(self, case: str) -> None:
        (local, utc, zone, venue_zone), (at_venue, instant, there, source, conflict) = self.CLAIMS[case]
        day, _, clock = (local or "").partition("T")
        start = {"localDate": day or None, "localTime": clock or None, "dateTime": f"{utc}:00Z" if utc else None}
        place = {"venues": [{"id": "V1", "timezone": venue_zone}]}
        row = event(dates={"start": start, "timezone": zone}, _embedded=place)
        assert row["start_local_at"] == datetime.fromisoformat(at_venue)
        assert row["start_date"] == row["start_local_at"].date()
        assert row["start_at"] == (datetime.fromisoformat(f"{instant}+00:00") if instant else None)
        assert (row["timezone"], row["start_source"], row["start_conflict"]) == (there, source, conflict)

    @pytest.mark.parametrize(
        "instant, conflict", [("2026-07-05T03:59:00Z", None), ("2026-08-04T23:30:00Z", "date")], ids=["same", "other"]
    )
    def test_of_a_start_without_a_time_the_day_is_believed(self, instant: str, conflict: str | None) -> None:
        start = {"localDate": "2026-07-04", "dateTime": instant, "noSpecificTime": True}
        row = event(dates={"start": start, "timezone": "America/New_York"})
        assert (row["start_date"], row["start_source"], row["start_conflict"]) == (date(2026, 7, 4), "date", conflict)

    @given(
        st.datetimes(),
        st.datetimes(timezones=st.just(UTC)),
        st.sampled_from([None, "Mars/Olympus", "America/New_York", "Pacific/Apia"]),
        st.sampled_from([None, "Mars/Olympus", "America/Chicago", "Asia/Kolkata"]),
    )
    def test_what_is_believed_never_contradicts_itself(
        self, local: datetime, instant: datetime, zone: str | None, venue_zone: str | None
    ) -> None:
        moment = believed(Sent(local.date(), local.time(), instant), zone, venue_zone)
        assert moment.day == (moment.wall.date() if moment.wall else None)
        if moment.zone and moment.wall and moment.instant:
            there = moment.instant.astimezone(ZoneInfo(moment.zone)).replace(tzinfo=None)
            skipped = normalise.local_of(normalise.instant_of(moment.wall, moment.zone), moment.zone) != moment.wall
            assert abs(there - moment.wall) <= TOLERANCE or skipped

    @pytest.mark.parametrize("flag", ["timeTBA", "noSpecificTime"])
    def test_an_unknown_time_leaves_the_day(self, flag: str) -> None:
        row = event(dates={"start": START | {flag: True}, "timezone": "America/New_York"})
        assert (row["start_date"], row["start_local_at"], row["start_at"]) == (date(2026, 7, 4), None, None)
        assert row["is_time_tba"] == (flag == "timeTBA")
        assert row["has_no_specific_time"] == (flag == "noSpecificTime")

    def test_an_unknown_date_leaves_nothing(self) -> None:
        row = event(dates={"start": {"dateTBA": True}, "status": {"code": "postponed"}})
        assert (row["is_date_tba"], row["start_date"], row["status"]) == (True, None, "postponed")

    @pytest.mark.parametrize(
        "clock, utc", [("01:30:00", (2026, 11, 1, 5, 30)), ("02:30:00", (2026, 11, 1, 7, 30))], ids=["twice", "after"]
    )
    def test_the_hour_that_comes_twice_is_the_first(self, clock: str, utc: tuple[int, ...]) -> None:
        start = {"localDate": "2026-11-01", "localTime": clock}
        row = event(dates={"start": start, "timezone": "America/New_York"})
        assert row["start_at"] == datetime(*utc, tzinfo=UTC)

    def test_placeholders_of_1900_are_unknown(self) -> None:
        sales = {"public": {"startDateTime": "1900-01-01T06:00:00Z", "endDateTime": "2026-07-04T23:00:00Z"}}
        row = event(sales=sales)
        assert row["public_sale_start_at"] is None
        assert row["public_sale_end_at"] == datetime(2026, 7, 4, 23, tzinfo=UTC)

    def test_end_and_initial_start(self) -> None:
        moved = {"localDate": "2026-05-01", "dateTime": "2026-05-02T00:30:00Z"}
        row = event(dates={"end": {"localDate": "2026-07-05", "approximate": True}, "initialStartDate": moved})
        assert (row["end_date"], row["end_at"], row["is_end_approximate"]) == (date(2026, 7, 5), None, True)
        assert row["initial_start_date"] == date(2026, 5, 1)
        assert row["initial_start_at"] == datetime(2026, 5, 2, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        "written", ["20260704", 20260704, "1783207800", 1783207800, "tomorrow", "2026-13-01T00:00"]
    )
    def test_an_instant_that_is_none_is_refused(self, written: Any) -> None:
        with pytest.raises(ValidationError):
            event(dates={"start": {"dateTime": written}})

    def test_another_offset_is_made_utc(self) -> None:
        row = event(dates={"start": {"dateTime": "2026-07-04T19:30:00-04:00"}})
        assert row["start_at"].isoformat() == "2026-07-04T23:30:00+00:00"

    @given(st.datetimes(), st.sampled_from(["America/St_Johns", "Pacific/Apia", "Europe/Lisbon", "Asia/Kolkata"]))
    def test_any_wall_time_has_an_instant_or_leaves_the_calendar(self, moment: datetime, zone: str) -> None:
        instant = normalise.instant_of(moment, zone)
        assert instant is None or instant.tzinfo is UTC
