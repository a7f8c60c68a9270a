"""The spec of a VPC endpoint."""

from typing import Annotated, ClassVar, Literal

from reconciler.model.aws_default import AwsDefault
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec

ENDPOINTS = ("describe_vpc_endpoints", "VpcEndpoints[?!RequesterManaged]")
NOT_FOUND = ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound")
# The model says `Available`, the wire `available` (terraform-provider-aws).
PENDING = ("pending", "pendingacceptance")
GOING = ("deleting", "deleted")
DEAD = ("rejected", "failed", "expired")  # it never serves; that it stays until it is deleted is an assumption


EVERYTHING = '[{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]'  # recorded


class VpcEndpoint(Spec):
    """A way to an AWS service: a gateway, by routes, or interfaces in subnets, by the service's DNS name."""

    kind: ClassVar[str] = "vpc_endpoint"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    aws_service: Annotated[str, IMMUTABLE]
    """Its name: com.amazonaws.us-east-1.s3."""
    type: Annotated[Literal["Gateway", "Interface"], IMMUTABLE]
    route_tables: frozenset[Annotated[Ref, refers_to("route_table")]] = frozenset()
    """Of a gateway: the tables in which AWS adds the route to it."""
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]] = frozenset()
    """Of interfaces: the subnets that they are in, one in a zone."""
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]] = frozenset()
    """Of interfaces: the groups that let the VPC connect to them."""
    rules: Annotated[frozenset[Annotated[Ref, refers_to("security_group_rules")]], UNCOMPARED] = frozenset()
    """Of interfaces: the rules of these groups. They are there before it and go after it, as its private name
    leads to its interfaces until it is gone."""
    private_dns: bool = False
    """Of interfaces: the service's usual name leads to them, in the whole VPC."""
    policy: Annotated[str | None, AwsDefault(EVERYTHING)] = None
    """The statements of its policy, which says what may be done through it, as JSON with sorted keys."""
    available: bool = True
    """False: AWS is still making it."""


PARTS = {  # field -> the parameter of CreateVpcEndpoint, and the end of those of ModifyVpcEndpoint
    "route_tables": "RouteTableIds",
    "subnets": "SubnetIds",
    "security_groups": "SecurityGroupIds",
}
