"""IAM, enforced. moto stores roles and policies; this package checks calls against them.

A call with the temporary credentials of a role (`sts:AssumeRole`) may do what the role's policies allow, within its
permissions boundary and the session's own policies. A call with a user's access key may do what the policies of the
user and its groups allow. Any other credentials belong to the account's administrator. Bucket policies apply to
everyone, and a role's trust policy decides who can assume it. Services also act for roles without a call, and are
checked too: a crawler's reads, COPY and UNLOAD, and Spark's reads and writes on disk. Each decision about a role is
recorded, once, in `<state>/access.jsonl`.
"""

from .callers import Caller, assume, caller_of, role_of
from .calls import listing, log_writing, objects, tables
from .door import AccessMiddleware
from .record import AccessDenied, Guard
from .requests import AccessRequest

__all__ = [
    "AccessDenied",
    "AccessMiddleware",
    "AccessRequest",
    "Caller",
    "Guard",
    "assume",
    "caller_of",
    "listing",
    "log_writing",
    "objects",
    "role_of",
    "tables",
]
