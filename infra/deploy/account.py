"""What must be so before an account is touched: it is AWS, and the one that is meant, bootstrapped and at rest."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from aws_services import resources
from aws_services.cloudformation import CloudFormation, StackState
from aws_services.errors import AccessDenied, AwsError, NoCredentials, NoSuchBucket, NotFound
from aws_services.parameter_store import ParameterStore
from aws_services.s3 import S3
from aws_services.sts import Sts

STACK = f"boxoffice-{resources.SUFFIX}"
BUCKETS = (*resources.BUCKETS, resources.ACCESS_LOG_BUCKET)

_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = 6  # what the CDK's synthesizer asks for
_MEANT = "BOXOFFICE_AWS_ACCOUNT"
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class DeploymentRefused(RuntimeError):
    """It is not so, and nothing was changed; the message says what is not, and what to do."""


def variables(environment: str) -> dict[str, str]:
    """This process's variables, with the environment and the region of the resources: who deploys chooses neither."""
    region = {"AWS_DEFAULT_REGION": resources.REGION, "AWS_REGION": resources.REGION}
    return {**os.environ, **region, "BOXOFFICE_ENVIRONMENT": environment}


def refuse_endpoints(environ: Mapping[str, str]) -> None:
    """Refuse variables that would lead AWS calls elsewhere, as to the local AWS.

    Raises:
        DeploymentRefused: there is one; the message names it.
    """
    set_ = sorted(name for name, value in environ.items() if name.startswith("AWS_ENDPOINT_URL") and value)
    if set_:
        raise DeploymentRefused(
            f"{', '.join(set_)} is set and leads to {environ[set_[0]]}, not to an account: unset it"
        )


def require_account(sts: Sts) -> str:
    """The account that the credentials belong to, which must be the one that is meant.

    Raises:
        DeploymentRefused: there are no credentials, or they are of another account, or none is meant.
    """
    if not str(urlsplit(sts.endpoint).hostname).endswith(_AWS):
        raise DeploymentRefused(
            f"AWS calls lead to {sts.endpoint}, not to an account: look into ~/.aws/config (endpoint_url)"
        )
    try:
        account = sts.account()
    except NoCredentials as error:
        raise DeploymentRefused(f"there are no AWS credentials that hold ({error.detail}). {error.advice}") from error
    except AwsError as error:
        raise DeploymentRefused(str(error)) from error
    meant = os.environ.get(_MEANT)
    if not meant:
        raise DeploymentRefused(
            f"{_MEANT} is not set, so nobody can tell whether account {account}, to which the credentials belong, is "
            f"the one that you mean: set {_MEANT}={account} if it is. Airflow needs it, too"
        )
    if meant != account:
        raise DeploymentRefused(
            f"{_MEANT} is {meant}, but the credentials are of account {account}: change one of them"
        )
    return account


def require_bootstrap(parameters: ParameterStore, account: str, cdk: str) -> None:
    """Refuse an account that the CDK was not prepared in.

    Args:
        parameters: where the bootstrap leaves its version.
        account: the account's id.
        cdk: how the `cdk` program is called here.

    Raises:
        DeploymentRefused: it was not, or long ago.
    """
    command = f"{cdk} bootstrap aws://{account}/{resources.REGION}"
    try:
        version = int(parameters.get(_BOOTSTRAP))
    except NotFound as error:
        raise DeploymentRefused(
            f"account {account} is not bootstrapped in {resources.REGION}: once, run\n  {command}"
        ) from error
    except AwsError as error:
        raise DeploymentRefused(f"nobody can tell whether account {account} is bootstrapped: {error}") from error
    if version < _BOOTSTRAP_VERSION:
        raise DeploymentRefused(f"the bootstrap of account {account} is version {version}, too old: run\n  {command}")


def require_rest(cloudformation: CloudFormation) -> StackState | None:
    """The stack, if there is one, with nothing under way in it.

    Raises:
        DeploymentRefused: it is being changed, or cannot be seen.
    """
    try:
        stack = cloudformation.find(STACK)
    except AwsError as error:
        raise DeploymentRefused(str(error)) from error
    if stack and stack.status.endswith("_IN_PROGRESS"):
        raise DeploymentRefused(f"stack {STACK} is {stack.status}: somebody is at it; wait until it has ended")
    return stack


def require_buckets(s3: S3) -> None:
    """Refuse names of buckets that are taken; for a stack that is not there yet.

    Raises:
        DeploymentRefused: another account has one, or a stack that was destroyed has left one.
    """
    for bucket in BUCKETS:
        try:
            s3.require_bucket(bucket)
        except NoSuchBucket:
            continue
        except AccessDenied as error:
            raise DeploymentRefused(
                f"bucket {bucket} belongs to somebody else, or you may not see it; names of buckets are the world's. "
                "If it is taken, deploy an environment of another name (infra/aws/environments.py)"
            ) from error
        except AwsError as error:
            raise DeploymentRefused(str(error)) from error
        raise DeploymentRefused(
            f"bucket {bucket} is there, and stack {STACK}, which would make it, is not: a stack that was destroyed has "
            "left it. docs/deploy.md tells how to take it into a new one ('After prod was destroyed')"
        )
