"""The account of the local AWS. It is set here and nowhere else: `BOXOFFICE_AWS_ACCOUNT`, or 123456789012.

Every ARN that the server writes, every session and every call belongs to this account. moto has a constant for the
default account, which is set to this one. moto would also derive the account of a call from its access key, which is
not used.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterable

VARIABLE = "BOXOFFICE_AWS_ACCOUNT"
ID = os.environ.get(VARIABLE) or "123456789012"


class InvalidAccount(ValueError):
    """The account's id is invalid. The message shows a valid one."""


class OtherAccount(RuntimeError):
    """The state belongs to another account. The message explains what to do."""


def use() -> None:
    """Makes moto handle every call as this account, whatever its credentials.

    Call it before a service of moto is imported: each copies the constant.

    Raises:
        InvalidAccount: the id is not twelve digits.
    """
    if not re.fullmatch(r"[0-9]{12}", ID):
        raise InvalidAccount(f"{VARIABLE} is {ID!r}, but the id of an account is twelve digits, such as 123456789012")
    os.environ["MOTO_ACCOUNT_ID"] = ID
    for module in ("moto.core.models", "moto.core"):  # moto's own API uses them by default
        vars(importlib.import_module(module))["DEFAULT_ACCOUNT_ID"] = ID


def require_own(accounts: Iterable[str], state: object) -> None:
    """Refuses a state whose ARNs name another account, because half of it would not be found.

    Args:
        accounts: the accounts in the state.
        state: its directory.

    Raises:
        OtherAccount: there is another account.
    """
    if other_accounts := sorted(set(accounts) - {ID}):
        raise OtherAccount(
            f"{state} was made as account {', '.join(other_accounts)}, and this is account {ID}. Nothing was changed. "
            f"Set {VARIABLE}={other_accounts[0]} to go on with it, or use another state directory (BOXOFFICE_HOME)"
        )
