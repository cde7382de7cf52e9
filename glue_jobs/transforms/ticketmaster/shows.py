"""Shows: decides which listings of a day belong to the same show, and which of them represents it.

One show may have several listings: by the host, by a reseller, and by archtics under another id of the venue, next to
its suites, parking and passes. A listing is compared only with those of its day and place that share a word with it,
so the work grows with the number of listings, not with its square. The result doesn't depend on the order of the rows
or on Spark's partitions: every choice is the first by a total order.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from schemas.ticketmaster.inventory import REASONS, SEVERAL_DAYS, SHOW

MOST_SHARING = 64
"""A word that more shows of a day and place share is ignored, such as "comedy" in Las Vegas."""

FESTIVAL_DAYS = 7
"""A ticket for several days belongs to single days of its festival that are at most this many days away."""

GAME_MOVED_MINUTES = 180
"""The most minutes between the starts of two listings of one game."""
BESIDE_A_GAME_MINUTES = 240
"""The most minutes between the start of a game and that of a product sold with it."""
OTHER_MINUTES = 360
"""The most minutes between the start of a show and that of any other non-show."""

_PARTS_OF_A_HALL = (
    r"\\s*[-\u2013(@]*\\s*\\b(suites?|premium seating|parking|gen adm|general adm|general use|ga\\b|vouchers?).*$"
)
_IDLE_HALL_WORDS = (
    "a at and arena auditorium center centre club coliseum field garden hall house in la las of park place room "
    "stadium the theater theatre venue"
)

# Expressions are text: Spark parses each at once, while columns built in Python need a call for every part.
_ORDER = """struct(
    is_archtics as archtics, coalesce(status = 'cancelled', false) as cancelled, minute is null as timeless,
    has_price is null as priceless, attraction_id is null as nobody, public_sale_start_at is null as unsold,
    size(words) as length, event_id as id
)"""
"""The order of listings that may represent a show: the host's, not cancelled, best described, shortest name, id."""

_HAS_PLACE_AND_DAY = "may_stand and day is not null and hall is not null"
_SHARED = "size(array_intersect(f.words, s.words))"
_SHORTER = "least(size(f.words), size(s.words))"
_ALIKE = f"({_SHORTER} > 0 and {_SHARED} * 5 >= {_SHORTER} * 3)"
"""Whether two names share at least three fifths of the words of the shorter one."""

_APART = "abs(f.minute - s.minute)"
_SAME_MINUTE = f"coalesce({_APART} = 0, false)"
_SAME_HALL = "coalesce(f.hall = s.hall, false)"
_HALLS_ALIKE = "coalesce(arrays_overlap(f.hall_words, s.hall_words), false)"
_GAMES = "(f.is_game and s.is_game)"

_AT_THE_TIME = f"""(f.minute is null or s.minute is null or {_APART} <=
    case when not f.may_stand then {OTHER_MINUTES} when {_GAMES} then {GAME_MOVED_MINUTES} else 0 end)"""
_IN_THE_CITY = "(f.city is null or s.city is null or f.city = s.city or s.is_game)"
"""Halls with the same name are in many cities, but a team plays in one, however its city is spelled."""

_IN_THE_PLACE = f"({_SAME_HALL} or {_GAMES} or f.hall is null or s.hall is null or {_HALLS_ALIKE}) and {_IN_THE_CITY}"
_IN_DOUBT = f"(f.city is null or ({_SHORTER} = 1 and f.words <> s.words))"
_SURE = (
    f"""(not {_IN_DOUBT} or ({_SHARED} >= 2 and ({_SAME_MINUTE} or {_GAMES})) or ({_SAME_HALL} and {_SAME_MINUTE}))"""
)
_WITH_A_GAME = f"(not f.may_stand and s.is_game and {_SAME_MINUTE} and {_HALLS_ALIKE} and {_SHARED} > 0)"
_MAY_FOLLOW = f"""(not f.may_stand
    or (s.rank < f.rank and (f.is_archtics or (f.words = s.words and {_SAME_HALL}))))"""
_IS_OF_THE_SHOW = f"({_ALIKE} or {_WITH_A_GAME}) and {_AT_THE_TIME} and {_IN_THE_PLACE} and {_SURE} and {_MAY_FOLLOW}"
"""Whether `f` is another listing of the show `s`, or sold with it."""


def listings(
    events: DataFrame, primary_venues: DataFrame, venues: DataFrame, primary_attractions: DataFrame, prices: DataFrame
) -> DataFrame:
    """The columns of each event that help to distinguish shows.

    Args:
        events: curated `events`, one row per event.
        primary_venues: `event_id, venue_id`.
        venues: curated `venues`, one row per venue.
        primary_attractions: `event_id, attraction_id`.
        prices: `event_id`, one row for each event with a price.
    """
    places = venues.selectExpr("venue_id", "lower(trim(city)) as city_name", "lower(trim(name)) as hall_name")
    joined = (
        events.join(primary_venues.select("event_id", "venue_id"), "event_id", "left")
        .join(places, "venue_id", "left")
        .join(primary_attractions.select("event_id", "attraction_id"), "event_id", "left")
        .join(prices.selectExpr("event_id", "true as has_price"), "event_id", "left")
    )
    minute = (
        "if(is_time_tba or has_no_specific_time, null, hour(start_local_at) * 60 + minute(start_local_at)) as minute"
    )
    known = joined.selectExpr(
        *("event_id", "start_date as day", minute, "nullif(city_name, '') as city", "attraction_id", "has_price"),
        *("is_archtics", "is_game", "listed_as", "non_show_reason", "status", "public_sale_start_at"),
        f"nullif(trim(regexp_replace(hall_name, '{_PARTS_OF_A_HALL}', '')), '') as hall",
        "coalesce(array_sort(split(show_words, ' ')), cast(array() as array<string>)) as words",
    )
    idle = f"split('{_IDLE_HALL_WORDS}', ' ')"
    hall_words = f"array_except(split(hall, '[^\\\\p{{L}}\\\\p{{N}}]+'), {idle}) as hall_words"
    return known.selectExpr(
        *("event_id", "day", "minute", "city", "hall", hall_words, "words", "attraction_id"),
        *("is_archtics", "is_game", "listed_as", "non_show_reason", f"{_ORDER} as rank"),
    )


def shows(listings: DataFrame) -> DataFrame:
    """`event_id, inventory_kind, show_of, is_show, non_show_reason`: one row for each listing.

    The listings are computed once: they have few columns and are used several times. Those that may follow another one
    are few, and are broadcast to the others.

    Args:
        listings: the listings of a day, from `listings`.
    """
    known = listings.localCheckpoint(eager=False)
    settled = _same_attraction(_same_listing(_may_stand(known))).localCheckpoint(eager=False)
    standing = settled.where("may_stand and head = event_id")
    followers = settled.where(
        f"""head = event_id and if(may_stand, is_archtics or minute is null,
            not coalesce(non_show_reason = '{SEVERAL_DAYS}', false))"""
    )
    alike = _like_a_show(followers, standing).localCheckpoint(eager=False)
    apart = followers.where("is_archtics and not (is_game and may_stand)")
    beside = _beside_a_game(_without(apart, alike), _without(standing.where("is_game"), alike))
    return _decided(settled, alike.unionByName(beside))


def _may_stand(listings: DataFrame) -> DataFrame:
    """Mark listings that may represent a show: those listed as one, and several-day tickets without single days."""
    several = listings.where(f"non_show_reason = '{SEVERAL_DAYS}'").alias("several")
    single = listings.where(f"listed_as = '{SHOW}' and not is_archtics").alias("single")
    listed_by_day = (
        single.join(sf.broadcast(several), ["city", "attraction_id"])
        .where(f"abs(datediff(several.day, single.day)) <= {FESTIVAL_DAYS}")
        .selectExpr("several.event_id", "true as is_listed_by_day")
        .distinct()
    )
    all_there_is = f"(coalesce(non_show_reason = '{SEVERAL_DAYS}', false) and is_listed_by_day is null)"
    return listings.join(sf.broadcast(listed_by_day), "event_id", "left").selectExpr(
        *listings.columns, f"listed_as = '{SHOW}' or {all_there_is} as may_stand"
    )


def _same_listing(listings: DataFrame) -> DataFrame:
    """Give each listing its `head`: the first one with its name, hall and time, or itself if it is the first."""
    key = _key(f"{_HAS_PLACE_AND_DAY} and size(words) > 0", "city", "hall", "day", "minute", "words")
    headed = listings.selectExpr("*", f"first(event_id) over (partition by {key} order by rank) as head")
    return headed.selectExpr("*", "if(head <> event_id, 'same_listing', null) as rule")


def _same_attraction(listings: DataFrame) -> DataFrame:
    """Let hosts' listings follow the first one with the same attraction, hall and time, if the names are alike."""
    is_comparable = f"{_HAS_PLACE_AND_DAY} and head = event_id and not is_archtics and attraction_id is not null"
    key = _key(is_comparable, "city", "hall", "day", "minute", "attraction_id")
    first = f"first(struct(event_id, words)) over (partition by {key} order by rank) as first"
    alike = _ALIKE.replace("f.words", "words").replace("s.words", "first.words")
    marked = listings.selectExpr("*", first).selectExpr("*", f"first.event_id <> event_id and {alike} as follows")
    kept = (name for name in listings.columns if name not in {"head", "rule"})
    return marked.selectExpr(
        *kept, "if(follows, first.event_id, head) as head", "if(follows, 'same_attraction', rule) as rule"
    )


def _key(is_comparable: str, *columns: str) -> str:
    """Grouping columns: comparable rows share them, and every other row is a group of its own."""
    shared = ", ".join(f"if({is_comparable}, {name}, null)" for name in columns)
    return f"if({is_comparable}, null, event_id), {shared}"


def _like_a_show(followers: DataFrame, standing: DataFrame) -> DataFrame:
    """`follower, show, rule`: the show that a follower is a listing of, or is sold with, by name, place and time."""
    pairs = (
        _sharing_a_word(followers, standing)
        .join(sf.broadcast(followers.alias("f")), sf.expr("follower = f.event_id"))
        .join(standing.alias("s"), sf.expr("show = s.event_id"))
        .where(_IS_OF_THE_SHOW)
        .selectExpr(
            *("follower", "show", "f.may_stand", f"{_SAME_MINUTE} as same_minute", "s.minute"),
            f"struct(not {_SAME_MINUTE}, not {_SAME_HALL}, s.is_archtics, -{_SHARED}, s.rank) as choice",
        )
        .localCheckpoint(eager=False)
    )
    following = pairs.where("may_stand").selectExpr("follower as show").distinct()
    chosen = (
        pairs.join(sf.broadcast(following), "show", "left_anti")
        .groupBy("follower")
        .agg(
            sf.expr("min_by(show, choice) as show"), sf.expr("max(same_minute) or count(distinct minute) <= 1 as clear")
        )
    )
    return chosen.where("clear").selectExpr("follower", "show", "'like_a_show' as rule")


def _sharing_a_word(followers: DataFrame, standing: DataFrame) -> DataFrame:
    """`follower, show`: pairs of a day and city, or hall, that share a word; without a city, pairs of the day.

    Only shows that share a word and a place with a follower are shuffled.
    """
    of_followers = _by_word(followers, "if(city is null, array('*'), array(city, hall))", "follower")
    of_shows = _by_word(standing, "array(city, hall, '*')", "show")
    candidates = of_shows.join(sf.broadcast(of_followers.select("key").distinct()), "key", "left_semi")
    rare = candidates.groupBy("key").agg(sf.expr("collect_list(show) as shows")).where(f"size(shows) <= {MOST_SHARING}")
    pairs = rare.join(of_followers, "key").selectExpr("follower", "explode(shows) as show")
    return pairs.where("follower <> show").distinct()


def _by_word(listings: DataFrame, places: str, name: str) -> DataFrame:
    """The listing as column `name`, and `key`: one row for each of its words in each of its places, on its day.

    Keys are hashes, which are faster to shuffle. If two are the same by chance, two names are compared needlessly.
    """
    placed = listings.where("day is not null").selectExpr(
        f"event_id as {name}", "day", "words", f"explode(array_distinct(array_compact({places}))) as place"
    )
    worded = placed.selectExpr(name, "day", "place", "explode(words) as word")
    return worded.selectExpr(name, "xxhash64(day, place, word) as key")


def _beside_a_game(followers: DataFrame, games: DataFrame) -> DataFrame:
    """`follower, show, rule`: the game in the hall at that time, or shortly before or after with a common word.

    A hall has one game at a time, so other products that archtics lists at that time are sold with it.
    """
    first = games.groupBy("day", "city", "hall", "minute").agg(
        sf.expr("min_by(event_id, rank) as game"), sf.expr("min_by(words, rank) as words")
    )
    in_the_hall = "f.day = s.day and f.city <=> s.city and f.hall = s.hall"
    near = f"{_SAME_MINUTE} or ({_APART} <= {BESIDE_A_GAME_MINUTES} and {_SHARED} > 0)"
    pairs = followers.alias("f").join(first.alias("s"), sf.expr(in_the_hall)).where(near)
    chosen = pairs.groupBy("f.event_id").agg(sf.expr(f"min_by(game, struct({_APART}, s.minute)) as show"))
    return chosen.selectExpr("event_id as follower", "show", "'beside_a_game' as rule")


def _without(listings: DataFrame, followers: DataFrame) -> DataFrame:
    return listings.join(sf.broadcast(followers.selectExpr("follower as event_id")), "event_id", "left_anti")


def _decided(settled: DataFrame, followers: DataFrame) -> DataFrame:
    """The result columns of each listing, from its head and the show that the head follows."""
    heads = followers.selectExpr("follower as head", "show", "rule as head_rule")
    named = settled.join(sf.broadcast(heads), "head", "left").selectExpr(
        *("event_id", "may_stand", "listed_as"),
        "coalesce(show, if(may_stand, head, null)) as show_of",
        "coalesce(if(may_stand, coalesce(head_rule, rule), null), non_show_reason) as reason",
    )
    decided = named.selectExpr("*", "may_stand and show_of = event_id as is_show")
    kinds = ", ".join(f"'{rule}', '{kind}'" for rule, kind in REASONS.items())
    kind = f"case when is_show then '{SHOW}' when may_stand then map({kinds})[reason] else listed_as end"
    return decided.selectExpr(
        *("event_id", f"{kind} as inventory_kind", "show_of", "is_show"),
        "if(is_show, null, reason) as non_show_reason",
    )
