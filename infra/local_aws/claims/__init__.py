"""What the local AWS claims to do: one list that refuses calls, generates the tables of the docs, and is tested.

The principle: if a response reports work, the work must be done. The local AWS refuses a query, run, execution,
invocation or delivery that it does not carry out. It records a thing that AWS would only record (a topic, an instance,
a cluster), as moto does, and the list states what is missing behind it.
"""

from infra.local_aws.claims.refusing import Refusals
from infra.local_aws.claims.services import SERVICES, without_warehouse
from infra.local_aws.claims.types import Level, Refusal, Service

__all__ = ["SERVICES", "Level", "Refusal", "Refusals", "Service", "without_warehouse"]
