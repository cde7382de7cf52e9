"""The CDK app with one environment's stack. cdk-nag checks the stack whenever it is synthesized.

`BOXOFFICE_ENVIRONMENT` sets the environment, and `aws_services/resources.py` builds all names from it. The template
doesn't contain the account: the person who deploys it chooses the account.
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
    """There is no such environment. The message lists the ones that exist."""


def build() -> tuple[App, BoxofficeStack]:
    """The app and its stack.

    Raises:
        UnknownEnvironment: `BOXOFFICE_ENVIRONMENT` is not one of `ENVIRONMENTS`.
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
    """Write the cloud assembly for `cdk deploy`. Returns the CloudFormation template.

    Raises:
        UnknownEnvironment: as in `build`.
        RuntimeError: cdk-nag has findings that aren't accepted. The message has the path of the report.
    """
    app, stack = build()
    Validations.of(app).add_plugins(AwsSolutionsChecks())
    template: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
    return template


if __name__ == "__main__":
    synthesize()
