"""What publishing makes of observations: versions, facts, bridges and their books."""

from __future__ import annotations

from datetime import date, timedelta

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day, load

D1, D2, D3, D4 = (date(2026, 11, day) for day in (20, 21, 22, 23))
FOREVER = date(9999, 12, 31)


def venue_versions(redshift: DirectRedshift, venue_id: str = "V1") -> list[tuple]:
    rows = redshift.execute(
        "SELECT name, valid_from, valid_to, is_current FROM ticketmaster.dim_venue "
        "WHERE venue_id = :venue_id ORDER BY valid_from",
        {"venue_id": venue_id},
    )
    return [tuple(row.values()) for row in rows]


def venue_sk(redshift: DirectRedshift, day: date, venue_id: str = "V1") -> int:
    rows = redshift.execute(
        "SELECT venue_sk FROM ticketmaster.dim_venue WHERE venue_id = :venue_id "
        "AND valid_from <= CAST(:day AS DATE) AND valid_to > CAST(:day AS DATE)",
        {"venue_id": venue_id, "day": day},
    )
    return rows[0]["venue_sk"]


def day(on: date, venue_name: str | None = "Hall", **event: object) -> Day:
    """One event E1 at venue V1."""
    venues = [] if venue_name is None else [{"venue_id": "V1", "name": venue_name}]
    return Day(on, events=[{"event_id": "E1", "venue_id": "V1", **event}], venues=venues)


def books(redshift: DirectRedshift, run_id: str, table: str) -> tuple[int, ...]:
    rows = redshift.execute(
        "SELECT staged_rows, inserted_rows, versioned_rows, unchanged_rows, deleted_rows FROM etl.run_tables "
        "WHERE run_id = :run_id AND layer = 'star' AND table_name = :name",
        {"run_id": run_id, "name": table},
    )
    return tuple(rows[0].values())


def test_a_renamed_venue_gets_a_version_from_the_day_it_was_renamed(redshift: DirectRedshift) -> None:
    load(redshift, day(D1))
    load(redshift, day(D2))
    load(redshift, day(D3, "Arena"))

    assert venue_versions(redshift) == [("Hall", D1, D3, False), ("Arena", D3, FOREVER, True)]


def test_a_snapshot_keeps_the_version_of_its_day_and_the_event_has_the_latest(redshift: DirectRedshift) -> None:
    load(redshift, day(D1))
    load(redshift, day(D2, "Arena"))

    snapshots = redshift.execute(
        "SELECT s.observed_on, v.name FROM ticketmaster.fact_event_snapshots AS s "
        "INNER JOIN ticketmaster.dim_venue AS v ON s.venue_sk = v.venue_sk ORDER BY s.observed_on"
    )
    assert [tuple(row.values()) for row in snapshots] == [(D1, "Hall"), (D2, "Arena")]
    events = redshift.execute(
        "SELECT v.name, f.first_seen_on, f.last_seen_on, f.first_seen_date_key FROM ticketmaster.fact_events AS f "
        "INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk"
    )
    assert [tuple(row.values()) for row in events] == [("Arena", D1, D2, 20261120)]


def test_an_older_day_loaded_late_is_put_between_its_neighbours(redshift: DirectRedshift) -> None:
    load(redshift, day(D1))
    load(redshift, day(D4))
    load(redshift, day(D2, "Arena"))

    assert venue_versions(redshift) == [
        ("Hall", D1, D2, False),
        ("Arena", D2, D4, False),
        ("Hall", D4, FOREVER, True),
    ]


def test_days_loaded_backward_give_the_same_versions(redshift: DirectRedshift) -> None:
    for on, name in ((D3, "Hall"), (D2, "Arena"), (D1, "Hall")):
        load(redshift, day(on, name))

    assert venue_versions(redshift) == [
        ("Hall", D1, D2, False),
        ("Arena", D2, D3, False),
        ("Hall", D3, FOREVER, True),
    ]


def test_an_equal_neighbour_is_extended_and_keeps_its_key(redshift: DirectRedshift) -> None:
    load(redshift, day(D3))
    key = venue_sk(redshift, D3)
    load(redshift, day(D1))
    load(redshift, day(D4))

    assert venue_versions(redshift) == [("Hall", D1, FOREVER, True)]
    assert venue_sk(redshift, D1) == key


def test_a_day_fetched_again_replaces_what_was_seen(redshift: DirectRedshift) -> None:
    load(redshift, day(D1))
    load(redshift, day(D2, "Arena", status="cancelled"))
    load(redshift, day(D2, "Hall", status="onsale"), observation=2)

    assert venue_versions(redshift) == [("Hall", D1, FOREVER, True)]
    rows = redshift.execute("SELECT status, run_id FROM ticketmaster.fact_events")
    assert rows == [{"status": "onsale", "run_id": "ticketmaster_daily-2026-11-21-2"}]


def test_an_event_that_disappears_from_its_only_day_leaves_the_star(redshift: DirectRedshift) -> None:
    both = Day(D1, events=[{"event_id": "E1"}, {"event_id": "E2", "attractions": ["A1"]}])
    load(redshift, both)
    run_id = load(redshift, Day(D1, events=[{"event_id": "E1"}]), observation=2)

    assert redshift.execute("SELECT event_id FROM ticketmaster.fact_events") == [{"event_id": "E1"}]
    assert redshift.execute("SELECT event_id FROM ticketmaster.bridge_event_attraction") == []
    assert books(redshift, run_id, "fact_events") == (1, 0, 0, 1, 1)


def test_an_event_without_venue_or_attraction_points_to_the_unknown_members(redshift: DirectRedshift) -> None:
    load(redshift, Day(D1, events=[{"event_id": "E1"}, {"event_id": "E2", "venue_id": "never seen"}]))

    rows = redshift.execute(
        "SELECT venue_sk, attraction_sk, classification_sk, market_sk FROM ticketmaster.fact_events"
    )
    assert [tuple(row.values()) for row in rows] == [(0, 0, 0, 0)] * 2


def test_a_venue_first_seen_after_its_event_is_pointed_to_all_the_same(redshift: DirectRedshift) -> None:
    load(redshift, day(D1, None))
    load(redshift, day(D2, "Hall"))

    rows = redshift.execute("SELECT DISTINCT venue_sk FROM ticketmaster.fact_event_snapshots")
    assert rows == [{"venue_sk": venue_sk(redshift, D2)}]


def test_what_is_volatile_makes_no_version_and_shows_the_latest_day(redshift: DirectRedshift) -> None:
    venue = {D1: (5, "https://t.com/1", "Czechia"), D2: (7, "https://t.cz/1", "Česko"), D3: (9, None, "Czech Republic")}
    attraction = {D1: ("https://t.com/2", "Music"), D2: ("https://t.cz/2", "Hudba"), D3: ("https://l.com", None)}
    for on in (D1, D3, D2):
        count, page, country = venue[on]
        url, segment = attraction[on]
        load(
            redshift,
            Day(
                on,
                events=[{"event_id": "E1"}],
                venues=[{"venue_id": "V1", "upcoming_events": count, "url": page, "country_name": country}],
                attractions=[{"attraction_id": "A1", "url": url, "segment_name": segment}],
            ),
        )

    rows = redshift.execute(
        "SELECT upcoming_events, url, country_name FROM ticketmaster.dim_venue WHERE venue_id = 'V1'"
    )
    assert [tuple(row.values()) for row in rows] == [venue[D3]]
    rows = redshift.execute("SELECT url, segment_name FROM ticketmaster.dim_attraction WHERE attraction_id = 'A1'")
    assert [tuple(row.values()) for row in rows] == [attraction[D3]]


def test_the_bridges_hold_the_latest_day_without_fan_out(redshift: DirectRedshift) -> None:
    attractions = [{"attraction_id": "A1", "name": "One"}, {"attraction_id": "A2", "name": "Two"}]
    classes = [{"classification_id": "C1"}, {"classification_id": "C2"}]
    event = {"event_id": "E1", "attraction_id": "A1", "attractions": ["A1", "A2"], "classifications": ["C1", "C2"]}
    load(redshift, Day(D1, [event], attractions=attractions, classifications=classes))
    load(redshift, Day(D2, [event | {"attractions": ["A2"]}], attractions=attractions, classifications=classes))

    bridge = redshift.execute(
        "SELECT a.name, b.position AS place, b.is_primary FROM ticketmaster.bridge_event_attraction AS b "
        "INNER JOIN ticketmaster.dim_attraction AS a ON b.attraction_sk = a.attraction_sk"
    )
    assert [tuple(row.values()) for row in bridge] == [("Two", 0, True)]
    rows = redshift.execute("SELECT COUNT(*) AS events FROM ticketmaster.v_events")
    assert rows == [{"events": 1}]


def test_every_version_of_a_venue_has_its_markets(redshift: DirectRedshift) -> None:
    markets = [{"market_id": "11", "name": "Chicago"}, {"market_id": "27", "name": "All of US"}]
    events = [{"event_id": "E1", "venue_id": "V1"}]
    load(redshift, Day(D1, events, [{"venue_id": "V1", "market_ids": "11,27"}], markets=markets))
    load(redshift, Day(D2, events, [{"venue_id": "V1", "market_ids": "27"}], markets=markets))

    rows = redshift.execute(
        "SELECT v.valid_from, m.name FROM ticketmaster.bridge_venue_market AS b "
        "INNER JOIN ticketmaster.dim_venue AS v ON b.venue_sk = v.venue_sk "
        "INNER JOIN ticketmaster.dim_market AS m ON b.market_sk = m.market_sk ORDER BY 1, 2"
    )
    assert [tuple(row.values()) for row in rows] == [(D1, "All of US"), (D1, "Chicago"), (D2, "All of US")]


def test_the_latest_name_of_a_classification_wins_whatever_the_order(redshift: DirectRedshift) -> None:
    new = Day(D2, [{"event_id": "E1"}], classifications=[{"classification_id": "C1", "segment_name": "Musique"}])
    old = Day(D1, [{"event_id": "E1"}], classifications=[{"classification_id": "C1", "segment_name": "Music"}])
    load(redshift, new)
    load(redshift, old)

    rows = redshift.execute(
        "SELECT segment_name, first_seen_on, last_seen_on FROM ticketmaster.dim_classification "
        "WHERE classification_id = 'C1'"
    )
    assert [tuple(row.values()) for row in rows] == [("Musique", D1, D2)]


def test_the_books_say_what_became_of_every_staged_row(redshift: DirectRedshift) -> None:
    first = load(redshift, Day(D1, [{"event_id": "E1"}, {"event_id": "E2"}], [{"venue_id": "V1"}, {"venue_id": "V2"}]))
    second = load(
        redshift,
        Day(
            D2,
            [{"event_id": "E1"}, {"event_id": "E2", "status": "cancelled"}, {"event_id": "E3"}],
            [{"venue_id": "V1"}, {"venue_id": "V2", "name": "Arena"}, {"venue_id": "V3"}],
        ),
    )

    assert books(redshift, first, "dim_venue") == (2, 2, 0, 0, 0)
    assert books(redshift, second, "dim_venue") == (3, 1, 1, 1, 0)
    assert books(redshift, second, "fact_events") == (3, 1, 1, 1, 0)
    assert books(redshift, second, "fact_event_snapshots") == (3, 3, 0, 0, 0)


def test_a_repeated_day_changes_nothing(redshift: DirectRedshift) -> None:
    load(redshift, day(D1))
    before = redshift.execute("SELECT * FROM ticketmaster.fact_events")
    run_id = load(redshift, day(D1))

    assert redshift.execute("SELECT * FROM ticketmaster.fact_events") == before
    assert books(redshift, run_id, "fact_event_snapshots") == (1, 0, 0, 1, 0)
    assert books(redshift, run_id, "dim_venue") == (1, 0, 0, 1, 0)


def test_a_day_reads_no_other_day_however_many_there_are(redshift: DirectRedshift) -> None:
    """Loaded in order, with venues and attractions renamed, events that come and events that go each day."""
    history: tuple[str, ...] = ("fact_event_snapshots", "venue_observations", "attraction_observations")
    history += (
        "market_observations",
        "classification_observations",
        "event_attraction_observations",
        "event_classification_observations",
    )
    days, size = 20, 50
    session = redshift.sibling()
    session._connection.execute("SET enable_seqscan = off")  # a table of a few pages would be read whole
    session._connection.commit()
    for number in range(days):
        keys = range(number * 5, number * 5 + size)
        observed = Day(
            D1 + timedelta(days=number),
            [
                {"event_id": f"E{key}", "venue_id": f"V{key}", "attraction_id": f"A{key}"}
                | {"attractions": [f"A{key}"], "classifications": [f"C{key}"]}
                for key in keys
            ],
            [{"venue_id": f"V{key}", "name": f"Hall {key + number}", "upcoming_events": number} for key in keys],
            [{"attraction_id": f"A{key}", "name": f"Band {key}", "upcoming_events": number} for key in keys],
            [{"classification_id": f"C{key}", "segment_name": f"Music {number}"} for key in keys],
            [{"market_id": f"{key}", "name": "Chicago"} for key in keys],
        )
        # The same statistics whatever ran before: without any, the planner may take an empty-looking table whole.
        session._connection.commit()
        session._connection.execute(f"ANALYZE {', '.join(f'ticketmaster.{table}' for table in history)}")
        session._connection.commit()
        before = _rows_read(session, history)
        load(session, observed)
    read = {table: rows - before[table] for table, rows in _rows_read(session, history).items()}
    session.close()

    # Each statement reads the day's rows; a single one that read the other days too would add 19 times as many.
    assert all(rows <= 10 * size for rows in read.values()), read
    assert read["fact_event_snapshots"] > 0, "something was counted"


def _rows_read(redshift: DirectRedshift, tables: tuple[str, ...]) -> dict[str, int]:
    """Rows that statements have read of each table since the server began, by scans and by index."""
    with redshift._connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        redshift._connection.commit()
        cursor.execute(
            "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_all_tables "
            "WHERE schemaname = 'ticketmaster' AND relname = ANY(%s)",
            [list(tables)],
        )
        counts = dict(cursor.fetchall())
        redshift._connection.commit()
    return counts
