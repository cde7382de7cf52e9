"""Removes secrets from messages: a failed job's last lines may quote a URL, a password or a credential."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from moto.secretsmanager import models as secrets_models

_HIDDEN = "***"
_SHORTEST = 6  # characters: a shorter value may be an ordinary word, and hiding it could hide the reason
_CREDENTIALS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_PATTERNS = (
    # a password in a URL: scheme://user:password@host
    (re.compile(r"(\w+://[^\s/:@]*):[^\s/@]+@"), rf"\1:{_HIDDEN}@"),
    # name=value and "name": "value", as in a query string, a DSN or a header
    (
        re.compile(
            r"(?i)([\w-]*(?:passw(?:or)?d|secret|token|api[_-]?key|signature|credential)[\w-]*['\"]?\s*[=:]\s*['\"]?)"
            r"[^\s'\"&,;)]+"
        ),
        rf"\1{_HIDDEN}",
    ),
)


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets, and without anything that looks like one."""
    for secret in sorted(secrets, key=len, reverse=True):  # one secret may be part of another
        text = text.replace(secret, _HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def known_secrets(environment: Mapping[str, str]) -> set[str]:
    """The credentials in a job's environment, and all values in Secrets Manager."""
    values = {environment[name] for name in _CREDENTIALS if name in environment}
    for _, _, backend in list(secrets_models.secretsmanager_backends.iter_backends()):
        originals = [
            fake_secret
            for fake_secret in list(backend.secrets.values())
            if isinstance(fake_secret, secrets_models.FakeSecret)
        ]
        for secret in originals:
            for version in list(secret.versions.values()):
                values |= set(_values(version.get("secret_string")))
    return {value for value in values if len(value) >= _SHORTEST}


def _values(text: str | None) -> Iterable[str]:
    """A secret's whole text and, if it is JSON, every string in it."""
    if not text:
        return
    yield text
    try:
        yield from _strings(json.loads(text))
    except ValueError:
        return


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
