"""The simulator writes files that the contract accepts."""

from itertools import islice
from pathlib import Path

import pytest

from tests.schemas.tickit.reading import file_rows


@pytest.mark.parametrize("entity", ["users", "listings", "sales"])
@pytest.mark.parametrize("files", ["tickit_files", "quirky_tickit_files"])
def test_the_contracts_accept_every_line(request: pytest.FixtureRequest, files: str, entity: str) -> None:
    folder: Path = request.getfixturevalue(files)
    assert all(entity in rows for rows in islice(file_rows(entity, folder), 5_000))
