"""Faults of the simulated API, for testing clients. Each is a class that you switch on with parameters."""

from .switch import FAULTS, Faults

__all__ = ["FAULTS", "Faults"]
