"""A run of a Glue job with its real state, saved as JSON."""

import json
from datetime import datetime
from typing import Any, Self

from moto.core.utils import utcnow
from moto.glue import models as glue_models

from .job_log import LOG_GROUP

ACTIVE = ("STARTING", "RUNNING", "STOPPING")
_TIMES = ("started_on", "modified_on", "completed_on")


class JobRun(glue_models.FakeJobRun):
    """A run with its real state, rather than a state that moto advances by the clock."""

    _state = "STARTING"
    error: str | None = None
    account = region = ""
    glue_version = ""
    trigger = ""
    """Name of the trigger that started the run; empty if no trigger did."""

    @property
    def status(self) -> str:
        """Glue's JobRunState."""
        return self._state

    @status.setter
    def status(self, value: str) -> None:
        self._state = value

    def advance(self) -> None:
        """Does nothing: moto would advance the state here."""

    @property
    def is_active(self) -> bool:
        """Whether it counts against MaxConcurrentRuns."""
        return self._state in ACTIVE

    def as_dict(self) -> dict[str, Any]:
        """The run as GetJobRun returns it."""
        fields: dict[str, Any] = super().as_dict()
        end = utcnow() if self.is_active else self.completed_on
        fields |= {"GlueVersion": self.glue_version, "LogGroupName": LOG_GROUP, "TriggerName": self.trigger or None}
        fields["ExecutionTime"] = max(0, int((end - self.started_on).total_seconds()))
        if self.is_active:
            del fields["CompletedOn"]
        if self.error:
            fields["ErrorMessage"] = self.error
        return {name: value for name, value in fields.items() if value is not None}

    def finish(self, state: str, error: str | None = None) -> None:
        """Sets the final state; `error` is what GetJobRun reports as ErrorMessage."""
        self.error = error
        self.completed_on = self.modified_on = utcnow()
        self._state = state

    def saved(self) -> bytes:
        """The run as JSON, for `restored`."""
        content = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        content |= {"state": self.status, "previous": self.previous_run_id}
        return json.dumps(content, indent=1, default=datetime.isoformat).encode()

    @classmethod
    def restored(cls, content: bytes) -> Self:
        """Reads a saved run."""
        fields = json.loads(content)
        for name in _TIMES:
            if name in fields:
                fields[name] = datetime.fromisoformat(fields[name])
        run = object.__new__(cls)
        run.status = fields.pop("state")
        run.previous_run_id = fields.pop("previous")
        run.__dict__.update(fields)
        return run
