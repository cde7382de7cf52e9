"""Who may do what: IAM, enforced. moto knows roles and policies; here a call is held to them.

Whoever calls with the temporary credentials of a role (`sts:AssumeRole`) may do what the role's policies allow, within
its permissions boundary and the session's own policies; a user's access key, what the user's and its groups' allow. Any
other credentials are the account's administrator. Policies of buckets bind everybody, and a role is taken on by whom it
trusts. What the services do in a role's name without a call is held to it as well: a crawler's reading, COPY and
UNLOAD, and what Spark reads and writes on disk. Each decision about a role is written down, once, in
`<state>/access.jsonl`.
"""

from .callers import Caller, assume, behind, role_of
from .calls import Ask, listing, log_writing, objects, tables
from .door import Door
from .record import AccessDenied, Guard

__all__ = [
    "AccessDenied",
    "Ask",
    "Caller",
    "Door",
    "Guard",
    "assume",
    "behind",
    "listing",
    "log_writing",
    "objects",
    "role_of",
    "tables",
]
