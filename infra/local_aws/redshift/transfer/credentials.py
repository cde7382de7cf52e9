"""The credentials in COPY and UNLOAD: a role, or an access key. Secrets appear in no message, log or history.

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..errors import RefusedByRedshift
from ..translator.reader import Reader

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d*:role/.+")


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key of a user, or of a session (with its token)."""

    id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


Credentials = str | AccessKey
"""The ARN of a role (`DEFAULT`: the warehouse's own), or an access key."""


@dataclass(slots=True)
class CredentialClauses:
    """The clauses as they are read, in any order."""

    role: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    has_master_key: bool = False

    def accept(self, reader: Reader) -> bool:
        """Reads one clause if it comes next.

        Raises:
            RefusedByRedshift: the clause is not valid.
        """
        if reader.peek("WITH", "CREDENTIALS"):
            reader.expect("WITH")
        word = reader.accept_any(
            *("IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "TOKEN"),
            "MASTER_SYMMETRIC_KEY",
        )
        if word is None:
            return False
        reader.accept("AS")
        if word == "IAM_ROLE" and reader.accept("DEFAULT"):
            self.role = "DEFAULT"
        elif word == "CREDENTIALS":
            self._read_pairs(reader.string())
        else:
            self._set(_NAMES[word], reader.string())
        return True

    def _read_pairs(self, text: str) -> None:
        for pair in filter(None, text.split(";")):
            name, _, value = pair.partition("=")
            self._set(name.strip().lower(), value.strip())

    def _set(self, name: str, value: str) -> None:
        if name == "aws_iam_role":
            self.role = _last_of_chain(value)
        elif name == "aws_access_key_id":
            self.key = value
        elif name == "aws_secret_access_key":
            self.secret = value
        elif name in ("token", "aws_session_token"):
            self.token = value
        elif name == "master_symmetric_key":
            self.has_master_key = True
        else:
            raise RefusedByRedshift(
                "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or"
                " 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'"
            )

    def checked(self, statement: str) -> Credentials:
        """The role or key.

        Raises:
            RefusedByRedshift: there is none, both, or half of a key.
        """
        if self.role and (self.key or self.secret):
            raise RefusedByRedshift("CREDENTIALS: a role and an access key cannot be used together")
        if self.role:
            return self.role
        if not (self.key and self.secret):
            raise RefusedByRedshift(
                f"{statement} needs credentials: IAM_ROLE, or ACCESS_KEY_ID and SECRET_ACCESS_KEY, or CREDENTIALS"
            )
        return AccessKey(self.key, self.secret, self.token)


_NAMES = {
    "IAM_ROLE": "aws_iam_role", "ACCESS_KEY_ID": "aws_access_key_id", "SECRET_ACCESS_KEY": "aws_secret_access_key",
    "SESSION_TOKEN": "token", "TOKEN": "token", "MASTER_SYMMETRIC_KEY": "master_symmetric_key",
}  # fmt: skip


def _last_of_chain(value: str) -> str:
    """The role that reads S3: the last one of a chain. Each role of a chain assumes the next."""
    if value.upper() == "DEFAULT":
        return "DEFAULT"
    roles = [role.strip() for role in value.split(",")]
    if not all(_ROLE.fullmatch(role) for role in roles):
        raise RefusedByRedshift("IAM_ROLE must be the ARN of a role, or DEFAULT")
    return roles[-1]
