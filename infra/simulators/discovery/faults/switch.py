"""The catalogue of faults, and the ones that are on."""

from __future__ import annotations

import threading
from typing import Any

from .answers import HtmlBodies, QuotaExhausted, RateStorm, ServerErrors
from .bodies import BrokenConnections, SlowBodies, TruncatedBodies
from .drift import Crowd, DriftFault
from .false_pages import MissingPages, ReorderedPages, RepeatedPages, SkippedEvents
from .fault import Fault, Simulation, describe

FAULTS: dict[str, type[Fault]] = {
    kind.name: kind
    for kind in (
        *(RateStorm, QuotaExhausted, ServerErrors, HtmlBodies, TruncatedBodies, BrokenConnections, SlowBodies),
        *(RepeatedPages, ReorderedPages, SkippedEvents, MissingPages, DriftFault, Crowd),
    )
}


class Faults:
    """Switches the faults of one simulator on and off while it runs."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._lock = threading.Lock()
        self._on: dict[str, Fault] = {}

    def switch(self, requested: Any) -> None:
        """Switches faults as in `{"rate_storm": {"every": 10}, "drift": null}`. Other faults stay as they are.

        Raises:
            ValueError: the object is malformed, or as in `switch_on`. Faults before the error have been switched.
        """
        if not isinstance(requested, dict) or not all(isinstance(value, dict | None) for value in requested.values()):
            raise ValueError('a fault is switched on with {"NAME": {"PARAMETER": value}}, and off with {"NAME": null}')
        for name, parameters in requested.items():
            if parameters is None:
                self.switch_off(name)
            else:
                self.switch_on(name, **parameters)

    def switch_on(self, name: str, **parameters: Any) -> Fault:
        """Switches a fault on. If it is already on, it starts again.

        Raises:
            ValueError: there is no such fault or parameter, or a parameter's value is invalid.
        """
        if name not in FAULTS:
            raise ValueError(f"no fault {name!r}; there are {', '.join(FAULTS)}")
        fault = FAULTS[name](**parameters)
        fault.belong_to(self._simulation)
        self.switch_off(name)
        with self._lock:
            self._on[name] = fault
            for seam, method in _seams(fault, self._simulation):
                seam.append(method)
        return fault

    def switch_off(self, name: str) -> None:
        """Switches a fault off, if it is on."""
        with self._lock:
            fault = self._on.pop(name, None)
            for seam, method in _seams(fault, self._simulation) if fault else ():
                seam.remove(method)

    def clear(self) -> None:
        """Switches all faults off."""
        for name in list(self._on):
            self.switch_off(name)

    def report(self) -> dict[str, dict[str, Any]]:
        """All faults: what they do, their parameters, and for those that are on, the values and the effect."""
        with self._lock:
            on = dict(self._on)
        return {
            name: describe(kind)
            | {"on": on[name].model_dump() if name in on else None}
            | ({"strikes": on[name].strikes} if name in on else {})
            for name, kind in FAULTS.items()
        }


def _seams(fault: Fault, simulation: Simulation) -> list[tuple[list[Any], Any]]:
    """The hooks of a fault: those that its class implements."""
    seams = simulation.interceptors
    candidates: tuple[tuple[str, list[Any]], ...]
    candidates = (("before", seams.before), ("after", seams.after), ("alter", seams.worlds))
    kind = type(fault)
    return [
        (seam, getattr(fault, name)) for name, seam in candidates if getattr(kind, name) is not getattr(Fault, name)
    ]
