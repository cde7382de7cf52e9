"""`./boxoffice sql` at a terminal: a prompt for statements, with a history, until `\\q`."""

from __future__ import annotations

import readline
from collections.abc import Callable
from pathlib import Path

from infra import terminal
from infra.launcher.queries import QueryFailed
from infra.local_aws.redshift.translator.redaction import redacted
from warehouse import statements

_FIRST, _NEXT = "boxoffice=> ", "boxoffice-> "
_HISTORY_LINES = 2000
_HELP = "End a statement with ; and Enter.  \\d: tables.  \\d SCHEMA.TABLE: its columns.  \\q or Ctrl-D: leave."
_TABLES = """
SELECT table_schema AS "schema", table_name AS "table", table_type AS kind FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'pg_catalog', 'pg_internal') ORDER BY 1, 2
"""
_COLUMNS = """
SELECT column_name AS "column", data_type AS type, is_nullable AS "null" FROM information_schema.columns
WHERE table_schema = '{}' AND table_name = '{}' ORDER BY ordinal_position
"""


class Prompt:
    """A conversation with the warehouse.

    Args:
        run: runs a statement and prints its rows; raises QueryFailed.
        history: the file for the history, which only its owner can read.
        ask: reads a line.
    """

    def __init__(self, run: Callable[[str], None], history: Path, ask: Callable[[str], str] = input) -> None:
        self._run = run
        self._history = history
        self._ask = ask
        self._typed = ""

    def converse(self) -> None:
        """Read and run statements until the end of the input."""
        self._load_history()
        terminal.say(_HELP)
        while True:
            try:
                line = self._ask(_NEXT if self._typed.strip() else _FIRST)
            except EOFError:
                terminal.say()
                break
            except KeyboardInterrupt:
                terminal.say("\n(the statement is discarded; \\q leaves)")
                self._typed = ""
                continue
            if not self._typed.strip() and line.strip().startswith("\\"):
                if line.strip() == "\\q":
                    break
                self._command(line.strip())
                continue
            self._typed += line + "\n"
            self._run_complete_statements()
        self._save_history()

    def _command(self, line: str) -> None:
        command, _, name = line.partition(" ")
        schema, _, table = name.strip().partition(".")
        if command == "\\d" and not name:
            self._attempt(_TABLES)
        elif command == "\\d" and schema.replace("_", "").isalnum() and table.replace("_", "").isalnum():
            self._attempt(_COLUMNS.format(schema.lower(), table.lower()))
        else:
            terminal.say(_HELP)

    def _run_complete_statements(self) -> None:
        if not statements.is_complete(self._typed):
            return  # the statement goes on in the next line
        complete = statements.split(self._typed)
        self._typed = ""
        for statement in complete:
            self._attempt(statement)

    def _attempt(self, statement: str) -> None:
        try:
            self._run(statement)
        except QueryFailed as error:
            terminal.complain(f"failed: {error}")
        except KeyboardInterrupt:
            terminal.complain("cancelled")

    def _load_history(self) -> None:
        readline.set_history_length(_HISTORY_LINES)
        if self._history.is_file():
            readline.read_history_file(self._history)

    def _save_history(self) -> None:
        self._history.touch(mode=0o600)
        for index in range(readline.get_current_history_length()):
            readline.replace_history_item(index, redacted(readline.get_history_item(index + 1)))
        readline.write_history_file(self._history)
