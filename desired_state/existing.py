"""What exists already in AWS: it is read and referred to, and never tagged, changed or deleted."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from desired_state.absence import Absent, Entries
from desired_state.part import Part, Pattern, ShortForm

VpcId = Annotated[str, Pattern(r"vpc-[0-9a-f]{8,17}", "the id of a VPC, such as vpc-0a1b2c3d4e5f67890")]
SubnetId = Annotated[
    str, Pattern(r"subnet-[0-9a-f]{8,17}", "the id of a subnet, such as subnet-0a1b2c3d4e5f67890")
]
SecurityGroupId = Annotated[
    str, Pattern(r"sg-[0-9a-f]{8,17}", "the id of a security group, such as sg-0a1b2c3d4e5f67890")
]
RouteTableId = Annotated[
    str, Pattern(r"rtb-[0-9a-f]{8,17}", "the id of a route table, such as rtb-0a1b2c3d4e5f67890")
]
_ELB = r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}"
_BALANCER = "arn:aws:elasticloadbalancing:REGION:ACCOUNT"
LoadBalancerArn = Annotated[
    str,
    Pattern(
        rf"{_ELB}:loadbalancer/app/[\w-]+/[0-9a-f]+",
        f"the ARN of an application load balancer, {_BALANCER}:loadbalancer/app/NAME/ID",
    ),
]
ListenerArn = Annotated[
    str,
    Pattern(
        rf"{_ELB}:listener/app/[\w-]+/[0-9a-f]+/[0-9a-f]+",
        f"the ARN of a listener, {_BALANCER}:listener/app/NAME/ID/ID",
    ),
]
Tags = Annotated[Mapping[str, str], Entries(word=False), Absent({})]


NO_TAGS: Mapping[str, str] = {}


class ExistingVpc(Part):
    """A VPC that exists, by its id or by tags that no other VPC has."""

    id: Annotated[VpcId | None, Absent()] = None
    """Its id. Give either this or `tags`."""

    tags: Tags = NO_TAGS
    """Tags that it has, all of them, and no other VPC of the region."""


class ExistingSubnets(Part):
    """Subnets that exist, by their ids or by tags."""

    ids: Annotated[tuple[SubnetId, ...], Absent(())] = ()
    """Their ids. Give either these or `tags`."""

    tags: Tags = NO_TAGS
    """Tags that all of them have, and no other subnet of the VPC."""


class Allowed(Part):
    """What endpoints of this stack may do to a VPC that exists, for all that is in it."""

    route_tables: Annotated[tuple[RouteTableId, ...], Absent(())] = ()
    """Route tables that exist, by their ids, in which gateway endpoints (s3, dynamodb) have their routes."""

    private_dns: Annotated[bool, Absent(value=False)] = False
    """Let the usual names of the AWS services lead to interface endpoints, in the whole VPC."""


class ExistingNetwork(Part):
    """A VPC and subnets that exist."""

    vpc: Annotated[ExistingVpc, ShortForm("id")]
    """The VPC, by its id or tags."""

    subnets: Annotated[Mapping[str, Annotated[ExistingSubnets, ShortForm("ids", ("array",))]], Entries()] = (
        Field(min_length=1)
    )
    """The subnets, by tier: public and private."""

    allow: Annotated[Allowed, Absent(Allowed())] = Allowed()
    """What `network.endpoints` may do to the VPC."""
