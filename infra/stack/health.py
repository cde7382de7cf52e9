"""`python -m infra.stack.health URL [PART]`: exit code 0 when a server answers, and says that its part is healthy.

For the health checks of containers, every few seconds: it imports nothing but the standard library.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

_TIMEOUT_SECONDS = 5.0


def problem(url: str, part: str | None = None) -> str | None:
    """What is wrong with a server; None when it is healthy.

    Args:
        url: something that it answers with 200.
        part: one of several whose health the answer tells, as Airflow's `/api/v2/monitor/health` does: `scheduler`.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy's answer is not the server's
    try:
        with opener.open(url, timeout=_TIMEOUT_SECONDS) as answer:
            body = answer.read()
    except (urllib.error.URLError, OSError) as error:
        return f"{url} does not answer: {error}"
    if part is None:
        return None
    try:
        status = json.loads(body)[part]["status"]
    except (ValueError, KeyError, TypeError):
        return f"{url} says nothing of {part}"
    return None if status == "healthy" else f"{part} is {status}"


if __name__ == "__main__":
    sys.exit(problem(*sys.argv[1:3]))
