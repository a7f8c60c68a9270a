import re
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.service import Service
from desired_state.tree import KeyPath

_PARTITIONS = {  # of regions, by the beginning of their names; the first that fits
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
    **dict.fromkeys(("us-", "eu-", "ap-", "sa-", "ca-", "af-", "me-", "il-", "mx-"), "aws"),
}


def check_partitions(platform: Platform) -> Iterator[Violation]:
    """Check that ARNs are of the region's partition: IAM refuses policies that name those of another one."""
    region = platform.region or ""
    partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), None)
    for where, arn in _list_arns(platform):
        its = re.match(r"arn:([a-z-]+):", arn)
        if its and partition and its[1] != partition and its[1] in _PARTITIONS.values():
            right = arn.replace(its[0], f"arn:{partition}:", 1)
            message = f"is of partition {its[1]}, and {region} of {partition}: {right}"
            yield Violation(where, message, depends_on=(("region",),))


def _list_arns(platform: Platform) -> Iterator[tuple[KeyPath, str]]:
    """Yield all ARNs of the file, with their places."""
    for door, listener in platform.doors.items():
        if listener.given_certificate:
            yield (*door.where, "certificate"), listener.given_certificate
    if platform.roles.boundary:
        yield ("roles", "boundary"), platform.roles.boundary
    for index, arn in enumerate(platform.readable_secrets or ()):
        yield ("readable_secrets", index), arn
    for name, service in platform.services.items():
        yield from _list_arns_of_service(("services", name), service)


def _list_arns_of_service(where: KeyPath, service: Service) -> Iterator[tuple[KeyPath, str]]:
    for variable, secret in service.secrets.items():
        yield (*where, "secrets", variable), secret.reference
    for index, file in enumerate(service.env_file):
        yield (*where, "env_file", index), file
    if service.logs.kms:
        yield (*where, "logs", "kms"), service.logs.kms
    for number, statement in enumerate(service.permissions):
        for index, arn in enumerate(statement.resources):
            yield (*where, "permissions", number, "resources", index), arn
