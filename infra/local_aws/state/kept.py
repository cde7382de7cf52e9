"""Which services' state survives a restart, which parts of it don't, and why. This is the only such table.

The whole backend of a service is saved, whatever its classes, except for the parts that are listed here with a reason.
A service that is not in the table is in memory and lost after a restart. S3's objects and the warehouse are an
exception: they are on disk anyway.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A part of a service's state that is lost after a restart.

    Attributes:
        target: `attribute` of the backend, or `module:Class.attribute` of one of its objects.
        reason: why it isn't saved.
        empty: creates the attribute of a loaded object. A backend has its own, from its constructor.
    """

    target: str
    reason: str
    empty: Callable[[], Any] = list


@dataclass(frozen=True, slots=True)
class SavedService:
    """A service whose state is saved.

    Attributes:
        file: its file, below the state directory.
        description: what is saved, in a user's terms.
        exclusions: the parts that are not saved.
        signs_as: the service's name in a request's signature, if it differs.
        read_only_operations: operations that change nothing, besides Get, List, Describe and Search.
    """

    file: Path
    description: str
    exclusions: tuple[Exclusion, ...] = ()
    signs_as: str = ""
    read_only_operations: tuple[str, ...] = ()

    @property
    def of_backend(self) -> frozenset[str]:
        """The attributes of the backend that are not saved."""
        return frozenset(part.target for part in self.exclusions if ":" not in part.target)

    @property
    def of_objects(self) -> Mapping[str, Mapping[str, Callable[[], Any]]]:
        """The attributes of objects that are not saved, with a factory of an empty one, by class name."""
        factories: dict[str, dict[str, Callable[[], Any]]] = {}
        for part in self.exclusions:
            if ":" in part.target:
                kind, _, attribute = part.target.rpartition(".")
                factories.setdefault(kind, {})[attribute] = part.empty
        return factories


_GLUE = "moto.glue.models"

SAVED_SERVICES: Mapping[str, SavedService] = {
    "glue": SavedService(
        Path("glue", "catalog.json"),
        "databases, tables, partitions, jobs, crawlers and their crawls, classifiers, connections, triggers, "
        "workflows, registries, schemas, tags",
        (Exclusion(f"{_GLUE}:FakeJob.job_runs", "each run is a file with its log, in glue/runs"),),
    ),
    "secretsmanager": SavedService(Path("secrets.json"), "secrets with all their versions, replicas, policies, tags"),
    "iam": SavedService(
        Path("iam", "roles.json"),
        "roles, policies and their attachments, instance profiles, users, groups, access keys, providers, certificates",
        (
            Exclusion("account_summary", "computed from the rest"),
            Exclusion("aws_managed_policies", "part of moto, not of the account"),
            Exclusion("policy_arn_regex", "a constant of moto"),
        ),
    ),
    "sts": SavedService(Path("iam", "sessions.json"), "sessions of roles, until they expire"),
    "sns": SavedService(
        Path("sns.json"),
        "topics, subscriptions, platform applications and endpoints, tags",
        (
            Exclusion("moto.sns.models:Topic.sent_notifications", "each message is a file in the folder of messages"),
            Exclusion("moto.sns.models:PlatformEndpoint.messages", "messages to phones are not sent", dict),
            Exclusion("sms_messages", "messages to phones are not sent"),
            Exclusion("sms_message_objects", "messages to phones are not sent"),
            Exclusion("_message_public_keys", "created again when a message is signed"),
        ),
        read_only_operations=("Publish", "PublishBatch"),
    ),
    "cloudwatch": SavedService(
        Path("cloudwatch.json"),
        "alarms with their state and history, metrics of the last 15 days, dashboards, insight rules, tags",
        (Exclusion("paged_metric_data", "pages of responses in progress"),),
        signs_as="monitoring",
    ),
    "logs": SavedService(
        Path("logs.json"),
        "log groups with their settings, streams, filters, policies, destinations, tags",
        (Exclusion("moto.logs.models:LogStream.events", "the log of each Glue job is a file, in glue/runs"),),
        read_only_operations=("PutLogEvents", "FilterLogEvents"),
    ),
}
