"""GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

PostgreSQL lacks DROP and ALTER as privileges: only an owner may do it here. It is thus stricter than Redshift.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html, r_REVOKE.html, r_ALTER_DEFAULT_PRIVILEGES.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import RefusedByRedshift, UnsupportedStatement
from .datatypes import signature
from .lexer import quote_literal, quote_name
from .maintenance import NOTHING
from .reader import Reader

_WITHOUT_EQUAL = frozenset({"DROP", "ALTER"})
_TEMPORARY = {"TEMP": "TEMPORARY", "TEMPORARY": "TEMPORARY"}
_ALLOWED = {
    "TABLE": ("SELECT", "INSERT", "UPDATE", "DELETE", "DROP", "REFERENCES", "ALTER", "TRUNCATE"),
    "SCHEMA": ("CREATE", "USAGE", "ALTER", "DROP"),
    "DATABASE": ("CREATE", "USAGE", "TEMPORARY", "ALTER"),
    "FUNCTION": ("EXECUTE",),
    "PROCEDURE": ("EXECUTE",),
    "LANGUAGE": ("USAGE",),
}
_PLURALS = {"TABLES": "TABLE", "FUNCTIONS": "FUNCTION", "PROCEDURES": "PROCEDURE"}
_COLUMN_PRIVILEGES = ("SELECT", "UPDATE", "ALL")

SYSTEM_PERMISSIONS = (
    "CREATE USER", "ALTER USER", "DROP USER", "CREATE ROLE", "DROP ROLE", "CREATE SCHEMA", "DROP SCHEMA",
    "ALTER DEFAULT PRIVILEGES", "ACCESS CATALOG", "ACCESS SYSTEM TABLE", "CREATE TABLE", "ALTER TABLE", "DROP TABLE",
    "TRUNCATE TABLE", "CREATE OR REPLACE FUNCTION", "CREATE OR REPLACE EXTERNAL FUNCTION", "DROP FUNCTION",
    "CREATE OR REPLACE PROCEDURE", "DROP PROCEDURE", "CREATE OR REPLACE VIEW", "DROP VIEW", "CANCEL", "VACUUM",
    "ANALYZE",
)  # fmt: skip
"""Of roles. Source: https://docs.aws.amazon.com/redshift/latest/dg/r_roles-system-privileges.html"""

_NOTHING_BEHIND = ("CREATE MODEL", "DROP MODEL", "CREATE DATASHARE", "ALTER DATASHARE", "DROP DATASHARE",
                   "CREATE LIBRARY", "DROP LIBRARY", "IGNORE RLS", "EXPLAIN RLS", "EXPLAIN MASKING")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grantee:
    """Who gets or loses a privilege.

    Attributes:
        kind: `user`, `group`, `role` or `public`.
        name: in lower case; empty for PUBLIC.
        option: the words of WITH GRANT OPTION or WITH ADMIN OPTION, or nothing.
    """

    kind: str
    name: str
    option: str = ""

    @property
    def sql(self) -> str:
        """Its name in PostgreSQL."""
        return "PUBLIC" if self.kind == "public" else quote_name(self.name)


def grant(reader: Reader) -> list[str]:
    """GRANT of privileges, roles or system permissions."""
    reader.expect("GRANT")
    return _grant_or_revoke(reader, "GRANT", "TO")


def revoke(reader: Reader) -> list[str]:
    """REVOKE of privileges, roles or system permissions."""
    reader.expect("REVOKE")
    return _grant_or_revoke(reader, "REVOKE", "FROM")


def _grant_or_revoke(reader: Reader, verb: str, preposition: str) -> list[str]:
    option = _revoked_option(reader) if verb == "REVOKE" else ""
    if reader.accept("ROLE"):
        return _roles(reader, f"{verb}{option}", preposition)
    if (permissions := _system_permissions(reader)) is not None:
        return _set_system_permissions(reader, permissions, preposition)
    if reader.peek("ASSUMEROLE"):
        raise UnsupportedStatement("ASSUMEROLE: which roles COPY and UNLOAD may assume is not restricted here")
    privileges = _privileges(reader)
    if not reader.accept("ON"):
        raise reader.unsupported("GRANT") if reader.peek("FOR") else reader.error("expected ON")
    kind, objects = _objects(reader)
    privilege_texts = _of_postgres(privileges, kind)
    reader.expect(preposition)
    grantees = _grantees(reader)
    _end(reader, verb)
    if not privilege_texts:
        return [*_required(grantees), NOTHING]
    head = f"{verb}{option} {', '.join(privilege_texts)} ON {objects} {preposition}"
    return [*_required(grantees), *_per_option(head, grantees)]


def _end(reader: Reader, verb: str) -> None:
    """The end of the statement. REVOKE takes RESTRICT, which is what it does anyway."""
    if verb == "REVOKE":
        reader.accept("RESTRICT")
    if reader.peek("CASCADE") or reader.peek("RESTRICT"):
        raise reader.error()
    reader.end()


def _revoked_option(reader: Reader) -> str:
    for kind in ("GRANT", "ADMIN"):
        if reader.accept(kind, "OPTION", "FOR"):
            return f" {kind} OPTION FOR"
    return ""


def _roles(reader: Reader, verb: str, preposition: str) -> list[str]:
    """`ROLE name, … TO | FROM grantees`. Roles may be granted to users and roles only."""
    roles = [Grantee("role", reader.word())]
    while reader.accept(","):
        reader.accept("ROLE")
        roles.append(Grantee("role", reader.word()))
    reader.expect(preposition)
    grantees = _grantees(reader)
    reader.end()
    if any(grantee.kind in ("group", "public") for grantee in grantees):
        raise RefusedByRedshift("a role can be granted to users and roles only, not to a group or to PUBLIC")
    head = f"{verb} {', '.join(role.sql for role in roles)} {preposition}"
    return [*_required([*roles, *grantees]), *_per_option(head, grantees)]


def _system_permissions(reader: Reader) -> list[str] | None:
    """The system permissions that come next; None if there are none."""
    permissions: list[str] = []
    start = reader.at
    while True:
        for permission in (*SYSTEM_PERMISSIONS, *_NOTHING_BEHIND):
            if reader.accept(*permission.split()):
                permissions.append(permission)
                break
        else:
            reader.at = start
            return None
        if not reader.accept(","):
            break
    if not (reader.peek("TO") or reader.peek("FROM")):  # a privilege of objects, such as ALTER … ON
        reader.at = start
        return None
    return permissions


def _set_system_permissions(reader: Reader, permissions: Sequence[str], preposition: str) -> list[str]:
    """System permissions are for roles only."""
    if missing := [permission for permission in permissions if permission in _NOTHING_BEHIND]:
        raise UnsupportedStatement(f"the system permission {missing[0]}")
    reader.expect(preposition)
    grantees = _grantees(reader)
    reader.end()
    if any(grantee.kind != "role" for grantee in grantees):
        raise RefusedByRedshift("system permissions can be granted to roles only")
    names = f"ARRAY[{', '.join(map(quote_literal, permissions))}]"
    is_granted = str(preposition == "TO").lower()
    return [
        f"SELECT rs.set_system_permission({quote_literal(grantee.name)}, {names}, {is_granted})" for grantee in grantees
    ]


@dataclass(frozen=True, slots=True)
class _Privilege:
    """A privilege, perhaps on columns (a list of quoted names in parentheses)."""

    name: str
    columns: str = ""


def _privileges(reader: Reader) -> list[_Privilege]:
    privileges = []
    while True:
        word = reader.next().upper
        word = _TEMPORARY.get(word, word)
        if word == "ALL":
            reader.accept("PRIVILEGES")
        elif not any(word in names for names in _ALLOWED.values()):
            reader.at -= 1
            raise reader.error()
        columns = ""
        if reader.peek("("):
            if word not in _COLUMN_PRIVILEGES:
                raise RefusedByRedshift(f"the privilege {word} cannot be granted on columns")
            columns = f" ({', '.join(map(quote_name, reader.names_in_parens()))})"
        privileges.append(_Privilege(word, columns))
        if not reader.accept(","):
            return privileges


def _of_postgres(privileges: Iterable[_Privilege], kind: str) -> list[str]:
    """The privileges in PostgreSQL's words, without those that it lacks.

    Raises:
        RefusedByRedshift: an object of this kind has no such privilege.
    """
    texts = []
    for privilege in privileges:
        name = privilege.name
        if name != "ALL" and name not in _ALLOWED[kind]:
            raise RefusedByRedshift(f"invalid privilege type {name} for {kind.lower()}")
        if privilege.columns and kind != "TABLE":
            raise RefusedByRedshift(f"a {kind.lower()} has no columns")
        if privilege.columns and name == "ALL":
            texts += [f"SELECT{privilege.columns}", f"UPDATE{privilege.columns}"]
        elif name not in _WITHOUT_EQUAL:
            texts.append(("CONNECT" if (kind, name) == ("DATABASE", "USAGE") else name) + privilege.columns)
    return texts


def _objects(reader: Reader) -> tuple[str, str]:
    """The kind of the objects after ON, and the objects in PostgreSQL's words."""
    for plural, kind in _PLURALS.items():
        if reader.accept("ALL", plural, "IN", "SCHEMA"):
            return kind, f"ALL {plural} IN SCHEMA {_name_list(reader)}"
    if reader.peek("ALL") or any(reader.peek(word) for word in ("DATASHARE", "MODEL", "EXTERNAL", "COPY", "TEMPLATE")):
        raise reader.unsupported("object of GRANT")
    kind = reader.accept_any(*_ALLOWED) or "TABLE"
    if kind not in ("PROCEDURE", "FUNCTION"):
        return kind, f"{kind} {_name_list(reader)}"
    routines = [reader.name() + signature(reader)]
    while reader.accept(","):
        routines.append(reader.name() + signature(reader))
    return kind, f"{kind} {', '.join(routines)}"


def _name_list(reader: Reader) -> str:
    names = [reader.name()]
    while reader.accept(","):
        names.append(reader.name())
    return ", ".join(names)


def _grantees(reader: Reader) -> list[Grantee]:
    grantees = []
    while True:
        kind = (reader.accept_any("PUBLIC", "GROUP", "ROLE") or "USER").lower()
        name = "" if kind == "public" else reader.word()
        grantees.append(Grantee(kind, name, _option(reader, kind)))
        if not reader.accept(","):
            return grantees


def _option(reader: Reader, kind: str) -> str:
    for option in ("GRANT", "ADMIN"):
        if reader.accept("WITH", option, "OPTION"):
            if kind != "user":
                raise RefusedByRedshift(f"WITH {option} OPTION can be granted to users only, not to a {kind}")
            return f" WITH {option} OPTION"
    return ""


def _per_option(head: str, grantees: Sequence[Grantee]) -> list[str]:
    """One statement for all grantees without an option, and one for those with it."""
    options = dict.fromkeys(grantee.option for grantee in grantees)
    return [
        f"{head} {', '.join(grantee.sql for grantee in grantees if grantee.option == option)}{option}"
        for option in options
    ]


def _required(grantees: Iterable[Grantee]) -> list[str]:
    """The statement that fails, in Redshift's words, unless all of these exist."""
    checks = [
        f"rs.require_principal({quote_literal(grantee.name)}, '{grantee.kind}')"
        for grantee in grantees
        if grantee.kind != "public"
    ]
    return [f"SELECT {', '.join(checks)}"] if checks else []


def default_privileges(reader: Reader) -> list[str]:
    """ALTER DEFAULT PRIVILEGES. The reader is after these words."""
    prefix = "ALTER DEFAULT PRIVILEGES"
    owners: list[Grantee] = []
    if reader.accept("FOR", "USER"):
        owners = [Grantee("user", name) for name in _words(reader)]
        prefix += f" FOR ROLE {', '.join(owner.sql for owner in owners)}"
    if reader.accept("IN", "SCHEMA"):
        prefix += f" IN SCHEMA {_name_list(reader)}"
    verb = reader.accept_any("GRANT", "REVOKE")
    if verb is None:
        raise reader.error("expected GRANT or REVOKE")
    option = _revoked_option(reader) if verb == "REVOKE" else ""
    privileges = _privileges(reader)
    reader.expect("ON")
    plural = reader.accept_any(*_PLURALS)
    if plural is None:
        raise reader.error("expected TABLES, FUNCTIONS or PROCEDURES")
    texts = _of_postgres(privileges, _PLURALS[plural])
    preposition = "TO" if verb == "GRANT" else "FROM"
    reader.expect(preposition)
    grantees = _grantees(reader)
    _end(reader, verb)
    objects = "TABLES" if plural == "TABLES" else "ROUTINES"
    head = f"{prefix} {verb}{option} {', '.join(texts)} ON {objects} {preposition}"
    changes = _per_option(head, grantees) if texts else [NOTHING]
    return [*_required([*owners, *grantees]), *changes]


def _words(reader: Reader) -> list[str]:
    words = [reader.word()]
    while reader.accept(","):
        words.append(reader.word())
    return words
