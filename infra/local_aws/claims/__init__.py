"""Lists what the local AWS claims to do. The list refuses calls and generates the tables of the docs; tests check it.

The principle: if a response reports work, the work must be done. The local AWS refuses a query, run, execution,
invocation or delivery that it does not carry out. It records a resource that AWS would only record (a topic, an
instance, a cluster), as moto does, and the list states what is missing behind it.
"""

from .refusing import Refusals
from .services import SERVICES, without_warehouse
from .types import Level, Refusal, Service

__all__ = ["SERVICES", "Level", "Refusal", "Refusals", "Service", "without_warehouse"]
