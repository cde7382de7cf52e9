"""Which tests are nearest to a file: those that should notice when it is wrong."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

_EVENTS = ("tests/warehouse/test_whats_on.py", "tests/warehouse/test_products.py")
_SALES = ("tests/warehouse/tickit/test_products.py",)
_QUALITY = (
    "tests/warehouse/test_audit_results.py",
    "tests/warehouse/test_quality.py",
    "tests/warehouse/tickit",
)
_RUN = ("tests/runs/test_taken_over.py", "tests/dags/test_tickit_load.py")
_PUBLICATION = ("tests/warehouse/test_publish.py",)
_GENERATED = (
    "tests/warehouse/test_facts.py",
    "tests/warehouse/test_dimensions.py",
    "tests/warehouse/test_declared_tables.py",
    "tests/warehouse/test_generated.py",
    "tests/warehouse/test_star.py",
    "tests/warehouse/tickit/test_star.py",
)

NEAREST: dict[str, tuple[str, ...]] = {
    "lake/validate.py": (
        "tests/lake/test_validate.py",
        "tests/lake/test_contract_modes.py",
        "tests/lake/test_validate_limits.py",
    ),
    "lake/contract_modes.py": ("tests/lake/test_contract_modes.py", "tests/lake/test_validate.py"),
    "lake/curate.py": ("tests/lake/test_curate.py", "tests/lake/test_unchanged.py"),
    "lake/run_lock.py": ("tests/lake/test_run_lock.py", "tests/lake/test_run_lock_races.py"),
    "runs/loading.py": ("tests/runs/test_loading.py", *_RUN),
    "runs/validating.py": ("tests/runs/test_validating.py", *_RUN),
    "runs/reconciliation.py": ("tests/runs/test_reconciliation.py", *_RUN),
    "runs/lock.py": ("tests/runs/test_lock.py", *_RUN),
    "runs/closing.py": ("tests/runs/test_closing.py", *_RUN),
    "warehouse/publish.py": _PUBLICATION,
    "runs/ledger.py": ("tests/runs/test_ledger.py", "tests/runs/test_validating.py", *_PUBLICATION),
    "warehouse/load.py": ("tests/warehouse/test_load.py", *_PUBLICATION, "tests/warehouse/test_data_api.py"),
    "warehouse/refresh.py": ("tests/warehouse/test_refresh.py", "tests/warehouse/test_products.py"),
    "warehouse/quality.py": _QUALITY,
    "warehouse/migrate.py": ("tests/warehouse/test_migrate.py", "tests/warehouse/test_declared_tables.py"),
    "warehouse/rules.py": ("tests/warehouse/test_rules.py", *_QUALITY),
    "warehouse/rule_*.py": ("tests/warehouse/test_rules.py", *_QUALITY),
    "warehouse/facts.py": _GENERATED,
    "warehouse/dimensions.py": _GENERATED,
    "warehouse/tables.py": (
        "tests/warehouse/test_tables.py",
        "tests/warehouse/test_facts.py",
        "tests/warehouse/test_dimensions.py",
        "tests/warehouse/test_declared_tables.py",
    ),
    "warehouse/ticketmaster/conditions.py": ("tests/warehouse/test_late_days.py", *_EVENTS),
    "warehouse/ticketmaster/products/*.sql": _EVENTS,
    "warehouse/ticketmaster/procedures/sp_merge_fact*.sql": (
        "tests/warehouse/test_star.py",
        "tests/warehouse/test_any_order.py",
        *_PUBLICATION,
    ),
    "warehouse/ticketmaster/procedures/sp_merge_bridge*.sql": (
        "tests/warehouse/test_star.py",
        "tests/warehouse/test_any_order.py",
    ),
    "warehouse/shared/observations/*.sql": (
        "tests/warehouse/test_star.py",
        "tests/warehouse/test_any_order.py",
    ),
    "warehouse/ticketmaster/procedures/sp_mark_withdrawn_events.sql": ("tests/warehouse/test_late_days.py", *_EVENTS),
    "warehouse/ticketmaster/procedures/*.sql": _EVENTS,
    "warehouse/ticketmaster/quality/*.sql": ("tests/warehouse/test_quality.py",),
    "warehouse/tickit/products/*.sql": _SALES,
    "warehouse/tickit/quality/*.sql": ("tests/warehouse/tickit",),
    "warehouse/shared/rules/*.sql": ("tests/warehouse/test_rules.py", "tests/warehouse/test_standard.py", *_QUALITY),
    "warehouse/shared/checks/*.sql": ("tests/warehouse/test_standard.py", "tests/warehouse/tickit/test_star.py"),
    "warehouse/shared/facts/*.sql": ("tests/warehouse/test_standard.py", "tests/warehouse/tickit/test_star.py"),
    "warehouse/shared/bridges/*.sql": ("tests/warehouse/test_star.py", "tests/warehouse/test_any_order.py"),
    "warehouse/shared/dimensions/*.sql": ("tests/warehouse/test_star.py", "tests/warehouse/test_any_order.py"),
    "warehouse/shared/procedures/*.sql": ("tests/warehouse/test_shared_procedures.py", *_PUBLICATION),
}
"""By file, or pattern; the first that fits. Any other file is tested by the one that mirrors it."""


def nearest(path: str) -> tuple[str, ...]:
    """The test files for a source file, both relative to the root; those that should fail first come first."""
    for pattern, tests in NEAREST.items():
        if fnmatch(path, pattern):
            return tests
    source = PurePosixPath(path)
    return (f"tests/{source.parent}/test_{source.stem}.py",)
