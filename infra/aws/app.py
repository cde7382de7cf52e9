"""The CDK app: one environment's stack, checked by cdk-nag whenever it is synthesized.

The environment is `BOXOFFICE_ENVIRONMENT`, from which `aws_services/resources.py` makes all names. Which account it
goes to is known to whoever deploys it, and stands nowhere in the template.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import App, DefaultStackSynthesizer, Validations
from aws_cdk import Environment as Target
from cdk_nag import AwsSolutionsChecks

from aws_services import resources
from infra.aws.environments import ENVIRONMENTS
from infra.aws.stack import BoxofficeStack

_FLAGS = {"@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True}


class UnknownEnvironment(LookupError):
    """There is no such environment; the message names those that there are."""


def build() -> tuple[App, BoxofficeStack]:
    """The app and its stack.

    Raises:
        UnknownEnvironment: `BOXOFFICE_ENVIRONMENT` names none that is deployed.
    """
    if resources.SUFFIX not in ENVIRONMENTS:
        raise UnknownEnvironment(
            f"BOXOFFICE_ENVIRONMENT is {resources.SUFFIX!r}: set it to one of {', '.join(ENVIRONMENTS)} "
            "(infra/aws/environments.py lists them)"
        )
    environment = ENVIRONMENTS[resources.SUFFIX]
    app = App(analytics_reporting=False, context=_FLAGS)
    stack = BoxofficeStack(
        app,
        f"boxoffice-{environment.name}",
        environment=environment,
        env=Target(region=resources.REGION),
        description=f"Boxoffice, {environment.name}: lake, Glue, Redshift, roles, alerts",
        termination_protection=environment.keep_data,
        synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
    )
    return app, stack


def synthesize() -> dict[str, Any]:
    """Write the cloud assembly, which `cdk deploy` reads; returns the CloudFormation template.

    Raises:
        UnknownEnvironment: as `build`.
        RuntimeError: cdk-nag found what nobody accepted; the message names the report.
    """
    app, stack = build()
    Validations.of(app).add_plugins(AwsSolutionsChecks())
    made: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
    return made


if __name__ == "__main__":
    synthesize()
