"""Faults of the simulated API, in which a client can be tested. Each is a class, switched on with parameters."""

from .switch import FAULTS, Faults

__all__ = ["FAULTS", "Faults"]
