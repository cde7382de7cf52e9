"""Passwords of users: what is accepted, what is kept, and what opens a session."""

from __future__ import annotations

import hashlib

import pytest

from infra.local_aws.redshift import RefusedByRedshift
from infra.local_aws.redshift.passwords import is_password, verifier_of
from infra.local_aws.redshift.translator.redaction import redacted

from .conftest import DataApi

SHA256 = f"sha256|{hashlib.sha256(b'Sesame2024salt').hexdigest()}|salt"
MD5 = f"md5{hashlib.md5(b'Sesame2024alice', usedforsecurity=False).hexdigest()}"


@pytest.mark.parametrize(
    "text", ["Sesame2024", "sha256|Sesame2024", SHA256, SHA256.upper().replace("SALT", "salt"), MD5]
)
def test_a_password_is_right_in_every_form_that_redshift_takes(text: str) -> None:
    verifier = verifier_of(text)
    assert is_password("Sesame2024", "alice", verifier)
    assert not is_password("Sesame2025", "alice", verifier)
    assert "Sesame2024" not in verifier


def test_an_md5_digest_is_one_users_only() -> None:
    assert not is_password("Sesame2024", "bob", verifier_of(MD5))


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert verifier_of("Sesame2024") != verifier_of("Sesame2024")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Short1a", "at least 8"),
        ("A1" + "a" * 63, "at most 64"),
        ("sesame2024", "uppercase"),
        ("SESAME2024", "lowercase"),
        ("SesameOpen", "number"),
        ("Sesame@2024", "printable ASCII"),
        ("Sesame 2024", "printable ASCII"),
        ("Sésame2024", "printable ASCII"),
        ("sha256|sesame2024", "uppercase"),
    ],
)
def test_a_clear_password_follows_redshifts_rules(text: str, reason: str) -> None:
    with pytest.raises(RefusedByRedshift, match=reason):
        verifier_of(text)


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("CREATE USER u PASSWORD 'Sesame2024' CREATEDB", "CREATE USER u PASSWORD '***' CREATEDB"),
        ("ALTER USER u WITH PASSWORD 'it''s'; SELECT 'x'", "ALTER USER u WITH PASSWORD '***'; SELECT 'x'"),
        ("COPY t FROM 's3://b/k' CREDENTIALS AS 'a=1;b=2'", "COPY t FROM 's3://b/k' CREDENTIALS AS '***'"),
        (
            "COPY t FROM 's3://b' ACCESS_KEY_ID 'a' SECRET_ACCESS_KEY 'b'",
            "COPY t FROM 's3://b' ACCESS_KEY_ID '***' SECRET_ACCESS_KEY '***'",
        ),
        ("SELECT password, 'x' FROM t", "SELECT password, 'x' FROM t"),
        ("CREATE USER u PASSWORD 'Sesame2024", "CREATE USER u PASSWORD "),
    ],
)
def test_a_statement_is_shown_without_its_secrets(sql: str, shown: str) -> None:
    assert redacted(sql) == shown


def test_the_history_has_no_password(api: DataApi, schema: str) -> None:
    api.run(f"CREATE USER u_{schema} PASSWORD 'Sesame2024'")
    history = api.rows(f"SELECT query_text FROM sys_query_history WHERE query_text LIKE '%u_{schema}%'")
    api.run(f"DROP USER u_{schema}")
    assert (f"CREATE USER u_{schema} PASSWORD '***'",) in history
    assert "Sesame2024" not in str(history)
