"""SQLAlchemy with Redshift's dialect, by both of its drivers: reflection, parameters, transactions, pandas-free."""

import os
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import URL

DRIVERS = {
    "redshift+redshift_connector": {},
    "redshift+psycopg2": {"sslmode": "verify-full", "sslrootcert": os.environ["PGSSLROOTCERT"]},
}


def engine_of(driver: str) -> sa.Engine:
    environ = os.environ
    url = URL.create(driver, environ["PGUSER"], environ["PGPASSWORD"], "localhost", int(environ["PGPORT"]), "dev")
    return sa.create_engine(url, connect_args=DRIVERS[driver])


def reflects(engine: sa.Engine) -> None:
    inspector = sa.inspect(engine)
    schemas = inspector.get_schema_names()
    assert "shop" in schemas, schemas
    assert not [schema for schema in schemas if schema.startswith("rs")], schemas
    assert set(inspector.get_table_names("shop")) >= {"venues", "sales", "buyers"}
    assert set(inspector.get_view_names("shop")) >= {"v_sales", "mv_by_venue"}
    columns = {column["name"]: column["type"] for column in inspector.get_columns("sales", schema="shop")}
    assert list(columns) == ["sale_id", "venue_id", "amount", "sold_at", "payload"]
    assert str(columns["amount"]) == "NUMERIC(12, 2)"
    assert inspector.get_pk_constraint("venues", schema="shop")["constrained_columns"] == ["venue_id"]
    keys = inspector.get_foreign_keys("sales", schema="shop")
    assert [(key["referred_table"], key["constrained_columns"]) for key in keys] == [("venues", ["venue_id"])]
    table = sa.Table("sales", sa.MetaData(), schema="shop", autoload_with=engine)
    assert table.c.sale_id.nullable is False


def reads_and_writes(engine: sa.Engine, name: str) -> None:
    metadata = sa.MetaData()
    things = sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("label", sa.String(40)),
        schema="shop",
        redshift_distkey="id",
        redshift_sortkey="id",
    )
    metadata.create_all(engine)
    labels = ["a\\b", "o'x", "\\'", "ends with \\", "$$", "%s $1 :p", "Zoë"]
    with engine.begin() as connection:
        connection.execute(things.insert(), [{"id": at, "label": label} for at, label in enumerate(labels)])
    with engine.connect() as connection:
        rows = connection.execute(sa.select(things.c.label).order_by(things.c.id)).scalars().all()
        assert rows == labels, rows
        for label in labels:
            count = connection.execute(sa.select(sa.func.count()).where(things.c.label == label)).scalar()
            assert count == 1, label
        total = sa.text("SELECT SUM(amount) FROM shop.sales WHERE venue_id = :venue")
        assert connection.execute(total, {"venue": 1}).scalar() == Decimal("30.50")
        assert (
            connection.execute(sa.text("SELECT TOP 1 NVL(city, 'none') FROM shop.venues ORDER BY 1")).scalar()
            == "Austin"
        )
    try:
        with engine.begin() as connection:
            connection.execute(things.delete())
            connection.execute(sa.text("SELECT no_such_column FROM shop.venues"))
    except sa.exc.DBAPIError as error:
        assert "no_such_column" in str(error)
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(things)).scalar() == len(labels)
    metadata.drop_all(engine)


for driver in DRIVERS:
    with_driver = engine_of(driver)
    reflects(with_driver)
    reads_and_writes(with_driver, "things_" + driver.rpartition("+")[2])
    with_driver.dispose()
