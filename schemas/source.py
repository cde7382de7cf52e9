"""What the lake, the Glue jobs and the command line know of a source, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.contract import CuratedRow
from schemas.formats import Format
from schemas.raw import RawRecord
from schemas.version import contract_version, released_version


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
        formats: how each entity's records are written down.
    """

    name: str
    records: dict[str, type[RawRecord]]
    tables: dict[str, type[CuratedRow]]
    formats: dict[str, Format]

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

    def format(self, entity: str) -> Format:
        """How an entity's records are written down. Raises UnknownEntityError, naming those there are."""
        self.record(entity)
        return self.formats[entity]

    def contract_version(self, entity: str) -> str:
        """Twelve hex digits that change with what the code of an entity's contract does."""
        return contract_version(self.record(entity))

    def is_contract_of(self, entity: str, version: str) -> bool:
        """Whether rows that a contract of this version validated are those that today's contract gives."""
        return released_version(self.name, entity, version) == self.contract_version(entity)
