"""The context of a request: the keys that conditions and policy variables can use.

A key has values, is absent, or is unknown here. AWS documents for most keys when a request has them. A key that a
request here can't have is absent, as in AWS. Any other key is unknown, and a decision that depends on it is a denial.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping

Values = tuple[str, ...]
"""The values of a key; empty if the request does not have the key."""

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
"""Global keys for which it is known whether a request has them."""

_OF_SESSIONS_OF_GLUE = frozenset({"glue:roleassumedby", "glue:credentialissuingservice"})
"""Glue's keys in requests to other services."""


class Context:
    """The keys of one request.

    Args:
        service: IAM's prefix of the service, such as `s3`.
        values: by key, in any case; a string is a key with one value.
        absent_keys: further keys, in lower case, that are absent unless they have a value; for keys like
            `aws:PrincipalTag/x`, the part up to the slash.
    """

    __slots__ = ("_absent_keys", "_service", "_values", "_values_by_key")

    def __init__(
        self, service: str, values: Mapping[str, str | Values], absent_keys: frozenset[str] = frozenset()
    ) -> None:
        self._service = service.lower()
        self._values_by_key = values
        self._values: dict[str, Values] | None = None  # computed on first use: most statements have no condition
        self._absent_keys = absent_keys

    def values(self, key: str) -> Values | None:
        """The values of a key, empty if the key is absent, or None if unknown."""
        name = key.lower()
        if self._values is None:
            lists = {key: (value,) if isinstance(value, str) else value for key, value in self._values_by_key.items()}
            self._values = {key.lower(): value for key, value in lists.items()}
        if (values := self._values.get(name)) is not None:
            return values
        return () if self._is_absent(name) else None

    def _is_absent(self, name: str) -> bool:
        prefix = name.partition(":")[0]
        if prefix not in ("aws", self._service):
            # A service's own keys only occur in requests to that service.
            return name not in _OF_SESSIONS_OF_GLUE
        name = name[: name.find("/") + 1] or name
        return name in KNOWN or name in self._absent_keys
