"""Clients written in Python that need packages of their own."""

from __future__ import annotations

from pathlib import Path

from .conftest import Environment
from .environments import session


def test_sqlalchemy_redshift(administrator: Environment) -> None:
    session("alchemy", "clients", administrator)


def test_postgresql_drivers(analyst: Environment) -> None:
    session("postgresql_drivers", "clients", analyst)


def test_dlt_redshift(administrator: Environment, tmp_path: Path) -> None:
    session("dlt_destination", "clients", {**administrator, "CLIENT_FOLDER": str(tmp_path)})


def test_redshift_mcp(administrator: Environment) -> None:
    session("mcp_server", "clients", administrator)


def test_superset(analyst: Environment, tmp_path: Path) -> None:
    session("superset_engine", "superset", {**analyst, "SUPERSET_HOME": str(tmp_path)})
