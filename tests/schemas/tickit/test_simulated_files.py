"""The simulator writes files that the contract accepts."""

from itertools import islice
from pathlib import Path

import pytest

from tests.schemas.tickit.reading import file_rows


@pytest.mark.parametrize("entity", ["users", "listings", "sales"])
def test_the_contracts_accept_every_line(tickit_files: Path, entity: str) -> None:
    assert all(entity in rows for rows in islice(file_rows(entity, tickit_files), 5_000))
