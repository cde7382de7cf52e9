"""What statements need besides the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Services:
    """What statements need besides the database.

    Attributes:
        object_path: Returns the file of an `s3://` URI, for COPY and UNLOAD; None uses boto3 and `AWS_ENDPOINT_URL`.
        role_access: Checks accesses to S3 by the role or access key of a COPY or UNLOAD; None: no check.
        catalog: The Glue catalog, for external schemas; None: there are none.
    """

    object_path: Callable[[str], Path] | None = None
    role_access: Any = None
    catalog: Any = None
