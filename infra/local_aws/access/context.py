"""What a request says of itself: the keys that conditions and policy variables look at.

A key has values, is absent, or cannot be known here. AWS says of most keys when a request has them; a key that a
request here surely lacks is absent, as in AWS. Of every other key nobody can tell, and what depends on it denies.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping

Values = tuple[str, ...]
"""The values of a key; none when the request does not have the key."""

KNOWN = frozenset(
    f"aws:{name}"
    for name in (
        # the principal
        *("principalarn", "principalaccount", "principaltype", "principaltag/", "userid", "username"),
        *("principalisawsservice", "principalservicename", "principalservicenameslist", "sourceidentity"),
        *("tokenissuetime", "multifactorauthpresent", "multifactorauthage", "federatedprovider"),
        # no account here is in an organization
        *("principalorgid", "principalorgpaths", "resourceorgid", "resourceorgpaths", "sourceorgid", "sourceorgpaths"),
        # the network: no VPC, no EC2
        *("sourceip", "sourcevpc", "sourcevpce", "sourcevpcarn", "vpcsourceip", "vpceaccount", "vpceorgid"),
        *("vpceorgpaths", "ec2instancesourcevpc", "ec2instancesourceprivateipv4"),
        # the request
        *("securetransport", "requestedregion", "currenttime", "epochtime", "useragent", "referer"),
        *("calledvia", "calledviafirst", "calledvialast", "viaawsservice", "resourceaccount"),
        *("sourceaccount", "sourcearn"),
    )
)
"""Global keys that every request is known to have or not to have."""

_OF_SESSIONS_OF_GLUE = frozenset({"glue:roleassumedby", "glue:credentialissuingservice"})
"""Keys of one service in requests to another."""


class Context:
    """The keys of one request.

    Args:
        service: IAM's prefix of the service that is asked, such as `s3`.
        values: by key, in any case; a string is a key of one value.
        known: further keys, in lower case, that are absent when they have no value; of keys like `aws:PrincipalTag/x`
            the part with the slash.
    """

    __slots__ = ("_given", "_known", "_service", "_values")

    def __init__(self, service: str, values: Mapping[str, str | Values], known: frozenset[str] = frozenset()) -> None:
        self._service = service.lower()
        self._given = values
        self._values: dict[str, Values] | None = None  # made when something asks: most statements have no condition
        self._known = known

    def values(self, key: str) -> Values | None:
        """The values of a key, none when it is absent, or None when nobody can tell."""
        name = key.lower()
        if self._values is None:
            lists = {key: (value,) if isinstance(value, str) else value for key, value in self._given.items()}
            self._values = {key.lower(): value for key, value in lists.items()}
        if (found := self._values.get(name)) is not None:
            return found
        return () if self._is_absent(name) else None

    def _is_absent(self, name: str) -> bool:
        prefix = name.partition(":")[0]
        if prefix not in ("aws", self._service):
            # A service's own keys are in requests to that service alone.
            return name not in _OF_SESSIONS_OF_GLUE
        name = name[: name.find("/") + 1] or name
        return name in KNOWN or name in self._known
