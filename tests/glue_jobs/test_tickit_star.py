"""The TICKIT job's work on the local AWS: from a real crawl into real staging tables."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from aws_services import resources
from aws_services.glue_crawler import GlueCrawler
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from glue_jobs import glue_args, star_job
from glue_jobs.tickit_star import JOB
from infra.stack.local_resources import provision
from lake.layout import RunId
from lake.store import Lake
from schemas.tickit import SOURCE
from tests.glue_jobs.curated_days import put_day
from warehouse.migrate import migrate

pytestmark = pytest.mark.service

RUN = RunId("tickit_load", date(2008, 12, 31))
MAY_5 = 1951
SALE = {"listing_id": 1, "seller_id": 1, "buyer_id": 2, "event_id": 1, "quantity_sold": 2, "commission": "0.15"}
LISTING = {"seller_id": 1, "event_id": 1, "ticket_count": 4, "price_per_ticket": "0.50"}
DAY = {
    "users": {
        "users": [{"user_id": 1, "state": "NY", "likes_jazz": True}, {"user_id": 2}],
        "user_contacts": [{"user_id": 1, "first_name": "Zoë", "email": "zoe@example.com"}, {"user_id": 2}],
    },
    "venues": {"venues": [{"venue_id": 1, "name": "Lyric Opera House", "country": "US"}]},
    "dates": {"dates": [{"date_id": MAY_5, "calendar_date": "2008-05-05", "is_holiday": False}]},
    "events": {
        "events": [
            {"event_id": 1, "venue_id": 1, "date_id": MAY_5, "start_local_at": "2008-05-01 20:00:00"},
            {"event_id": 2, "venue_id": 12},
        ]
    },
    "listings": {
        "listings": [
            {"listing_id": 1, "date_id": MAY_5, "total_price": "999999.99", "listed_at": "2008-05-05 00:00:01"}
            | LISTING
        ]
    },
    "sales": {
        "sales": [
            {"sale_id": 1, "date_id": MAY_5, "price_paid": "728.10", "sold_at": "2008-03-09 02:30:00"} | SALE,
            {"sale_id": 2, "date_id": 7777, "price_paid": "999999.99"} | SALE,
        ]
    },
}
ROWS = {
    "tickit_users": 2,
    "tickit_user_contacts": 2,
    "tickit_venues": 1,
    "tickit_categories": 0,
    "tickit_dates": 1,
    "tickit_events": 2,
    "tickit_listings": 1,
    "tickit_sales": 2,
}


@pytest.fixture(scope="module")
def redshift(local_aws, spark):
    """The warehouse after the job ran for one validated and crawled day."""
    provision(local_aws.url)
    redshift, lake = RedshiftData(), Lake(S3(), resources.LAKE_BUCKET)
    migrate(redshift)
    put_day(lake, SOURCE, RUN, DAY)
    GlueCrawler(resources.TICKIT_CURATED_CRAWLER.name).run()
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme")
    directory = local_aws.state_dir / "s3" / lake.bucket
    hadoop.set(f"fs.viewfs.mounttable.{lake.bucket}.linkFallback", f"file://{directory}/")
    star_job.run(JOB, glue_args.parse(["--run_id", str(RUN)]), spark)
    yield redshift
    spark.catalog.clearCache()
    for table in ROWS:
        redshift.execute(f"DELETE FROM staging.{table} WHERE run_id = :run_id", {"run_id": str(RUN)})
    for prefix in ("curated/tickit/", "staging/tickit_load/"):
        lake.s3.delete_prefix(lake.bucket, prefix)


def rows(redshift, table, columns):
    records = redshift.execute(
        f"SELECT {columns} FROM staging.{table} WHERE run_id = :run_id ORDER BY 1", {"run_id": str(RUN)}
    )
    return [tuple(row.values()) for row in records]


def test_every_row_of_every_table_is_loaded(redshift):
    assert {table: rows(redshift, table, "COUNT(*) AS n")[0][0] for table in ROWS} == ROWS


def test_a_sale_arrives_to_the_cent_and_the_second_with_its_true_day_or_none(redshift):
    columns = "sale_id, buyer_id, sale_date_key, sale_date, quantity_sold, price_paid, commission, sold_at"
    cents = Decimal("0.15")
    assert rows(redshift, "tickit_sales", columns) == [
        (1, 2, 20080505, date(2008, 5, 5), 2, Decimal("728.10"), cents, datetime.fromisoformat("2008-03-09 02:30:00")),
        (2, 2, 0, None, 2, Decimal("999999.99"), cents, None),
    ]


def test_a_listing_arrives_with_both_prices(redshift):
    columns = "listing_id, ticket_count, price_per_ticket, total_price, listing_date_key"
    assert rows(redshift, "tickit_listings", columns) == [(1, 4, Decimal("0.50"), Decimal("999999.99"), 20080505)]


def test_an_event_starts_on_its_true_day_and_keeps_a_venue_that_nobody_knows(redshift):
    columns = "event_id, venue_id, event_date_key, event_date, start_local_at, is_day_corrected"
    assert rows(redshift, "tickit_events", columns) == [
        (1, 1, 20080505, date(2008, 5, 5), datetime.fromisoformat("2008-05-05 20:00:00"), True),
        (2, 12, 0, None, None, False),
    ]


def test_who_a_user_is_arrives_in_a_table_of_its_own(redshift):
    assert rows(redshift, "tickit_users", "user_id, state, likes_jazz") == [(1, "NY", True), (2, None, None)]
    contacts = [(1, "Zoë", "zoe@example.com"), (2, None, None)]
    assert rows(redshift, "tickit_user_contacts", "user_id, first_name, email") == contacts
