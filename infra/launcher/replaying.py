"""`./boxoffice replay`: what of a day's quarantine passes today's contracts, and what loading it has gained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from aws_services import resources
from aws_services.s3 import S3
from infra import terminal
from infra.launcher.follow import FINAL
from infra.launcher.queries import warehouse
from infra.stack.airflow_api import AirflowError
from infra.stack.stack import Stack
from lake.replay import NotValidated, Replay, replay, validated
from lake.report import ContractViolation
from lake.run_lock import RunInProgress, RunLock
from lake.store import CorruptObject, Lake
from schemas.registry import UnknownSourceError, get_source
from warehouse.stars import Star, stars
from warehouse.summary import row_counts


class ReplayRefused(ValueError):
    """The day cannot be replayed; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ReplayState:
    """A day as it is before or after a replay.

    Attributes:
        quarantined: records in quarantine, by entity.
        rows: rows of the star, by table.
    """

    quarantined: Mapping[str, int]
    rows: Mapping[str, int]


class Replaying:
    """The replay of one day of one source, on a stack that is up.

    Args:
        stack: the stack.
        source: the source.
        business_date: the day.

    Raises:
        ReplayRefused: there is no such source, or no pipeline that loads it.
    """

    def __init__(self, stack: Stack, source: str, business_date: date) -> None:
        stack.use_aws()
        self.day = business_date
        self._stack = stack
        self._lake = Lake(S3(), resources.LAKE_BUCKET)
        self._star = _star_of(source)
        self._redshift = warehouse(stack)

    @property
    def pipeline(self) -> str:
        """The pipeline that loads the source."""
        return self._star.pipeline

    def look(self) -> list[Replay]:
        """What of the quarantine passes today's contracts.

        Raises:
            ReplayRefused: the day was not observed or not validated, a run of the pipeline is in progress, or a frozen
                contract is broken.
        """
        lock = RunLock(self._lake, self.pipeline).current()
        if lock is not None and not lock.is_free(datetime.now(UTC)) and not self._is_over(lock.holder):
            raise ReplayRefused(str(RunInProgress(lock)))
        try:
            return replay(self._lake, self._star.name, self.pipeline, self.day)
        except (NotValidated, ContractViolation, CorruptObject) as error:
            raise ReplayRefused(str(error)) from error

    def _is_over(self, dag_run_id: str) -> bool:
        """Whether Airflow knows that a DAG run has ended, though its lock was not given back."""
        try:
            return self._stack.airflow.run_state(self.pipeline, dag_run_id) in FINAL
        except AirflowError:
            return False  # the lock stands

    def state(self) -> ReplayState:
        """The day as it is now."""
        manifests = validated(self._lake, get_source(self._star.name), self.pipeline, self.day)
        return ReplayState(
            {manifest.entity: manifest.quarantined_records for manifest in manifests},
            row_counts(self._redshift, self._star.name, self._star.tables),
        )


def _star_of(source: str) -> Star:
    try:
        get_source(source)
    except UnknownSourceError as error:
        raise ReplayRefused(str(error)) from error
    for star in stars():
        if star.name == source:
            return star
    raise ReplayRefused(f"no pipeline loads source {source!r}; there are: {', '.join(star.name for star in stars())}")


def show(found: list[Replay], day: date) -> None:
    """Print what passes now and why the rest does not."""
    rejecting = [each for each in found if each.quarantined]
    if not rejecting:
        terminal.say(f"no record of {day} is in quarantine")
        return
    terminal.show_table(
        ("in quarantine", "records", "pass now", "repeat one that passes"),
        [(each.entity, each.quarantined, each.passing, each.duplicates) for each in rejecting],
    )
    for each in rejecting:
        for reason, count in sorted(each.failing.items(), key=lambda item: (-item[1], item[0])):
            terminal.say(f"  {each.entity}: {count:,} still fail: {terminal.printable(reason)}")
    if not any(each.passing for each in rejecting):
        terminal.say(f"nothing in the quarantine of {day} passes now")


def show_gain(before: ReplayState, after: ReplayState) -> None:
    """Print how a day differs from before its replay."""
    for entity, count in after.quarantined.items():
        was = before.quarantined.get(entity, 0)
        if was or count:
            terminal.say(f"quarantined {entity}: {was:,} before, {count:,} now")
    gained = {table: rows - before.rows.get(table, 0) for table, rows in after.rows.items()}
    changed = ", ".join(f"{table} {more:+,}" for table, more in gained.items() if more)
    terminal.say(f"rows gained: {changed or 'none'}")
