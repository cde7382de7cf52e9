"""`python -m infra.stack.health URL [PART]`: exit code 0 if a server answers and reports its part as healthy.

Containers run this health check every few seconds, so it imports only the standard library.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

_TIMEOUT_SECONDS = 5.0


def problem(url: str, part: str | None = None) -> str | None:
    """The problem of a server, or None if it's healthy.

    Args:
        url: a URL that a healthy server answers with status 200.
        part: a part of the server whose health the answer includes, such as `scheduler` in Airflow's
            `/api/v2/monitor/health`.
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
        return f"{url} doesn't report the status of {part}"
    return None if status == "healthy" else f"{part} is {status}"


if __name__ == "__main__":
    sys.exit(problem(*sys.argv[1:3]))
