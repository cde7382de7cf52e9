"""Checks before an account is changed: it's on AWS, it's the intended account, it's bootstrapped, its stack is idle."""

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
_BOOTSTRAP_VERSION = 6  # the minimum for the CDK's synthesizer
_INTENDED = "BOXOFFICE_AWS_ACCOUNT"
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class DeploymentRefused(RuntimeError):
    """A check failed, and nothing was changed. The message has the reason and the remedy."""


def variables(environment: str) -> dict[str, str]:
    """This process's variables, with the environment and with the region of the resources."""
    region = {"AWS_DEFAULT_REGION": resources.REGION, "AWS_REGION": resources.REGION}
    return {**os.environ, **region, "BOXOFFICE_ENVIRONMENT": environment}


def refuse_endpoints(environ: Mapping[str, str]) -> None:
    """Refuse variables that point AWS calls to another server, such as the local AWS.

    Raises:
        DeploymentRefused: such a variable is set. The message names it.
    """
    names = sorted(name for name, value in environ.items() if name.startswith("AWS_ENDPOINT_URL") and value)
    if names:
        raise DeploymentRefused(
            f"{', '.join(names)} is set and points to {environ[names[0]]}, not to an account: unset it"
        )


def require_account(sts: Sts) -> str:
    """The account of the credentials, which must be the intended account.

    Raises:
        DeploymentRefused: there are no credentials, they belong to another account, or no intended account is set.
    """
    if not str(urlsplit(sts.endpoint).hostname).endswith(_AWS):
        raise DeploymentRefused(
            f"AWS calls go to {sts.endpoint}, not to an account: check endpoint_url in ~/.aws/config"
        )
    try:
        account = sts.account()
    except NoCredentials as error:
        raise DeploymentRefused(f"there are no valid AWS credentials ({error.detail}). {error.advice}") from error
    except AwsError as error:
        raise DeploymentRefused(str(error)) from error
    intended = os.environ.get(_INTENDED)
    if not intended:
        raise DeploymentRefused(
            f"{_INTENDED} is not set. The credentials belong to account {account}: if you want this account, set "
            f"{_INTENDED}={account}. Airflow needs this variable too"
        )
    if intended != account:
        raise DeploymentRefused(
            f"{_INTENDED} is {intended}, but the credentials belong to account {account}: change one of them"
        )
    return account


def require_bootstrap(parameters: ParameterStore, account: str, cdk: str) -> None:
    """Refuse an account without the CDK's bootstrap.

    Args:
        parameters: the Parameter Store, which has the bootstrap's version.
        account: the account's id.
        cdk: the command that runs `cdk`.

    Raises:
        DeploymentRefused: the account isn't bootstrapped, or its bootstrap is too old.
    """
    command = f"{cdk} bootstrap aws://{account}/{resources.REGION}"
    try:
        version = int(parameters.get(_BOOTSTRAP))
    except NotFound as error:
        raise DeploymentRefused(
            f"account {account} is not bootstrapped in {resources.REGION}: run once\n  {command}"
        ) from error
    except AwsError as error:
        raise DeploymentRefused(f"can't check whether account {account} is bootstrapped: {error}") from error
    if version < _BOOTSTRAP_VERSION:
        raise DeploymentRefused(f"the bootstrap of account {account} is version {version}, too old: run\n  {command}")


def require_rest(cloudformation: CloudFormation) -> StackState | None:
    """The stack if it exists, checked to be idle.

    Raises:
        DeploymentRefused: the stack is being changed, or can't be read.
    """
    try:
        stack = cloudformation.find(STACK)
    except AwsError as error:
        raise DeploymentRefused(str(error)) from error
    if stack and stack.status.endswith("_IN_PROGRESS"):
        raise DeploymentRefused(
            f"stack {STACK} is {stack.status}: another deployment is running; wait until it has ended"
        )
    return stack


def require_buckets(s3: S3) -> None:
    """Refuse bucket names that are taken, before a stack is created.

    Raises:
        DeploymentRefused: another account has such a bucket, or a destroyed stack has left it behind.
    """
    for bucket in BUCKETS:
        try:
            s3.require_bucket(bucket)
        except NoSuchBucket:
            continue
        except AccessDenied as error:
            raise DeploymentRefused(
                f"bucket {bucket} belongs to another account, or you have no access to it; bucket names are global. "
                "If it is taken, deploy an environment with another name (infra/aws/environments.py)"
            ) from error
        except AwsError as error:
            raise DeploymentRefused(str(error)) from error
        raise DeploymentRefused(
            f"bucket {bucket} exists, but stack {STACK}, which would create it, doesn't: a destroyed stack has left it "
            "behind. docs/deploy.md explains how to import it into a new stack ('After prod was destroyed')"
        )
