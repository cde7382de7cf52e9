"""The plan of a deployment, without AWS calls: resources, migrations, artifacts, and Airflow's configuration."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_services import resources
from infra.checkout import ROOT
from infra.deploy.account import STACK
from infra.packaging import artifacts
from warehouse.migrate import Step, steps

TEMPLATE = ROOT / "infra" / "aws" / f"{resources.SUFFIX}.template.json"
NO_ACCOUNT = "<account>"


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a deployment.

    Attributes:
        kinds: the number of resources of each type in the template, such as `AWS::S3::Bucket`.
        migrations: the files for the warehouse, in order. Those that were applied before are skipped.
        artifacts: the files of the Glue jobs, by key.
        command: the CDK's command.
    """

    kinds: Counter[str]
    migrations: list[Step]
    artifacts: dict[str, bytes]
    command: Sequence[str]


def plan(command: Sequence[str]) -> Plan:
    """The plan for this checkout.

    Raises:
        infra.packaging.NothingToPackage: a package or script of the Glue jobs is missing.
    """
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    kinds = Counter(resource["Type"] for resource in template["Resources"].values())
    return Plan(kinds, steps(), artifacts(ROOT), command)


def describe(deployment: Plan) -> Iterator[str]:
    """The plan as lines for people."""
    template = TEMPLATE.relative_to(ROOT)
    yield f"1. Infrastructure: stack {STACK} in {resources.REGION}, {deployment.kinds.total()} resources ({template})"
    by_service: dict[str, list[str]] = defaultdict(list)
    for kind, count in sorted(deployment.kinds.items()):
        _, service, *name = kind.split("::") if kind.count("::") > 1 else ("", *kind.split("::"))
        by_service[service].append(f"{count} {'::'.join(name)}")
    for service, counts in by_service.items():
        yield f"   {service:<20} {', '.join(counts)}"
    yield "   existing resources are changed only if they differ"
    yield f"   command: {' '.join(deployment.command)}"
    yield ""
    yield (
        f"2. Warehouse: {len(deployment.migrations)} files on {resources.WORKGROUP}/{resources.WAREHOUSE_DATABASE}, as "
        "its administrator, in this order"
    )
    yield "   migrations run once, other files when they have changed, and grants whenever an object was created"
    for number, step in enumerate(deployment.migrations, 1):
        yield f"   {number:>3} {step.kind:<10} {step.name}"
    yield ""
    yield f"3. Artifacts: {len(deployment.artifacts)} files to s3://{resources.ARTIFACT_BUCKET}, unless unchanged"
    for key, body in deployment.artifacts.items():
        yield f"   {key:<34} {len(body):>9,} bytes  sha256 {hashlib.sha256(body).hexdigest()}"


def for_airflow(account: str, outputs: dict[str, str]) -> Iterator[str]:
    """The configuration for Airflow, and the steps that a person must do by hand.

    Args:
        account: the account's id.
        outputs: the stack's outputs. For a missing output, the text has the expected name.
    """
    role = outputs.get("AirflowRole") or f"arn:aws:iam::{account}:role/{resources.EXTRACTOR_ROLE}"
    yield "Airflow (docs/deploy.md) needs no Variable and no Connection. In the environment of all its processes"
    yield f"   BOXOFFICE_ENVIRONMENT={resources.SUFFIX}"
    yield f"   BOXOFFICE_AWS_ACCOUNT={account}"
    yield f"   AWS_DEFAULT_REGION={resources.REGION}"
    yield "   AWS_ENDPOINT_URL               unset"
    yield f"   its tasks' role                {role}"
    yield "   that role's session name       the same in every process (role_session_name=boxoffice in ~/.aws/config)"
    yield "On MWAA, also"
    yield "   startup script                 exports the variables above"
    yield f"   execution role                 {resources.EXTRACTOR_ROLE}, see docs/deploy.md"
    yield "   requirements.txt               see docs/deploy.md"
    yield "By hand, once"
    for secret in resources.SECRETS:
        yield "   the API's key, from a file"
        yield f"      aws secretsmanager put-secret-value --secret-id {secret} --secret-string file://KEY"
    topic = f"arn:aws:sns:{resources.REGION}:{account}:{resources.ALERT_TOPIC}"
    yield "   the people who receive alerts"
    yield f"      aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint ADDRESS"
