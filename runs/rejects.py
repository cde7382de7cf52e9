"""Why records of a run are in quarantine, in the ledger: a row per entity and reason, without any value."""

from __future__ import annotations

from collections.abc import Mapping

from aws_services.redshift_data import RedshiftData, Value

MOST_REASONS = 30
"""The most frequent reasons that the ledger keeps per run and entity. The others are counted in one row."""
OTHER_REASONS = "any other reason"
_LONGEST = 250  # characters: VARCHAR(1000) counts bytes, and a character has up to four


def record_rejects(redshift: RedshiftData, run_id: str, entity: str, rejected: Mapping[str, int]) -> None:
    """Replace the reasons of one entity's rejected records; one transaction.

    Args:
        redshift: the warehouse.
        run_id: the run.
        entity: the entity.
        rejected: its rejected records by reason, `type at path`.
    """
    params: dict[str, Value] = {"run_id": run_id, "entity": entity}
    # LOCK: validations of several entities run concurrently, and a new attempt may overlap with the last one.
    statements = ["LOCK etl.rejects", "DELETE FROM etl.rejects WHERE run_id = :run_id AND entity = :entity"]
    for number, (reason, records) in enumerate(most_frequent(rejected).items()):
        params[f"reason_{number}"] = reason
        statements.append(
            "INSERT INTO etl.rejects (run_id, entity, reason, quarantined_records, recorded_at) "
            f"VALUES (:run_id, :entity, :reason_{number}, {int(records)}, GETDATE())"
        )
    redshift.batch(statements, params)


def most_frequent(rejected: Mapping[str, int]) -> dict[str, int]:
    """The most frequent reasons, and the others as one, so that the sum stays the same."""
    ranked = sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
    counts: dict[str, int] = {}
    for reason, records in ranked:
        name = reason[:_LONGEST]
        key = name if name in counts or len(counts) < MOST_REASONS else OTHER_REASONS
        counts[key] = counts.get(key, 0) + records
    return counts
