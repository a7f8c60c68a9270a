"""Refused calls of the Resource Groups Tagging API."""

from collections.abc import Callable, Mapping
from typing import Any

from refusals.probe import Probe

OPERATIONS = ("GetResources", "GetTagKeys", "GetTagValues", "TagResources", "UntagResources")

ARN = "arn:aws:ecr:us-east-1:123456789012:repository/repo"
INVALID, EXPIRED = "InvalidParameterException", "PaginationTokenExpiredException"
TOKEN = {"PaginationToken": "no token"}


def given(**params: Any) -> Callable[[], Mapping[str, Any]]:
    return lambda: params


PROBES = [
    Probe("GetResources", EXPIRED, given(**TOKEN)),
    Probe("GetResources", INVALID, given(ResourcesPerPage=101)),
    Probe("GetResources", INVALID, given(TagsPerPage=99)),
    Probe("GetResources", INVALID, given(ResourceARNList=[ARN] * 101)),
    Probe("GetResources", INVALID, given(ResourceARNList=["no-arn"])),
    Probe("GetResources", INVALID, given(ResourceARNList=[ARN], ResourcesPerPage=1)),
    Probe("GetResources", INVALID, given(ResourceARNList=[ARN], TagFilters=[{"Key": "k"}])),
    Probe("GetResources", INVALID, given(ResourceARNList=[ARN], ResourceTypeFilters=["ecr:repository"])),
    Probe("GetResources", INVALID, given(ResourceTypeFilters=["no type"])),
    Probe("GetResources", INVALID, given(ExcludeCompliantResources=True)),
    Probe("GetResources", INVALID, given(TagFilters=[{"Key": f"k{number}"} for number in range(51)])),
    Probe("GetResources", INVALID, given(TagFilters=[{"Key": "k", "Values": [str(n) for n in range(21)]}])),
    Probe("GetTagKeys", EXPIRED, given(**TOKEN)),
    Probe("GetTagKeys", INVALID, given(PaginationToken="t" * 2049)),
    Probe("GetTagValues", EXPIRED, given(Key="k", **TOKEN)),
    Probe("GetTagValues", INVALID, given(Key="k" * 129)),
    Probe("TagResources", INVALID, given(ResourceARNList=[ARN] * 21, Tags={"k": "v"})),
    Probe("TagResources", INVALID, given(ResourceARNList=["no-arn"], Tags={"k": "v"})),
    Probe("TagResources", INVALID, given(ResourceARNList=[ARN], Tags={"aws:k": "v"}), "aws:"),
    Probe("UntagResources", INVALID, given(ResourceARNList=[ARN], TagKeys=[f"k{n}" for n in range(51)])),
    Probe("UntagResources", INVALID, given(ResourceARNList=["no-arn"], TagKeys=["k"])),
]
