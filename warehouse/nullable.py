"""Values that may be missing: the Data API can send neither NULL nor an empty text as a parameter."""

from __future__ import annotations

from dataclasses import dataclass

from aws_services.redshift_data import Value

_TEXT_LIMIT = 1000  # characters: VARCHAR(4000) counts bytes, and a character has up to four


@dataclass(frozen=True, slots=True)
class NullableText:
    """A text that may be missing. It becomes a parameter, or NULL in the statement.

    Attributes:
        value: the text. NUL characters are dropped, and the text is cut after 1,000 characters.
    """

    value: str | None

    def sql(self, name: str) -> str:
        """The parameter's placeholder in the statement, or NULL."""
        return f":{name}" if self.value else "NULL"

    def params(self, name: str) -> dict[str, Value]:
        """The parameter; empty if the text is missing."""
        return {name: self.value.replace("\x00", "")[:_TEXT_LIMIT]} if self.value else {}


def number_sql(value: int | None) -> str:
    """A number that may be missing, as SQL."""
    return "NULL" if value is None else str(int(value))
