"""Superset's Redshift engine, without its web server: lists of a schema, a query, and a chart with each time grain."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from superset.models.core import Database

BEGIN = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)
END = datetime(2026, 12, 1, tzinfo=UTC).replace(tzinfo=None)


def superset_database() -> Database:
    """The warehouse as a Superset database, as its form "connect a database" would define it."""
    from superset.models.core import Database

    environ = os.environ
    uri = f"redshift+psycopg2://{environ['PGUSER']}:{environ['PGPASSWORD']}@localhost:{environ['PGPORT']}/dev"
    extra = '{"engine_params": {"connect_args": {"sslmode": "verify-full", "sslrootcert": "%s"}}}'
    database = Database(database_name="warehouse", extra=extra % environ["PGSSLROOTCERT"])
    database.set_sqlalchemy_uri(uri)
    return database


def lists(database: Database) -> None:
    from superset.sql.parse import Table

    assert "shop" in database.get_all_schema_names(catalog=None)
    tables = {name for name, _, _ in database.get_all_table_names_in_schema(catalog=None, schema="shop")}
    assert {"venues", "sales"} <= tables, tables
    views = {name for name, _, _ in database.get_all_view_names_in_schema(catalog=None, schema="shop")}
    assert {"v_sales", "mv_by_venue"} <= views, views
    columns = {column["column_name"]: str(column["type"]) for column in database.get_columns(Table("sales", "shop"))}
    assert columns["amount"] == "NUMERIC(12, 2)", columns
    assert "TIMESTAMP" in columns["sold_at"], columns


def queries(database: Database) -> None:
    frame = database.get_df("SELECT TOP 1 name, NVL(city, '-') AS city FROM shop.venues ORDER BY venue_id DESC")
    assert frame.to_dict("records") == [{"name": "O'Brien \\ Söhne", "city": "-"}], frame


def draws_a_chart(database: Database) -> None:
    """Every time grain of the engine, as the x axis of a chart over a dataset."""
    from superset.connectors.sqla.models import SqlaTable, SqlMetric, TableColumn

    dataset = SqlaTable(
        table_name="sales",
        schema="shop",
        database=database,
        main_dttm_col="sold_at",
        columns=[TableColumn(column_name="sold_at", is_dttm=True, type="TIMESTAMP")],
        metrics=[SqlMetric(metric_name="total", expression="SUM(amount)")],
    )
    grains = [grain for grain in database.db_engine_spec.get_time_grain_expressions() if grain]
    assert {"P1D", "P1W", "P1M"} <= set(grains), grains
    for grain in grains:
        result = dataset.query({
            "granularity": "sold_at", "from_dttm": BEGIN, "to_dttm": END,
            "metrics": ["total"], "groupby": [], "columns": [], "is_timeseries": True, "filter": [], "orderby": [],
            "extras": {"time_grain_sqla": grain}, "row_limit": 100, "timeseries_limit": 0, "series_limit": 0,
        })  # fmt: skip
        assert result.error_message is None, (grain, result.query, result.error_message)
        assert float(result.df["total"].sum()) == 35.75, (grain, result.query, result.df)


if __name__ == "__main__":
    from superset.app import create_app

    with create_app().app_context():
        warehouse = superset_database()
        lists(warehouse)
        queries(warehouse)
        draws_a_chart(warehouse)
