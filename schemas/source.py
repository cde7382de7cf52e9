"""What the lake, the Glue jobs and the command line know of a source, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.contract import CuratedRow
from schemas.raw import RawRecord, contract_version


@dataclass(frozen=True, slots=True)
class Envelope:
    """How records travel in a raw object that holds several, besides JSON arrays and JSON Lines.

    Attributes:
        collection: keys that lead from the top to the list of records, such as `("_embedded", "events")`.
        page_marks: top-level keys that an answer without any record has.
        error_marks: top-level keys of an answer that is an error.
        record_mark: top-level key that only a record standing alone has.
    """

    collection: tuple[str, str]
    page_marks: frozenset[str] = frozenset()
    error_marks: frozenset[str] = frozenset()
    record_mark: str = "id"


class UnknownEntityError(KeyError):
    """An entity or table that the source does not have; the message names those there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Source:
    """The contracts of one source.

    Attributes:
        name: as in the lake's paths.
        records: raw model of each entity.
        tables: row class of each curated table.
        envelopes: how each entity's records travel.
    """

    name: str
    records: dict[str, type[RawRecord]]
    tables: dict[str, type[CuratedRow]]
    envelopes: dict[str, Envelope]

    @property
    def entities(self) -> tuple[str, ...]:
        """Names of the entities."""
        return tuple(self.records)

    def record(self, entity: str) -> type[RawRecord]:
        """Raw model of an entity. Raises UnknownEntityError, naming those there are."""
        if entity not in self.records:
            raise UnknownEntityError(f"{self.name} has no entity {entity!r}; it has: {', '.join(self.records)}")
        return self.records[entity]

    def table(self, name: str) -> type[CuratedRow]:
        """Row class of a curated table. Raises UnknownEntityError, naming those there are."""
        if name not in self.tables:
            raise UnknownEntityError(f"{self.name} has no curated table {name!r}; it has: {', '.join(self.tables)}")
        return self.tables[name]

    def contract_version(self, entity: str) -> str:
        """Twelve hex digits that change with the code of an entity's contract."""
        return contract_version(self.record(entity))
