"""AWS's Redshift MCP server: finds the warehouse, lists what is in it and queries it, over the Data API."""

import asyncio
import json
import os
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def answer(session: ClientSession, tool: str, **arguments: object) -> list[dict[str, object]]:
    result = await session.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return [json.loads(part.text) for part in result.content]


async def main() -> None:
    server = Path(sys.executable).with_name("awslabs.redshift-mcp-server")
    parameters = StdioServerParameters(command=str(server), env={**os.environ, "FASTMCP_LOG_LEVEL": "ERROR"})
    async with stdio_client(parameters) as streams, ClientSession(*streams) as session:
        await session.initialize()
        clusters = await answer(session, "list_clusters")
        cluster, kind = clusters[0]["identifier"], clusters[0]["type"]
        databases = await answer(
            session, "list_databases", cluster_identifier=cluster, cluster_type=kind, database_name="dev"
        )
        assert "dev" in json.dumps(databases), databases
        schemas = await answer(
            session, "list_schemas", cluster_identifier=cluster, cluster_type=kind, schema_database_name="dev"
        )
        assert "shop" in json.dumps(schemas), schemas
        tables = await answer(
            session,
            "list_tables",
            cluster_identifier=cluster,
            cluster_type=kind,
            table_database_name="dev",
            table_schema_name="shop",
        )
        assert "venues" in json.dumps(tables), tables
        columns = await answer(
            session,
            "list_columns",
            cluster_identifier=cluster,
            cluster_type=kind,
            column_database_name="dev",
            column_schema_name="shop",
            column_table_name="sales",
        )
        assert "sold_at" in json.dumps(columns), columns
        rows = await answer(
            session,
            "execute_query",
            cluster_identifier=cluster,
            cluster_type=kind,
            database_name="dev",
            sql="SELECT SUM(amount) AS total FROM shop.sales WHERE venue_id = 1",
        )
        assert "30.50" in json.dumps(rows), rows


asyncio.run(main())
