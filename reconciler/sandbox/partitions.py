"""All partitions that botocore knows: moto takes some for `aws`, and lacks zones and addresses of others.

IAM of GovCloud has one host, iam.us-gov.amazonaws.com, whose "us-gov" moto takes for a region of `aws`.
"""

from typing import Any

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ecr.models import Repository
from moto.ecs import models as ecs_models
from moto.elbv2 import models as elbv2_models
from moto.iam import models as iam_models
from moto.utilities import utils

from reconciler.sandbox.world import wrap

_PARTITIONS = {  # the beginning of a region's name, or of what moto finds in a host's -> its partition
    "us-gov": "aws-us-gov",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}
DNS_SUFFIXES = {  # of the addresses of repositories (botocore's endpoints.json)
    "aws-cn": "amazonaws.com.cn",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}
_ZONES_OF_A_REGION = "abc"


def install() -> None:
    utils.REGION_PREFIX_TO_PARTITION |= _PARTITIONS
    utils.PARTITION_NAMES += [name for name in _PARTITIONS.values() if name not in utils.PARTITION_NAMES]
    for module in (iam_models, ecs_models, elbv2_models):  # each has a copy of it
        module.ARN_PARTITION_REGEX = rf"^arn:({'|'.join(utils.PARTITION_NAMES)})"
    wrap(Repository, "__init__", _set_address)
    wrap(RegionsAndZonesBackend, "describe_availability_zones", _describe_zones)


def _set_address(original: Any, repository: Any, *args: Any, **kwargs: Any) -> None:
    original(repository, *args, **kwargs)
    suffix = DNS_SUFFIXES.get(repository.arn.split(":")[1], "amazonaws.com")
    repository.uri = repository.uri.replace(".amazonaws.com/", f".{suffix}/")


def _describe_zones(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    region = ec2.region_name
    if not ec2.zones.get(region):
        ec2.zones[region] = [
            Zone(name=f"{region}{letter}", region_name=region, zone_id=f"{region}-az{number}")
            for number, letter in enumerate(_ZONES_OF_A_REGION, 1)
        ]
    return original(ec2, *args, **kwargs)
