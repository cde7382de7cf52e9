"""The data dictionary: every table that an analyst may query, generated from the contracts and the warehouse's SQL.

    python -m infra.checks.dictionary [--write]

The warehouse's migration adds the same texts to tables and data products as comments in the catalog. Without
`--write`, the command checks whether the file is up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from infra.checkout import ROOT
from infra.checks.warehouse_tables import warehouse_schemas, warehouse_tables
from schemas.contract import LINEAGE, CuratedRow
from schemas.registry import get_source, source_names
from warehouse.catalog import Table, TableColumn
from warehouse.stars import stars

PATH = ROOT / "docs" / "data-dictionary.md"
COMMAND = "python -m infra.checks.dictionary --write"

_INTRODUCTION = f"""\
# Data dictionary

The meaning of every table, view and column. The warehouse has the same texts as comments, which BI tools show.

Names: `fact_` tables have facts, `dim_` tables dimensions, `bridge_` tables many-to-many relations, and `mv_` views
data products. `_sk` is a surrogate key (0 is the unknown member, so that an inner join loses no facts), `_id` the
source's own id, `_key` a date key `YYYYMMDD`, `_at` a time in UTC, `_local_at` the time at the venue, `_date` a day at
the venue, `_on` a business date (the UTC day of an observation), `is_` a boolean.

Generated from the contracts (`schemas/`) and the warehouse's SQL by `{COMMAND}`. Don't edit it by
hand: a test fails when it is out of date.
"""
_GROUPS = (
    ("Facts", ("fact_",)),
    ("Dimensions", ("dim_",)),
    ("Bridges", ("bridge_",)),
    ("Data products", ("v_", "mv_", "event_summary")),
)
_OBSERVATIONS = "_observations"


def is_for_analysts(table: Table) -> bool:
    """Whether people query the table: facts, dimensions, bridges and data products. All of its columns need a text."""
    return table.name.startswith(tuple(prefix for _, prefixes in _GROUPS for prefix in prefixes))


def render() -> str:
    """The whole document."""
    tables, schemas = list(warehouse_tables().values()), warehouse_schemas()
    parts = [_INTRODUCTION, "## Contents\n", *_contents(tables)]
    for star in stars():
        own = [table for table in tables if table.schema == star.name]
        parts += [
            f"\n## Star `{star.name}`\n",
            f"{_sentence(schemas[star.name])} Loaded by the DAG `{star.pipeline}`.\n",
        ]
        for title, group in _grouped(own):
            parts += [f"### {title}\n", *(_warehouse_table(table) for table in group)]
        parts += _behind(own)
    parts += [f"\n## Shared dimensions `common`\n\n{_sentence(schemas['common'])}\n", *_all(tables, "common")]
    parts += [f"\n## Operations `operations`\n\n{_sentence(schemas['operations'])}\n", *_all(tables, "operations")]
    parts += [f"\n## Ledger `etl`\n\n{_sentence(schemas['etl'])}\n", *_all(tables, "etl")]
    for name in source_names():
        rows = get_source(name).tables.values()
        parts += [_CURATED.format(source=name), *_lineage(), *(_curated_table(name, row) for row in rows)]
    return "\n".join(parts).rstrip() + "\n"


_CURATED = """
## Curated tables of `{source}`

Typed, normalised rows in the lake (`curated/{source}/<table>/ingest_date=…/*.parquet`), cataloged in the Glue database
`boxoffice_{source}_curated`. `ingest_date` is the business date. Types are Redshift's. A *volatile* column isn't part
of `_row_hash`: a change of it makes no new version. Every table ends with these columns:
"""


def _contents(tables: Sequence[Table]) -> Iterator[str]:
    for star in stars():
        for title, group in _grouped([table for table in tables if table.schema == star.name]):
            yield f"- **{star.name}, {title.lower()}**: {_links(table.full_name for table in group)}"
    yield f"- **Shared dimensions**: {_links(table.full_name for table in tables if table.schema == 'common')}"
    yield f"- **Operations**: {_links(table.full_name for table in tables if table.schema == 'operations')}"
    yield f"- **Ledger**: {_links(table.full_name for table in tables if table.schema == 'etl')}"
    for name in source_names():
        yield f"- **Curated, {name}**: {_links(f'curated/{name}/{table}' for table in get_source(name).tables)}"


def _links(titles: Iterable[str]) -> str:
    return " · ".join(f"[{title.rpartition('/')[2]}](#{_anchor(title)})" for title in titles)


def _anchor(title: str) -> str:
    """The anchor that GitHub creates for a heading."""
    return "".join(letter for letter in title.lower() if letter.isalnum() or letter in "_-")


def _grouped(tables: Sequence[Table]) -> Iterator[tuple[str, list[Table]]]:
    for title, prefixes in _GROUPS:
        if group := [table for table in tables if table.name.startswith(prefixes)]:
            yield title, group
    others = [table for table in tables if not is_for_analysts(table)]
    if described := [table for table in others if all(column.meaning for column in table.columns.values())]:
        yield "Other tables", described


def _all(tables: Sequence[Table], schema: str) -> Iterator[str]:
    return (_warehouse_table(table) for table in tables if table.schema == schema)


def _behind(tables: Sequence[Table]) -> list[str]:
    """The tables that the star is derived from, for completeness."""
    names = ", ".join(f"`{table.name}`" for table in tables if table.name.endswith(_OBSERVATIONS))
    if not names:
        return []
    return ["### Behind the star\n", f"The daily observations that the star is derived from: {names}.\n"]


def _warehouse_table(table: Table) -> str:
    key = f" Key: {_names(table.key)}." if table.key else ""
    lines = [f"#### {table.full_name}\n", f"{_sentence(table.meaning)}{key}\n"]
    lines += ["| column | type | null | meaning |", "|---|---|---|---|"]
    lines += [_row(column) for column in table.columns.values()]
    return "\n".join(lines) + "\n"


def _row(column: TableColumn) -> str:
    null = {None: "", True: "yes", False: "no"}[column.nullable]
    target = f" → [{column.references}](#{_anchor(column.references)})" if column.references else ""
    return f"| `{column.name}` | {column.type} | {null} | {_cell(column.meaning)}{target} |"


def _lineage() -> Iterator[str]:
    yield "| column | type | meaning |\n|---|---|---|"
    for column in LINEAGE:
        yield f"| `{column.name}` | {column.redshift_type} | {_cell(column.description)} |"
    yield ""


def _curated_table(source: str, row: type[CuratedRow]) -> str:
    lines = [f"#### curated/{source}/{row.table}\n", f"{_sentence(row.description)} Key: {_names(row.key)}.\n"]
    lines += ["| column | type | null | meaning |", "|---|---|---|---|"]
    for column in row.columns():
        null = "yes" if column.nullable else "no"
        volatile = " *Volatile.*" if column.volatile else ""
        lines.append(f"| `{column.name}` | {column.redshift_type} | {null} | {_cell(column.description)}{volatile} |")
    return "\n".join(lines) + "\n"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _sentence(text: str) -> str:
    flat = " ".join(text.split())
    return flat if flat.endswith((".", "?")) or not flat else f"{flat}."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Write the dictionary, or check whether it is up to date. Returns an exit code."""
    text = render()
    if "--write" in arguments:
        PATH.write_text(text, "utf-8")
    elif not PATH.exists() or PATH.read_text("utf-8") != text:
        sys.stderr.write(f"{PATH.name} is out of date: {COMMAND}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
