"""What others may have in a VPC of ours, of kinds that no plan holds: AWS does not delete the VPC around it."""

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model.spec import Blocker
from reconciler.model.steps import Call
from reconciler.model.tags import filters

NOT_ALLOWED = ("UnauthorizedOperation",)  # then AWS may refuse the delete, and says why
# The others are resources of a type of their own (vpc_endpoint), and are told as such.
UNREAD_ENDPOINT = (
    "State!='deleted' && (RequesterManaged || !contains(['Gateway', 'Interface'], VpcEndpointType))"
)
LIVING = "contains(['active', 'pending-acceptance', 'provisioning'], Status.Code)"


class Contents(NamedTuple):
    """A list of EC2 resources of one type, by VPC."""

    what: str
    operation: str
    filter_name: str
    path: str  # JMESPath to the ids
    delete: str
    parameter: str  # of the delete: a list if it ends in s

    def to_blocker(self, own_id: str, region: str) -> Blocker:
        """Return one of them as a blocker of the VPC's deletion."""
        value = [own_id] if self.parameter.endswith("s") else own_id
        command = cli_command(Call("ec2", self.delete, {self.parameter: value}), region)
        return Blocker(f"{self.what} {own_id}", command)


PEERING = ("peering connection", "describe_vpc_peering_connections")
PEERINGS = f"VpcPeeringConnections[?{LIVING}].VpcPeeringConnectionId"
DELETE_PEERING = ("delete_vpc_peering_connection", "VpcPeeringConnectionId")
ALL_CONTENTS = (  # https://repost.aws/knowledge-center/troubleshoot-dependency-error-delete-vpc
    Contents(
        "endpoint",
        "describe_vpc_endpoints",
        "vpc-id",
        f"VpcEndpoints[?{UNREAD_ENDPOINT}].VpcEndpointId",
        "delete_vpc_endpoints",
        "VpcEndpointIds",
    ),
    Contents(
        "network ACL",
        "describe_network_acls",
        "vpc-id",
        "NetworkAcls[?!IsDefault].NetworkAclId",
        "delete_network_acl",
        "NetworkAclId",
    ),
    Contents(*PEERING, "requester-vpc-info.vpc-id", PEERINGS, *DELETE_PEERING),
    Contents(*PEERING, "accepter-vpc-info.vpc-id", PEERINGS, *DELETE_PEERING),
)


def find_blockers(reads: Reads, vpc: str) -> tuple[Blocker, ...]:
    """Return what others have in the VPC. AWS is asked only before a destroy, and for a drift report."""
    return tuple(_list_blockers(reads, vpc)) if reads.destroying or reads.seeks_foreign else ()


def _list_blockers(reads: Reads, vpc: str) -> Iterator[Blocker]:
    for contents in ALL_CONTENTS:
        where = [{"Name": contents.filter_name, "Values": [vpc]}]
        found = reads.pages("ec2", contents.operation, contents.path, NOT_ALLOWED, Filters=where)
        has_our_tag = [*where, *filters(reads.stack.name)]
        ours = (
            reads.pages("ec2", contents.operation, contents.path, NOT_ALLOWED, Filters=has_our_tag)
            if found
            else ()
        )
        yield from (contents.to_blocker(own_id, reads.aws.region) for own_id in found if own_id not in ours)
