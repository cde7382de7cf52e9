"""Which account the local AWS is. It is decided here and nowhere else: `BOXOFFICE_AWS_ACCOUNT`, or 123456789012.

Every ARN that the server writes, every session that it knows and every call that it answers belong to this account.
moto has a constant for the default, which becomes this one, and derives the account of a call from its access key,
which is not used.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterable

VARIABLE = "BOXOFFICE_AWS_ACCOUNT"
ID = os.environ.get(VARIABLE) or "123456789012"


class InvalidAccount(ValueError):
    """The account's id is not one; the message says what is."""


class OtherAccount(RuntimeError):
    """The state was made as another account; the message says what to do."""


def use() -> None:
    """Let moto answer every call as this account, whatever credentials it is made with.

    To be called before a service of moto is imported: each copies the constant.

    Raises:
        InvalidAccount: the id is not twelve digits.
    """
    if not re.fullmatch(r"[0-9]{12}", ID):
        raise InvalidAccount(f"{VARIABLE} is {ID!r}, but the id of an account is twelve digits, such as 123456789012")
    os.environ["MOTO_ACCOUNT_ID"] = ID
    for module in ("moto.core.models", "moto.core"):  # what moto's own API takes if it is not told another
        vars(importlib.import_module(module))["DEFAULT_ACCOUNT_ID"] = ID


def require_own(accounts: Iterable[str], state: object) -> None:
    """Refuse a state whose ARNs name another account: half of it would not be found.

    Args:
        accounts: of what the state holds.
        state: where it is kept.

    Raises:
        OtherAccount: there is another one.
    """
    if others := sorted(set(accounts) - {ID}):
        raise OtherAccount(
            f"{state} was made as account {', '.join(others)}, and this is account {ID}. Nothing was changed. "
            f"Set {VARIABLE}={others[0]} to go on with it, or use another state directory (BOXOFFICE_HOME)"
        )
