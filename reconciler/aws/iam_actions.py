"""The names that IAM policies use for AWS calls."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import ServiceModel

from reconciler.aws.service_models import loader

IAM_SERVICES = {  # service names of boto3 that IAM spells otherwise; the others are the same in both
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
}


def iam_action(service: str, operation: str) -> str:
    """Return the IAM action of an AWS call, such as `elasticloadbalancing:CreateRule`.

    `service` is boto3's name (`elbv2`). `operation` is boto3's method (`create_rule`) or the API's name
    (`CreateRule`), which is not checked. Raises `ValueError` for a method that boto3 does not have.
    """
    name = operation if operation[:1].isupper() else _api_names(service).get(operation)
    if name is None:
        raise ValueError(f"boto3 has no {service}.{operation}")
    return f"{IAM_SERVICES.get(service, service)}:{name}"


@cache
def _api_names(service: str) -> Mapping[str, str]:
    """Return the API's operation names by boto3's method names; none for an unknown service."""
    try:
        description = loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        return MappingProxyType({})
    names = ServiceModel(description, service).operation_names
    return MappingProxyType({xform_name(name): name for name in names})
