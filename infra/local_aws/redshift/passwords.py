"""Passwords of the database's users: what Redshift accepts in CREATE USER, what it keeps, and whether one is right.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from .errors import RefusedByRedshift

_MD5 = re.compile(r"md5[0-9a-f]{32}")
_SHA256 = re.compile(r"sha256\|([0-9a-f]{64})\|([^|]+)", re.IGNORECASE)
_CLEAR_SHA256 = "sha256|"
_FORBIDDEN = frozenset("'\"\\/@ ")
_LENGTHS = range(8, 65)


def verifier_of(text: str) -> str:
    """The stored form of the text after PASSWORD: `md5<digest>`, or `sha256|<digest>|<salt>`, but never the clear text.

    Args:
        text: a password in clear text, perhaps after `sha256|`; or one of the two verifiers.

    Raises:
        RefusedByRedshift: the clear text breaks a rule for passwords.
    """
    if _MD5.fullmatch(text):
        return text
    if _SHA256.fullmatch(text):
        scheme, digest, salt = text.split("|")
        return f"{scheme.lower()}|{digest.lower()}|{salt}"
    clear = text[len(_CLEAR_SHA256) :] if text.lower().startswith(_CLEAR_SHA256) else text
    _check(clear)
    salt = secrets.token_hex(16)
    return f"sha256|{_sha256(clear, salt)}|{salt}"


def is_password(password: str, user: str, verifier: str) -> bool:
    """Whether a password is the one of a verifier.

    Args:
        password: in clear text.
        user: the user's name, which is the salt of an MD5 digest.
        verifier: of `verifier_of`.
    """
    if match := _SHA256.fullmatch(verifier):
        return hmac.compare_digest(_sha256(password, match[2]), match[1])
    digest = hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(f"md5{digest}", verifier)


def _sha256(password: str, salt: str) -> str:
    return hashlib.sha256((password + salt).encode()).hexdigest()


def _check(password: str) -> None:
    problem = ""
    if len(password) not in _LENGTHS:
        problem = "The password must be at least 8 and at most 64 characters long."
    elif not re.search("[A-Z]", password):
        problem = "The password must contain at least one uppercase character."
    elif not re.search("[a-z]", password):
        problem = "The password must contain at least one lowercase character."
    elif not re.search("[0-9]", password):
        problem = "The password must contain at least one number."
    elif not password.isascii() or not password.isprintable() or _FORBIDDEN & set(password):
        problem = "The password can contain printable ASCII characters except for ' \" \\ / @ and space."
    if problem:
        raise RefusedByRedshift(problem)
