"""`python -m infra.launcher`: what ./boxoffice runs."""

import sys

from infra.local_aws.private import keep_private
from infra.stack import record

_IN_ACCOUNT = {"deploy", "destroy"}
"""Commands that work in an account, which no local stack's settings concern."""

_IN_CHECKOUT = {"new-source"}
"""Commands that write source files, which are for everybody who works on the checkout."""


def main() -> None:
    """Follow the home's record, then run the command. The record comes first: names of resources depend on it."""
    if not _IN_CHECKOUT.intersection(sys.argv[1:2]):
        keep_private()
    try:
        if not _IN_ACCOUNT.intersection(sys.argv[1:2]):
            record.follow()
        from infra.launcher.app import main as run

        run()
    except record.UnreadableRecord as error:
        sys.exit(f"boxoffice: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
