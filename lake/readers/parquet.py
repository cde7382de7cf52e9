"""Records in Parquet."""

from __future__ import annotations

from typing import IO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from lake.readers.base import Read, Reader
from lake.records import bad_json, unreadable

_ROWS = 10_000


class ParquetReader(Reader):
    """Reads rows, a batch at a time. A record's bytes are its row as JSON; a broken file is one bad record."""

    is_json = True

    def read(self, body: IO[bytes]) -> Read:
        """The rows of a file."""
        encode = msgspec.json.Encoder().encode
        validate = self.model.__pydantic_validator__.validate_json
        try:
            for batch in pq.ParquetFile(body).iter_batches(_ROWS):
                for row in batch.to_pylist():
                    text = encode(row)
                    try:
                        yield text, validate(text)
                    except ValidationError as error:
                        yield text, bad_json(text, error, self.model)
        except (pa.ArrowException, OSError) as error:
            yield b"", unreadable("malformed_parquet", str(error))
