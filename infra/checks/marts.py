"""The contract of the marts: the columns that BI tools, metrics and charts may rely on, with a version for each mart.

    python -m infra.checks.marts [--write] [--accept <schema>.<mart>.<column> …]

A mart is a data product that analysts may read, or any other table that the semantic model reads. The columns of each
are in `warehouse/marts.json`. Without `--write`, the command compares them with the warehouse's SQL, and fails if they
differ. If a dropped or retyped column has users, the message names them, and `--write` refuses the change. Change the
users first. To keep the users of a retyped column, name the column with `--accept`.

`--write` raises the version and adds a line to the mart's changes: a major version for a dropped, renamed or retyped
column, a minor one for a new column.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from dashboards.catalog import all_dashboards
from infra import terminal
from infra.checkout import ROOT
from infra.checks.dictionary import is_for_analysts
from infra.checks.mart_users import Readers
from infra.checks.warehouse_tables import warehouse_tables
from semantics.catalog import load
from warehouse.catalog import Table
from warehouse.stars import stars

PATH = ROOT / "warehouse" / "marts.json"
COMMAND = "python -m infra.checks.marts --write"
_PRODUCTS = ("v_", "mv_", "event_summary")


@dataclass(frozen=True)
class Mart:
    """A mart's contract.

    Attributes:
        version: major and minor, such as `2.1`.
        columns: type of each column, in order.
        changes: what each version changed.
    """

    version: str
    columns: dict[str, str]
    changes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between the contract and the warehouse's SQL. `was` and `now` are types; empty if there is none."""

    mart: str
    column: str
    was: str
    now: str

    @property
    def kind(self) -> Literal["added", "dropped", "retyped"]:
        """What happened to the column. A renamed column is dropped, and another one added."""
        if not self.was:
            return "added"
        return "retyped" if self.now else "dropped"

    @property
    def name(self) -> str:
        """Schema, mart and column."""
        return f"{self.mart}.{self.column}"

    def __str__(self) -> str:
        types = f" from {self.was} to {self.now}" if self.kind == "retyped" else ""
        return f"{self.kind} {self.column}{types}"


def marts(tables: Mapping[str, Table], readers: Readers) -> dict[str, dict[str, str]]:
    """The columns of each mart, by full name, as the warehouse's SQL creates them."""
    relations = readers.relations()
    return {
        table.full_name: {column.name: column.type for column in table.columns.values()}
        for table in sorted(tables.values(), key=lambda table: table.full_name)
        if (is_for_analysts(table) and table.name.startswith(_PRODUCTS)) or table.full_name in relations
    }


def changes(contract: Mapping[str, Mart], present: Mapping[str, Mapping[str, str]]) -> list[Change]:
    """All differences, mart by mart. The columns of a mart that is gone are dropped."""
    differences: list[Change] = []
    for mart in sorted({*contract, *present}):
        was = contract[mart].columns if mart in contract else {}
        now = present.get(mart, {})
        differences += (
            Change(mart, column, was.get(column, ""), now.get(column, ""))
            for column in dict.fromkeys((*was, *now))
            if was.get(column) != now.get(column)
        )
    return differences


def faults(differences: Sequence[Change], readers: Readers, accepted: Collection[str] = ()) -> Iterator[str]:
    """Changes that break a user, one sentence each with the names of all users."""
    for change in differences:
        is_accepted = change.kind == "retyped" and change.name in accepted
        users = [] if change.kind == "added" or is_accepted else readers.of(change.mart, change.column)
        if users:
            hint = f" To keep them: {COMMAND} --accept {change.name}" if change.kind == "retyped" else ""
            text = (
                f"{change.mart}: {change}{_renamed(change, differences)}. Change its users first: {'; '.join(users)}."
            )
            yield text + hint


def _renamed(change: Change, differences: Sequence[Change]) -> str:
    """The columns that a dropped column may have become: new ones of the same type."""
    if change.kind != "dropped":
        return ""
    new = [
        other.column for other in differences if other.mart == change.mart and other.now == change.was and not other.was
    ]
    return f" (renamed to {' or '.join(new)}?)" if new else ""


def updated(
    contract: Mapping[str, Mart], present: Mapping[str, Mapping[str, str]], differences: Sequence[Change]
) -> dict[str, Mart]:
    """The contract with all changes, and with the versions that they need."""
    new: dict[str, Mart] = {}
    for name, columns in present.items():
        own = [change for change in differences if change.mart == name]
        old = contract.get(name)
        if old is None:
            new[name] = Mart("1.0", dict(columns), {"1.0": "first version"})
        elif own:
            version = _raised(old.version, is_major=any(change.kind != "added" for change in own))
            new[name] = Mart(version, dict(columns), {**old.changes, version: _text(own, name)})
        else:
            new[name] = Mart(old.version, dict(columns), old.changes)
    return new


def _raised(version: str, *, is_major: bool) -> str:
    major, minor = (int(number) for number in version.split("."))
    return f"{major + 1}.0" if is_major else f"{major}.{minor + 1}"


def read(path: Path = PATH) -> dict[str, Mart]:
    """The committed contract; empty if there is none."""
    if not path.exists():
        return {}
    return {name: Mart(**mart) for name, mart in json.loads(path.read_text("utf-8")).items()}


def write(contract: Mapping[str, Mart], path: Path = PATH) -> None:
    """Write the contract."""
    text = json.dumps({name: asdict(mart) for name, mart in contract.items()}, indent=2)
    path.write_text(text + "\n", "utf-8")


def check(tables: Mapping[str, Table], readers: Readers, path: Path, arguments: Sequence[str]) -> list[str]:
    """Compare the contract with the warehouse's SQL, and write it if asked to.

    Args:
        tables: all tables of the warehouse.
        readers: all users of marts.
        path: the file with the contract.
        arguments: those of the command.

    Returns:
        One sentence per difference. Empty if the contract is up to date or was written.
    """
    contract, present = read(path), marts(tables, readers)
    differences = changes(contract, present)
    broken = list(faults(differences, readers, accepted=arguments))
    if broken:
        return broken
    if "--write" in arguments:
        write(updated(contract, present, differences), path)
        return []
    return [
        f"{mart}: {_text(differences, mart)}. No metric, question or chart breaks. To raise its version: {COMMAND}"
        for mart in dict.fromkeys(change.mart for change in differences)
    ]


def _text(differences: Sequence[Change], mart: str) -> str:
    return "; ".join(str(change) for change in differences if change.mart == mart)


def main(arguments: Sequence[str]) -> int:
    """Check or write the contract. Returns an exit code."""
    wrong = check(warehouse_tables(), Readers(load(), all_dashboards(), stars()), PATH, arguments)
    for sentence in wrong:
        terminal.complain(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
