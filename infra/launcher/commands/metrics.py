"""`./boxoffice metrics`: questions to the warehouse by names instead of SQL."""

from __future__ import annotations

from typing import Annotated

import typer

from infra import terminal
from infra.launcher.commands import access

app = typer.Typer(
    help="""Ask the warehouse by the names of metrics and dimensions, without SQL.

    `list` shows what there is, `explain` what a name means, `query` answers, `export` writes the model for other tools.
    """,
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def show(as_json: access.JsonOption = False) -> None:
    """List the metrics and the saved questions. Needs no running stack."""
    from infra.launcher import metrics
    from semantics.catalog import load

    metrics.show_all(load(), as_json=as_json)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A metric, a dimension or a saved question.")],
    as_json: access.JsonOption = False,
) -> None:
    """Show what a name means, and what a metric can be grouped by. Needs no running stack."""
    from infra.launcher import metrics
    from semantics.catalog import load
    from semantics.names import UnknownName

    try:
        metrics.explain(load(), name.lower(), as_json=as_json)
    except UnknownName as error:
        terminal.fail(error, access.USAGE)


@app.command()
def query(
    names: Annotated[list[str], typer.Argument(help="Metrics, such as upcoming_events; or one saved question.")],
    by: Annotated[list[str] | None, typer.Option(help="Group by: venue__city,show__start_date__month.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help='Keep what meets a condition: "venue__state_code = TX". Repeat it for more.'),
    ] = None,
    order: Annotated[list[str] | None, typer.Option(help="Sort by: -upcoming_events is descending.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, max=100_000, help="The largest number of rows.")] = None,
    only_sql: Annotated[bool, typer.Option("--sql", help="Print the SQL and run nothing.")] = False,
    as_json: access.JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header line.")] = False,
) -> None:
    """Answer a question, as an analyst, whom the warehouse gives no personal data.

    Conditions: = != < <= > >= with a value; in, not in with values and commas; between with two values; is null, is
    not null. A value with a comma goes into double quotes. Example:

    ./boxoffice metrics query upcoming_events --by venue__city --where "venue__state_code in TX, CA" --order
    -upcoming_events --limit 10
    """
    from infra.launcher import metrics, queries
    from semantics.catalog import load
    from semantics.conditions import BadCondition
    from semantics.literals import BadValue
    from semantics.names import UnknownName
    from semantics.queries import BadQuery, sql_of

    catalog = load()
    try:
        statement = sql_of(metrics.query_of(catalog, names, by or (), where or (), order or (), limit))
    except (UnknownName, BadQuery, BadCondition, BadValue) as error:
        terminal.fail(error, access.USAGE)
    if only_sql:
        terminal.say(statement)
        return
    stack = access.stack()
    access.require_warehouse(stack)
    form: queries.Format = "json" if as_json else "csv" if as_csv else "table"
    try:
        queries.run(stack, [statement], form, "analyst")
    except queries.QueryFailed as error:
        terminal.fail(error)


@app.command()
def export() -> None:
    """Print the semantic model as YAML of Apache Ossie (Open Semantic Interchange), version 0.2.0.dev0."""
    from aws_services import resources
    from semantics import exchange
    from semantics.catalog import load

    terminal.say(exchange.to_yaml(load(), resources.WAREHOUSE_DATABASE).rstrip("\n"))
