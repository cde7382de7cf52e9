"""moto keeps less of botocore's models, and answers by them as before."""

from typing import Any

import boto3
import pytest
from moto.core.base_backend import AccountSpecificBackend
from moto.core.loaders import create_loader

from infra.local_aws.core.models import sharing, sparing

SERVICES = ("s3", "glue", "cloudwatch", "stepfunctions", "kinesis")


def without_documentation(part: Any) -> Any:
    if isinstance(part, list):
        return [without_documentation(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {name: value for name, value in part.items() if not (name == "documentation" and isinstance(value, str))}
    return {name: without_documentation(value) for name, value in kept.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_model_lacks_its_documentation_alone(service: str) -> None:
    whole = create_loader().load_service_model(service, "service-2")
    kept = sparing(create_loader)().load_service_model(service, "service-2")
    assert kept == without_documentation(whole) != whole


@pytest.mark.parametrize("service", [*SERVICES, "iam", "sts", "no-such-service"])
def test_a_service_is_in_the_regions_that_botocore_lists(service: str) -> None:
    session = boto3.Session()
    listed = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition)
    ]
    regions = sharing(AccountSpecificBackend._generate_regions)(None, service)  # type: ignore[arg-type]
    assert regions == listed
    assert bool(regions) is (service not in ("iam", "no-such-service"))
