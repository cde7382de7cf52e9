"""What a deployment consists of, told without asking AWS: resources, migrations, artifacts, and what Airflow needs."""

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
    """What is deployed.

    Attributes:
        kinds: how many resources of each type the template has, such as `AWS::S3::Bucket`.
        migrations: what is applied to the warehouse, in order, unless it was before.
        artifacts: what the Glue jobs are made of, by key.
        command: the CDK's command.
    """

    kinds: Counter[str]
    migrations: list[Step]
    artifacts: dict[str, bytes]
    command: Sequence[str]


def plan(command: Sequence[str]) -> Plan:
    """What this checkout deploys.

    Raises:
        infra.packaging.NothingToPackage: a package or script of the Glue jobs is missing.
    """
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    kinds = Counter(resource["Type"] for resource in template["Resources"].values())
    return Plan(kinds, steps(), artifacts(ROOT), command)


def describe(found: Plan) -> Iterator[str]:
    """All of it, line by line."""
    template = TEMPLATE.relative_to(ROOT)
    yield f"1. Infrastructure: stack {STACK} in {resources.REGION}, {found.kinds.total()} resources ({template})"
    by_service: dict[str, list[str]] = defaultdict(list)
    for kind, count in sorted(found.kinds.items()):
        _, service, *name = kind.split("::") if kind.count("::") > 1 else ("", *kind.split("::"))
        by_service[service].append(f"{count} {'::'.join(name)}")
    for service, counted in by_service.items():
        yield f"   {service:<20} {', '.join(counted)}"
    yield "   those that an earlier deployment made are changed where they differ, and left alone where they do not"
    yield f"   command: {' '.join(found.command)}"
    yield ""
    yield (
        f"2. Warehouse: {len(found.migrations)} files on {resources.WORKGROUP}/{resources.WAREHOUSE_DATABASE}, as its "
        "administrator, in this order"
    )
    yield "   migrations once, the rest again whenever its file has changed, and grants whenever anything was made"
    for number, step in enumerate(found.migrations, 1):
        yield f"   {number:>3} {step.kind:<10} {step.name}"
    yield ""
    yield f"3. Artifacts: {len(found.artifacts)} files to s3://{resources.ARTIFACT_BUCKET}, unless they are there"
    for key, body in found.artifacts.items():
        yield f"   {key:<34} {len(body):>9,} bytes  sha256 {hashlib.sha256(body).hexdigest()}"


def for_airflow(account: str, outputs: dict[str, str]) -> Iterator[str]:
    """What to configure Airflow with, and what is left for a person to do.

    Args:
        account: the account's id.
        outputs: of the stack; where there is none yet, names are told as they will be.
    """
    role = outputs.get("AirflowRole") or f"arn:aws:iam::{account}:role/{resources.EXTRACTOR_ROLE}"
    yield "Airflow (docs/deploy.md) needs no Variable and no Connection. In the environment of all its processes"
    yield f"   BOXOFFICE_ENVIRONMENT={resources.SUFFIX}"
    yield f"   BOXOFFICE_AWS_ACCOUNT={account}"
    yield f"   AWS_DEFAULT_REGION={resources.REGION}"
    yield "   AWS_ENDPOINT_URL               unset"
    yield f"   its tasks' role                {role}"
    yield "   that role's session name       the same in every process (role_session_name=boxoffice in ~/.aws/config)"
    yield "On MWAA, besides"
    yield "   startup script                 exports the variables above"
    yield f"   execution role                 {resources.EXTRACTOR_ROLE}, see docs/deploy.md"
    yield "   requirements.txt               see docs/deploy.md"
    yield "By hand, once"
    for secret in resources.SECRETS:
        yield "   the API's key, from a file"
        yield f"      aws secretsmanager put-secret-value --secret-id {secret} --secret-string file://KEY"
    topic = f"arn:aws:sns:{resources.REGION}:{account}:{resources.ALERT_TOPIC}"
    yield "   who is told of failures"
    yield f"      aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint ADDRESS"
