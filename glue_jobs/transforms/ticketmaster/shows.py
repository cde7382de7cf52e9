"""Shows: which listings of a day are of the same show, and which one stands for it.

One show may be listed several times: by the host, by a reseller, and by archtics under another id of the venue, beside
its suites, parking and passes. A listing is compared only with those of its day and place that share a word with it, so
that the work grows with the listings and not with their square. The result depends neither on the order of the rows
nor on how Spark splits them: whatever is chosen is the first by a total order.
"""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame, Window

from schemas.ticketmaster.inventory import REASONS, SEVERAL_DAYS, SHOW

MOST_SHARING = 64
"""Shows of a day and place that may share a word for it to be looked at: "comedy" in Las Vegas finds nothing."""

FESTIVAL_DAYS = 7
"""A ticket for several days belongs to the single days of its festival within so many days."""

GAME_MOVED_MINUTES, BESIDE_A_GAME_MINUTES, OTHER_MINUTES = 180, 240, 360
"""How far starts may differ: of two listings of a game, of what is sold beside one, and of anything that is no show."""

_PARTS_OF_A_HALL = (
    r"\s*[-\u2013(@]*\s*\b(suites?|premium seating|parking|gen adm|general adm|general use|ga\b|vouchers?).*$"
)
_IDLE_HALL_WORDS = (
    "a at and arena auditorium center centre club coliseum field garden hall house in la las of park place room "
    "stadium the theater theatre venue"
)


def listings(
    events: DataFrame, primary_venues: DataFrame, venues: DataFrame, primary_attractions: DataFrame, prices: DataFrame
) -> DataFrame:
    """What is known of each event and helps to tell shows apart, in few columns.

    Args:
        events: curated `events`, one row per event.
        primary_venues: `event_id, venue_id`.
        venues: curated `venues`, one row per venue.
        primary_attractions: `event_id, attraction_id`.
        prices: `event_id`, one row for each event with a price.
    """
    places = venues.select("venue_id", _folded("city").alias("city"), _folded("name").alias("hall_name"))
    first_venue = primary_venues.select("event_id", "venue_id").join(places, "venue_id", "left").drop("venue_id")
    joined = (
        events.join(first_venue, "event_id", "left")
        .join(primary_attractions.select("event_id", "attraction_id"), "event_id", "left")
        .join(prices.select("event_id", sf.lit(True).alias("has_price")), "event_id", "left")
    )
    time_is_unknown = sf.col("is_time_tba") | sf.col("has_no_specific_time")
    minute = sf.hour("start_local_at") * 60 + sf.minute("start_local_at")
    known = joined.select(
        "event_id",
        sf.col("start_date").alias("day"),
        sf.when(~time_is_unknown, minute).alias("minute"),
        "city",
        _nothing_as_null(sf.regexp_replace("hall_name", _PARTS_OF_A_HALL, "")).alias("hall"),
        sf.coalesce(sf.sort_array(sf.split("show_words", " ")), sf.array().cast("array<string>")).alias("words"),
        "attraction_id",
        "is_archtics",
        "is_game",
        "listed_as",
        "non_show_reason",
        "status",
        "has_price",
        "public_sale_start_at",
    )
    return known.withColumn("order", _order())


def shows(listings: DataFrame) -> DataFrame:
    """`event_id, inventory_kind, show_of, is_show, non_show_reason`: one row for each listing.

    What is asked of several times is kept in memory: it is few columns of each listing, and a plan that made it anew
    each time would do most of its work many times over.

    Args:
        listings: the listings of a day, as `listings` makes them.
    """
    settled = _same_attraction(_same_listing(_may_stand(listings))).cache()
    heads = settled.where("head = event_id")
    standing = heads.where("may_stand")
    followers = heads.where(
        (~sf.col("may_stand") & ~sf.col("non_show_reason").eqNullSafe(SEVERAL_DAYS))
        | (sf.col("may_stand") & (sf.col("is_archtics") | sf.col("minute").isNull()))
    )
    alike = _like_a_show(followers, standing).cache()
    placed = alike.select(sf.col("follower").alias("event_id"))
    games = standing.where("is_game").join(placed, "event_id", "left_anti")
    apart = followers.join(placed, "event_id", "left_anti")
    return _decided(settled, alike.unionByName(_beside_a_game(apart, games)))


def _order() -> Column:
    """What stands for a show, first to last: the host, not cancelled, best described, the shortest name, the id."""
    return sf.struct(
        sf.col("is_archtics").alias("archtics"),
        sf.coalesce(sf.col("status") == "cancelled", sf.lit(False)).alias("cancelled"),
        sf.col("minute").isNull().alias("timeless"),
        sf.col("has_price").isNull().alias("priceless"),
        sf.col("attraction_id").isNull().alias("nobody"),
        sf.col("public_sale_start_at").isNull().alias("unsold"),
        sf.size("words").alias("length"),
        sf.col("event_id").alias("id"),
    )


def _may_stand(listings: DataFrame) -> DataFrame:
    """Mark what may stand for a show: what is listed as one, and tickets for several days that are all there is."""
    several = listings.where(sf.col("non_show_reason") == SEVERAL_DAYS)
    single = listings.where((sf.col("listed_as") == SHOW) & ~sf.col("is_archtics"))
    days = sf.abs(sf.datediff(sf.col("several.day"), sf.col("single.day")))
    listed_by_day = (
        several.alias("several")
        .join(single.alias("single"), ["city", "attraction_id"])
        .where(days <= FESTIVAL_DAYS)
        .select("several.event_id", sf.lit(True).alias("is_listed_by_day"))
        .distinct()
    )
    marked = listings.join(sf.broadcast(listed_by_day), "event_id", "left")
    all_there_is = (sf.col("non_show_reason") == SEVERAL_DAYS) & sf.col("is_listed_by_day").isNull()
    return marked.withColumn(
        "may_stand", (sf.col("listed_as") == SHOW) | sf.coalesce(all_there_is, sf.lit(False))
    ).drop("is_listed_by_day")


def _same_listing(listings: DataFrame) -> DataFrame:
    """Give each its `head`: the first listing of that name in that hall at that time, itself if there is none."""
    is_comparable = _has_place_and_day() & (sf.size("words") > 0)
    same = Window.partitionBy(*_key(is_comparable, "city", "hall", "day", "minute", "words")).orderBy("order")
    head = sf.first("event_id").over(same)
    return listings.withColumn("head", head).withColumn("rule", sf.when(head != sf.col("event_id"), "same_listing"))


def _same_attraction(listings: DataFrame) -> DataFrame:
    """Let hosts' listings follow the first of the same attraction and hall and time, if the names are alike as well."""
    is_comparable = (
        _has_place_and_day()
        & (sf.col("head") == sf.col("event_id"))
        & ~sf.col("is_archtics")
        & sf.col("attraction_id").isNotNull()
    )
    same = Window.partitionBy(*_key(is_comparable, "city", "hall", "day", "minute", "attraction_id")).orderBy("order")
    first, first_words = sf.first("event_id").over(same), sf.first("words").over(same)
    marked = listings.withColumn("_first", first).withColumn("_words", first_words)
    follows = (sf.col("_first") != sf.col("event_id")) & _alike(sf.col("words"), sf.col("_words"))
    return (
        marked.withColumn("_follows", follows)
        .withColumn("head", sf.when(sf.col("_follows"), sf.col("_first")).otherwise(sf.col("head")))
        .withColumn("rule", sf.when(sf.col("_follows"), "same_attraction").otherwise(sf.col("rule")))
        .drop("_first", "_words", "_follows")
    )


def _has_place_and_day() -> Column:
    return sf.col("may_stand") & sf.col("day").isNotNull() & sf.col("hall").isNotNull()


def _key(is_comparable: Column, *columns: str) -> list[Column]:
    """Columns that only comparable rows share; each of the others is alone."""
    alone = sf.when(~is_comparable, sf.col("event_id"))
    return [alone, *(sf.when(is_comparable, sf.col(name)) for name in columns)]


def _like_a_show(followers: DataFrame, standing: DataFrame) -> DataFrame:
    """`follower, show, rule`: the show that a follower is a listing of, or is sold beside, by name, place and time."""
    follower, show = followers.alias("f"), standing.alias("s")
    pairs = (
        _sharing_a_word(followers, standing)
        .join(follower, sf.col("follower") == sf.col("f.event_id"))
        .join(show, sf.col("show") == sf.col("s.event_id"))
        .where(_is_of_the_show())
        .cache()
    )
    of_shows = pairs.where("f.may_stand").select(sf.col("follower").alias("show")).distinct()
    same_minute = sf.coalesce(sf.col("f.minute") == sf.col("s.minute"), sf.lit(False))
    choice = sf.struct(
        ~same_minute, ~_same_hall(), sf.col("s.is_archtics"), -_shared(sf.col("f.words"), sf.col("s.words")), "s.order"
    )
    chosen = (
        pairs.select("follower", "show", same_minute.alias("same_minute"), sf.col("s.minute"), choice.alias("choice"))
        .join(of_shows, "show", "left_anti")
        .groupBy("follower")
        .agg(
            sf.min_by("show", "choice").alias("show"),
            sf.max("same_minute").alias("same_minute"),
            sf.countDistinct("minute").alias("starts"),
        )
    )
    return chosen.where("same_minute or starts <= 1").select("follower", "show", sf.lit("like_a_show").alias("rule"))


def _sharing_a_word(followers: DataFrame, standing: DataFrame) -> DataFrame:
    """`follower, show`: those of a day and city, or hall, that share a word; without a city, those of the day."""
    has_place = sf.col("city").isNotNull()
    of_followers = _by_word(followers, sf.when(has_place, sf.array("city", "hall")).otherwise(sf.array(sf.lit("*"))))
    of_shows = _by_word(standing, sf.array(sf.col("city"), sf.col("hall"), sf.lit("*")))
    asked = of_shows.join(of_followers.select("key").distinct(), "key", "left_semi")
    rare = asked.groupBy("key").count().where(sf.col("count") <= MOST_SHARING).select("key")
    return (
        of_followers.withColumnRenamed("event_id", "follower")
        .join(asked.join(rare, "key").withColumnRenamed("event_id", "show"), "key")
        .where("follower <> show")
        .select("follower", "show")
        .distinct()
    )


def _by_word(listings: DataFrame, places: Column) -> DataFrame:
    """`event_id, key`: a key for each word of a listing in each of its places, on its day."""
    dated = listings.where(sf.col("day").isNotNull()).select("event_id", "day", "words", places.alias("places"))
    placed = dated.select("event_id", "day", "words", sf.explode(sf.array_distinct(sf.array_compact("places"))))
    words = placed.select("event_id", "day", sf.col("col").alias("place"), sf.explode("words").alias("word"))
    return words.select("event_id", sf.concat_ws("|", "day", "place", "word").alias("key"))


def _is_of_the_show() -> Column:
    """Whether `f` is another listing of the show `s`, or sold beside it."""
    apart = sf.abs(sf.col("f.minute") - sf.col("s.minute"))
    games = sf.col("f.is_game") & sf.col("s.is_game")
    names = sf.col("f.words"), sf.col("s.words")
    time_known = sf.col("f.minute").isNotNull() & sf.col("s.minute").isNotNull()
    most_apart = sf.when(~sf.col("f.may_stand"), OTHER_MINUTES).when(games, GAME_MOVED_MINUTES).otherwise(0)
    at_the_time = ~time_known | (apart <= most_apart)
    hall_is_no_place = sf.col("f.hall").isNull() | sf.col("s.hall").isNull()
    in_the_place = _same_hall() | games | hall_is_no_place | _halls_alike()
    one_word = (sf.size(names[0]) == 1) | (sf.size(names[1]) == 1)
    in_doubt = sf.col("f.city").isNull() | (one_word & (names[0] != names[1]))
    surely = _shared(*names) >= 2
    sure_enough = ~in_doubt | (surely & ((apart == 0) | games)) | (_same_hall() & (apart == 0))
    of_archtics_or_no_show = sf.col("f.is_archtics") | ~sf.col("f.may_stand")
    same_name = (names[0] == names[1]) & _same_hall()
    stands_first = ~sf.col("f.may_stand") | (sf.col("s.order") < sf.col("f.order"))
    with_a_game = ~sf.col("f.may_stand") & sf.col("s.is_game") & (apart == 0) & _halls_alike() & (_shared(*names) > 0)
    return (
        (_alike(*names) | sf.coalesce(with_a_game, sf.lit(False)))
        & sf.coalesce(at_the_time, sf.lit(False))
        & in_the_place
        & sf.coalesce(sure_enough, sf.lit(False))
        & (of_archtics_or_no_show | same_name)
        & stands_first
    )


def _beside_a_game(followers: DataFrame, games: DataFrame) -> DataFrame:
    """`follower, show, rule`: the game in the hall at that time, or with a word in common soon before or after.

    There is one game at a time in a hall, so that what archtics lists with it, and is no game, is sold beside it.
    """
    first = games.groupBy("day", "city", "hall", "minute").agg(
        sf.min_by(sf.struct("event_id", "words"), "order").alias("game")
    )
    pairs = (
        followers.where(sf.col("is_archtics") & ~(sf.col("is_game") & sf.col("may_stand")))
        .alias("f")
        .join(
            first.alias("s"),
            (sf.col("f.day") == sf.col("s.day"))
            & sf.col("f.city").eqNullSafe(sf.col("s.city"))
            & (sf.col("f.hall") == sf.col("s.hall")),
        )
    )
    apart = sf.abs(sf.col("f.minute") - sf.col("s.minute"))
    shared = _shared(sf.col("f.words"), sf.col("s.game.words"))
    near = pairs.where((apart == 0) | ((apart <= BESIDE_A_GAME_MINUTES) & (shared > 0)))
    chosen = near.groupBy("f.event_id").agg(sf.min_by("s.game.event_id", sf.struct(apart, "s.minute")).alias("show"))
    return chosen.select(sf.col("event_id").alias("follower"), "show", sf.lit("beside_a_game").alias("rule"))


def _decided(settled: DataFrame, followers: DataFrame) -> DataFrame:
    """The columns of each listing, from its head and what that follows."""
    joined = settled.join(
        followers.withColumnRenamed("rule", "head_rule"), settled["head"] == sf.col("follower"), "left"
    )
    show_of = sf.coalesce("show", sf.when(sf.col("may_stand"), sf.col("head")))
    rule = sf.coalesce(sf.when(sf.col("may_stand"), sf.coalesce("head_rule", "rule")), "non_show_reason")
    kind_of = sf.create_map(*(sf.lit(text) for pair in REASONS.items() for text in pair))
    named = joined.select("event_id", "may_stand", "listed_as", show_of.alias("show_of"), rule.alias("rule"))
    is_show = sf.col("may_stand") & (sf.col("show_of") == sf.col("event_id"))
    kind = sf.when(is_show, SHOW).when(sf.col("may_stand"), kind_of[sf.col("rule")]).otherwise(sf.col("listed_as"))
    return named.select(
        "event_id",
        kind.alias("inventory_kind"),
        "show_of",
        is_show.alias("is_show"),
        sf.when(~is_show, sf.col("rule")).alias("non_show_reason"),
    )


def _folded(name: str) -> Column:
    return _nothing_as_null(sf.lower(sf.trim(sf.col(name))))


def _nothing_as_null(text: Column) -> Column:
    return sf.when(sf.trim(text) != "", sf.trim(text))


def _same_hall() -> Column:
    return sf.coalesce(sf.col("f.hall") == sf.col("s.hall"), sf.lit(False))


def _halls_alike() -> Column:
    idle = sf.array(*(sf.lit(word) for word in _IDLE_HALL_WORDS.split()))
    halls = (sf.array_except(sf.split(f"{side}.hall", r"[^\p{L}\p{N}]+"), idle) for side in "fs")
    return sf.coalesce(sf.arrays_overlap(*halls), sf.lit(False))


def _shared(words: Column, others: Column) -> Column:
    return sf.size(sf.array_intersect(words, others))


def _alike(words: Column, others: Column) -> Column:
    """Whether names share at least three fifths of the words of the shorter one."""
    shorter = sf.least(sf.size(words), sf.size(others))
    return (shorter > 0) & (_shared(words, others) * 5 >= shorter * 3)
