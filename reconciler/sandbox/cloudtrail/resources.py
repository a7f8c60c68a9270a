"""The resources by which an event is found: ids of EC2 and names of IAM, as in the list that AWS documents.

"Resource types supported by CloudTrail event history" has no type of ECS, of ELBv2 and of the others here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_OF_EC2 = {
    "eipalloc": "AWS::EC2::EIP",
    "eni": "AWS::EC2::NetworkInterface",
    "igw": "AWS::EC2::InternetGateway",
    "nat": "AWS::EC2::NatGateway",
    "rtb": "AWS::EC2::RouteTable",
    "rtbassoc": "AWS::EC2::SubnetRouteTableAssociation",
    "sg": "AWS::EC2::SecurityGroup",
    "subnet": "AWS::EC2::Subnet",
    "vpc": "AWS::EC2::VPC",
}
_ID = re.compile(rf"({'|'.join(_OF_EC2)})-[0-9a-f]+")
_OF_IAM = {"roleName": "AWS::IAM::Role", "userName": "AWS::IAM::User", "policyName": "AWS::IAM::Policy"}


def find_resources(service: str, *told: Any) -> dict[str, str]:
    """Return the types of the resources that parameters and answer name, by the names of these."""
    texts = [pair for each in told for pair in _texts(each)]
    if service == "ec2":
        ids = ((value, _ID.fullmatch(value)) for value, _ in texts)
        return {value: _OF_EC2[match[1]] for value, match in ids if match}
    return {value: _OF_IAM[name] for value, name in texts if name in _OF_IAM} if service == "iam" else {}


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts, each with the name of its member."""
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _texts(inner, key)
        case list():
            for inner in value:
                yield from _texts(inner, name)
        case str():
            yield value, name
