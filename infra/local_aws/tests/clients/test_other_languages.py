"""Clients that are not written in Python: psql, PostgreSQL's JDBC driver and Node's `pg`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import Environment
from .environments import environment, run

_NODE = Path(__file__).with_name("node")
_SESSIONS = Path(__file__).with_name("sessions")


def test_psql(analyst: Environment) -> None:
    psql = shutil.which("psql")
    if psql is None:
        pytest.skip("psql is not installed")
    env = analyst | {"PGSSLMODE": "verify-full"}
    listing = run([psql, "-X", "-At", "-c", "\\dt shop.*", "-c", "\\d shop.sales", "-c", "\\dn"], env)
    assert "shop|venues|table" in listing
    assert "amount|numeric(12,2)" in listing
    query = "SELECT TOP 1 name, NVL(city, '-') FROM shop.venues WHERE name LIKE 'O%'; SHOW search_path;"
    assert run([psql, "-X", "-At", "-c", query], env).splitlines()[0] == "O'Brien \\ Söhne|-"
    refused = subprocess.run(
        [psql, "-X", "-c", "SELECT * FROM shop.buyers"], env=env, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "permission denied for relation buyers" in refused.stderr


def test_pgjdbc(administrator: Environment, tmp_path: Path) -> None:
    run([environment("clients"), _SESSIONS / "pgjdbc.py", _jdbc_driver(tmp_path)], administrator)


def _jdbc_driver(folder: Path) -> Path:
    """The driver from Debian's package; installed or downloaded."""
    installed = Path("/usr/share/java/postgresql.jar")
    if installed.exists():
        return installed
    if shutil.which("apt-get") is None:
        pytest.skip("the JDBC driver comes from Debian's package libpostgresql-jdbc-java, and this is not Debian")
    download = subprocess.run(
        ["apt-get", "download", "libpostgresql-jdbc-java"], cwd=folder, capture_output=True, text=True, check=False
    )
    packages = list(folder.glob("*.deb"))
    if not packages:
        pytest.skip(f"libpostgresql-jdbc-java cannot be downloaded: {download.stderr.strip()[-200:]}")
    subprocess.run(["dpkg-deb", "-x", str(packages[0]), str(folder)], check=True)
    return (folder / "usr/share/java/postgresql.jar").resolve()


def test_node_pg(administrator: Environment, tmp_path: Path) -> None:
    node = shutil.which("node")
    npm = shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node.js is not installed")
    folder = shutil.copytree(_NODE, tmp_path / "node")
    install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the packages of Node's client cannot be installed: {done.stderr.strip()[-300:]}")
    run([node, "session.js"], administrator, folder)
