"""One local AWS for all clients, with a small shop in its warehouse and an analyst who may read the shop's marts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import psycopg
import pytest

from infra.local_aws import LocalAws

Environment = dict[str, str]
ANALYST_PASSWORD = "Clients1"

_SHOP = f"""
CREATE SCHEMA shop;
CREATE TABLE shop.venues (venue_id INT NOT NULL, name VARCHAR(60), city VARCHAR(40), PRIMARY KEY (venue_id))
    DISTSTYLE ALL SORTKEY (venue_id);
CREATE TABLE shop.sales (sale_id BIGINT NOT NULL, venue_id INT REFERENCES shop.venues (venue_id), amount DECIMAL(12, 2),
    sold_at TIMESTAMP, payload SUPER) DISTKEY (venue_id) SORTKEY (sold_at);
CREATE TABLE shop.buyers (buyer_id INT, email VARCHAR(200));
COMMENT ON TABLE shop.venues IS 'Where people go';
INSERT INTO shop.venues VALUES (1, 'Arena', 'Austin'), (2, 'Hall', 'Ottawa'), (3, 'O''Brien \\\\ Söhne', NULL);
INSERT INTO shop.sales SELECT 1, 1, 10.50, '2026-11-01 20:00:00', JSON_PARSE('{{"seats":[{{"row":"A","n":1}}]}}');
INSERT INTO shop.sales SELECT 2, 1, 20.00, '2026-11-02 20:00:00', NULL;
INSERT INTO shop.sales SELECT 3, 2, 5.25, '2026-11-30 21:30:00', JSON_PARSE('{{"seats":[]}}');
INSERT INTO shop.buyers VALUES (1, 'a@example.com');
CREATE VIEW shop.v_sales AS SELECT s.sale_id, v.name, s.amount
    FROM shop.sales s JOIN shop.venues v ON v.venue_id = s.venue_id;
CREATE MATERIALIZED VIEW shop.mv_by_venue AS SELECT venue_id, SUM(amount) AS amount FROM shop.sales GROUP BY venue_id;
CREATE PROCEDURE shop.double_amount(amount INOUT INT) LANGUAGE plpgsql AS $$ BEGIN amount := amount * 2; END $$;
CREATE USER client_analyst PASSWORD '{ANALYST_PASSWORD}';
GRANT USAGE ON SCHEMA shop TO client_analyst;
GRANT SELECT ON shop.venues, shop.sales, shop.v_sales, shop.mv_by_venue TO client_analyst;
"""


@pytest.fixture(scope="session")
def clients_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """The local AWS with the shop, and a bucket for files."""
    with LocalAws(tmp_path_factory.mktemp("clients-aws")) as server:
        boto3.client("s3", endpoint_url=server.url, aws_access_key_id="x", aws_secret_access_key="x").create_bucket(
            Bucket="clients"
        )
        with psycopg.connect(server.warehouse_dsn, autocommit=True) as connection:
            for statement in filter(None, map(str.strip, _SHOP.split(";\n"))):
                connection.execute(statement)  # type: ignore[call-overload]
        yield server


def _administrator(server: LocalAws) -> tuple[str, int, str]:
    """User name, port of the warehouse, and password."""
    parts = urlsplit(server.warehouse_dsn)
    passfile = Path(parse_qs(parts.query)["passfile"][0])
    return str(parts.username), int(parts.port or 0), passfile.read_text().strip().rsplit(":", 1)[1]


@pytest.fixture(scope="session")
def administrator(clients_aws: LocalAws) -> Environment:
    """Environment variables of AWS, libpq, OpenSSL and Node with which a session connects as the administrator."""
    user, port, password = _administrator(clients_aws)
    authority = clients_aws.state_dir / "warehouse-ca.pem"
    return {
        "PGHOST": "localhost",
        "PGPORT": str(port),
        "PGDATABASE": "dev",
        "PGUSER": user,
        "PGPASSWORD": password,
        "PGSSLROOTCERT": str(authority),
        "SSL_CERT_FILE": str(authority),
        "NODE_EXTRA_CA_CERTS": str(authority),
        "AWS_ENDPOINT_URL": clients_aws.url,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@pytest.fixture(scope="session")
def analyst(administrator: Environment) -> Environment:
    """The same for a user who may read the marts and not the buyers."""
    return administrator | {"PGUSER": "client_analyst", "PGPASSWORD": ANALYST_PASSWORD}


@pytest.fixture
def environ(administrator: Environment, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """The administrator's environment, in this process."""
    for name, value in administrator.items():
        monkeypatch.setenv(name, value)
    return administrator
