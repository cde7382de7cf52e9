"""Which services' state is kept over a restart, which part of it not, and why: the one table.

All of a service's backend is kept, whatever its classes, except what is named here with its reason. What is not in the
table lives in memory and is gone after a restart, but for S3's objects and the warehouse, which keep themselves on
disk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class NotKept:
    """A part of a service's state that is gone after a restart.

    Attributes:
        what: `attribute` of the backend, or `module:Class.attribute` of an object of it.
        reason: why.
        empty: makes the attribute of an object that was not kept. A backend has its own, from its constructor.
    """

    what: str
    reason: str
    empty: Callable[[], Any] = list


@dataclass(frozen=True, slots=True)
class Kept:
    """A service whose state is kept.

    Attributes:
        file: where, below the state directory.
        keeps: what a user has of it, in words.
        not_kept: the exceptions.
        signs_as: the service's name in a request's signature, where it is another.
        changes_nothing: operations beside Get, List, Describe and Search after which there is nothing new to keep.
    """

    file: Path
    keeps: str
    not_kept: tuple[NotKept, ...] = ()
    signs_as: str = ""
    changes_nothing: tuple[str, ...] = ()

    @property
    def of_backend(self) -> frozenset[str]:
        """The attributes of the backend that are not kept."""
        return frozenset(part.what for part in self.not_kept if ":" not in part.what)

    @property
    def of_objects(self) -> Mapping[str, Mapping[str, Callable[[], Any]]]:
        """The attributes of objects that are not kept, with what makes an empty one, by the class's name."""
        found: dict[str, dict[str, Callable[[], Any]]] = {}
        for part in self.not_kept:
            if ":" in part.what:
                kind, _, attribute = part.what.rpartition(".")
                found.setdefault(kind, {})[attribute] = part.empty
        return found


_GLUE = "moto.glue.models"

KEPT: Mapping[str, Kept] = {
    "glue": Kept(
        Path("glue", "catalog.json"),
        "databases, tables, partitions, jobs, crawlers and their crawls, classifiers, connections, triggers, "
        "workflows, registries, schemas, tags",
        (NotKept(f"{_GLUE}:FakeJob.job_runs", "each run is a file of its own, with its log, in glue/runs"),),
    ),
    "secretsmanager": Kept(Path("secrets.json"), "secrets with all their versions, replicas, policies, tags"),
    "iam": Kept(
        Path("iam", "roles.json"),
        "roles, policies and their attachments, instance profiles, users, groups, access keys, providers, certificates",
        (
            NotKept("account_summary", "counted from the rest"),
            NotKept("aws_managed_policies", "part of moto, not of the account"),
            NotKept("policy_arn_regex", "a constant of moto"),
        ),
    ),
    "sts": Kept(Path("iam", "sessions.json"), "sessions of roles, until they expire"),
    "sns": Kept(
        Path("sns.json"),
        "topics, subscriptions, platform applications and endpoints, tags",
        (
            NotKept(
                "moto.sns.models:Topic.sent_notifications", "each message is a file, in the folder of the messages"
            ),
            NotKept("moto.sns.models:PlatformEndpoint.messages", "messages to telephones are not sent", dict),
            NotKept("sms_messages", "messages to telephones are not sent"),
            NotKept("sms_message_objects", "messages to telephones are not sent"),
            NotKept("_message_public_keys", "made again when a message is signed"),
        ),
        changes_nothing=("Publish", "PublishBatch"),
    ),
    "cloudwatch": Kept(
        Path("cloudwatch.json"),
        "alarms with their state and history, metrics of the last 15 days, dashboards, insight rules, tags",
        (NotKept("paged_metric_data", "pages of answers under way"),),
        signs_as="monitoring",
    ),
    "logs": Kept(
        Path("logs.json"),
        "log groups with their settings, streams, filters, policies, destinations, tags",
        (NotKept("moto.logs.models:LogStream.events", "the log of each Glue job is a file, in glue/runs"),),
        changes_nothing=("PutLogEvents", "FilterLogEvents"),
    ),
}
