"""Parameters of requests that are about sessions, and ListSessions.

Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListSessions.html
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError

from .answers import Answer, answer, invalid, not_found, page_start
from .sessions import LONGEST_SECONDS, BusySession, KeptSession, NoSuchSession, SessionStore

_TARGET = ("ClusterIdentifier", "WorkgroupName", "DbUser", "SecretArn")
_OPEN = ("AVAILABLE", "BUSY")


def target_fields(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a request that choose where it connects, and as whom."""
    return {key: params.get(key) for key in _TARGET}


def check_seconds(params: dict[str, Any]) -> None:
    """Checks SessionKeepAliveSeconds."""
    if not 0 <= (params.get("SessionKeepAliveSeconds") or 0) <= LONGEST_SECONDS:
        raise invalid(f"SessionKeepAliveSeconds must be between 0 and {LONGEST_SECONDS}.")


def refusal(error: Exception) -> JsonRESTError:
    """The API's error for one of a session's."""
    if isinstance(error, NoSuchSession):
        return not_found("Session does not exist or has expired.")
    if isinstance(error, BusySession):
        return invalid("A statement is already running in the session. A session runs one statement at a time.")
    return JsonRESTError("ActiveSessionsExceededException", str(error))


def named_session(store: SessionStore, params: dict[str, Any], owner: str | None) -> KeptSession | None:
    """The session that SessionId names, or None. The rest of its target must be the session's."""
    identifier = params.get("SessionId")
    if not identifier:
        return None
    try:
        kept = store.find(identifier, owner)
    except NoSuchSession as error:
        raise refusal(error) from error
    differing = [key for key in _TARGET if params.get(key) not in (None, kept.fields.get(key))]
    if params.get("Database") not in (None, kept.database):
        differing.append("Database")
    if differing:
        raise invalid(f"{', '.join(differing)} cannot differ from those of the session.")
    return kept


def list_sessions(store: SessionStore, params: dict[str, Any], owner: str | None) -> Answer:
    """The caller's sessions; without a Status, the open ones."""
    statuses = (params["Status"],) if params.get("Status") else _OPEN
    matching = [
        kept
        for kept in store.all(owner)
        if params.get("SessionId") in (None, kept.id)
        if kept.status in statuses
        if params.get("Database") in (None, kept.database)
        if all(params.get(key) in (None, kept.fields[key]) for key in ("ClusterIdentifier", "WorkgroupName"))
    ]
    start = page_start(params)
    end = start + int(params.get("MaxResults") or 100)
    return answer(
        {
            "Sessions": [_facts(kept) for kept in matching[start:end]],
            "NextToken": str(end) if end < len(matching) else None,
        }
    )


def _facts(kept: KeptSession) -> dict[str, Any]:
    facts = {
        "SessionId": kept.id,
        "Status": kept.status,
        "CreatedAt": kept.created_at,
        "UpdatedAt": kept.updated_at,
        "Database": kept.database,
        "SessionAliveSeconds": kept.seconds,
        "SessionTtl": kept.ends_at,
        "CurrentStatementId": kept.statement,
        **{key: kept.fields[key] for key in ("ClusterIdentifier", "WorkgroupName", "DbUser")},
    }
    return {key: value for key, value in facts.items() if value is not None}
