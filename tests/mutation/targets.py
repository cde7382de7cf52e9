"""Which tests are nearest to a file: those that should notice when it is wrong."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

_EVENTS = ("tests/warehouse/test_whats_on.py", "tests/warehouse/test_products.py")
_SALES = ("tests/warehouse/tickit/test_products.py",)
_QUALITY = ("tests/warehouse/test_quality.py", "tests/warehouse/tickit/test_quality.py")
_PUBLICATION = ("tests/warehouse/test_publish.py",)

NEAREST: dict[str, tuple[str, ...]] = {
    "lake/validate.py": ("tests/lake/test_validate.py", "tests/lake/test_contract_modes.py"),
    "lake/contract_modes.py": ("tests/lake/test_contract_modes.py", "tests/lake/test_validate.py"),
    "lake/curate.py": ("tests/lake/test_curate.py", "tests/lake/test_unchanged.py"),
    "warehouse/publish.py": _PUBLICATION,
    "warehouse/load.py": ("tests/warehouse/test_load.py", *_PUBLICATION),
    "warehouse/refresh.py": ("tests/warehouse/test_refresh.py", "tests/warehouse/test_products.py"),
    "warehouse/quality.py": _QUALITY,
    "warehouse/ticketmaster/products/*.sql": _EVENTS,
    "warehouse/ticketmaster/procedures/sp_merge_fact*.sql": (
        "tests/warehouse/test_star.py",
        "tests/warehouse/test_any_order.py",
        *_PUBLICATION,
    ),
    "warehouse/ticketmaster/procedures/sp_merge_bridges.sql": (
        "tests/warehouse/test_star.py",
        "tests/warehouse/test_any_order.py",
    ),
    "warehouse/ticketmaster/procedures/sp_replace_observations.sql": (
        "tests/warehouse/test_star.py",
        "tests/warehouse/test_any_order.py",
    ),
    "warehouse/ticketmaster/procedures/*.sql": _EVENTS,
    "warehouse/ticketmaster/quality/*.sql": ("tests/warehouse/test_quality.py",),
    "warehouse/tickit/products/*.sql": _SALES,
    "warehouse/tickit/procedures/*.sql": ("tests/warehouse/tickit/test_star.py",),
    "warehouse/tickit/quality/*.sql": ("tests/warehouse/tickit/test_quality.py",),
    "warehouse/shared/standard/*.sql": ("tests/warehouse/test_standard.py",),
    "warehouse/shared/dimensions/*.sql": ("tests/warehouse/test_star.py", "tests/warehouse/test_any_order.py"),
    "warehouse/shared/procedures/*.sql": (*_PUBLICATION, "tests/warehouse/test_products.py"),
}
"""By file, or pattern; the first that fits. Any other file is tested by the one that mirrors it."""


def nearest(path: str) -> tuple[str, ...]:
    """The test files for a source file, both relative to the root; those that should fail first come first."""
    for pattern, tests in NEAREST.items():
        if fnmatch(path, pattern):
            return tests
    source = PurePosixPath(path)
    return (f"tests/{source.parent}/test_{source.stem}.py",)
