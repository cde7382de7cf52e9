"""The description of a source that the lake, the Glue jobs and the command line share."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.contract import CuratedRow
from schemas.formats import Format
from schemas.raw import RawRecord
from schemas.version import contract_version, released_version


class UnknownEntityError(KeyError):
    """The source doesn't have an entity or table; the message lists those that it has."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Source:
    """The contracts of one source.

    Attributes:
        name: its name in the lake's paths.
        records: raw model of each entity.
        tables: row class of each curated table.
        formats: format of each entity's records.
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
        """Raw model of an entity. Raises UnknownEntityError."""
        if entity not in self.records:
            raise UnknownEntityError(f"{self.name} has no entity {entity!r}; it has: {', '.join(self.records)}")
        return self.records[entity]

    def table(self, name: str) -> type[CuratedRow]:
        """Row class of a curated table. Raises UnknownEntityError."""
        if name not in self.tables:
            raise UnknownEntityError(f"{self.name} has no curated table {name!r}; it has: {', '.join(self.tables)}")
        return self.tables[name]

    def format(self, entity: str) -> Format:
        """Format of an entity's records. Raises UnknownEntityError."""
        self.record(entity)
        return self.formats[entity]

    def contract_version(self, entity: str) -> str:
        """Twelve hex digits that change with the code of an entity's contract."""
        return contract_version(self.record(entity))

    def is_contract_of(self, entity: str, version: str) -> bool:
        """Whether a contract of this version gives the same rows as the current one."""
        return released_version(self.name, entity, version) == self.contract_version(entity)
