"""ARNs of the listed resources, in the account that the stack is deployed to."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import Aws

from aws_services import resources


def lake(*prefixes: str) -> tuple[str, ...]:
    """Objects of the lake below prefixes such as `raw`."""
    return tuple(f"arn:aws:s3:::{resources.LAKE_BUCKET}/{prefix}/*" for prefix in prefixes)


def below(uris: Iterable[str]) -> tuple[str, ...]:
    """Objects below `s3://` URIs that end in a slash."""
    return tuple(f"arn:aws:s3:::{uri.removeprefix('s3://')}*" for uri in uris)


def bucket(name: str) -> str:
    """A bucket itself. Permission to list it needs this ARN."""
    return f"arn:aws:s3:::{name}"


def glue(kind: str, *names: str) -> tuple[str, ...]:
    """Crawlers, jobs, databases… by name."""
    return tuple(_arn("glue", f"{kind}/{name}") for name in names)


def catalog(*databases: str) -> tuple[str, ...]:
    """The catalog, databases in it, and all of their tables. Glue checks all three for each access to a table."""
    tables = (f"{name}/*" for name in databases)
    return (_arn("glue", "catalog"), *glue("database", *databases), *glue("table", *tables))


def logs(prefix: str) -> tuple[str, ...]:
    """Log groups by prefix, and their streams."""
    return (_arn("logs", f"log-group:{prefix}*"),)


def topic(name: str) -> str:
    """A topic."""
    return _arn("sns", name)


def secret(name: str) -> str:
    """A secret. AWS adds six characters to its name."""
    return _arn("secretsmanager", f"secret:{name}-??????")


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{resources.REGION}:{Aws.ACCOUNT_ID}:{resource}"
