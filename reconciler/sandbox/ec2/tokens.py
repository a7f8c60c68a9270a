"""Client tokens in EC2: a create with a token that was sent before answers with what it made."""

from functools import partial
from typing import Any, NamedTuple

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.egress_only_internet_gateways import EgressOnlyInternetGateway
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.world import wrap


class Create(NamedTuple):
    """A create that takes a client token."""

    owner: Any  # moto's response class
    action: str
    member: str  # of the answer: what was made
    made: str  # moto's attribute with all that were made


CREATES = (
    Create(RouteTables, "create_route_table", "RouteTable", "route_tables"),
    Create(NatGateways, "create_nat_gateway", "NatGateway", "nat_gateways"),
    Create(VPCs, "create_vpc_endpoint", "VpcEndpoint", "vpc_end_points"),
    Create(ElasticNetworkInterfaces, "create_network_interface", "NetworkInterface", "enis"),
    Create(
        EgressOnlyInternetGateway,
        "create_egress_only_internet_gateway",
        "EgressOnlyInternetGateway",
        "egress_only_internet_gateways",
    ),
)


def install() -> None:
    for create, around in _WRAPPERS:
        wrap(create.owner, create.action, around)


def _create_once(create: Create, original: Any, response: Any) -> Any:
    """Create something, or return what has the same token (EC2 API reference, idempotency).

    A token is forgotten with what it made.
    """
    token = response.params.get("ClientToken")
    sent = {name: value for name, value in response.params.items() if name != "ClientToken"}
    present = getattr(response.ec2_backend, create.made)
    made = next((one for one in present.values() if token and getattr(one, "token", None) == token), None)
    if made is None:
        answer = original(response)
        made = present[answer.result[create.member].id]
        made.token, made.sent = token, sent
        return ActionResult(answer.result | {"ClientToken": token}) if token else answer
    if made.sent != sent:
        message = "The client token was used before, with other parameters."
        raise EC2ClientError("IdempotentParameterMismatch", message)
    return ActionResult({create.member: made, "ClientToken": token})


_WRAPPERS = tuple((create, partial(_create_once, create)) for create in CREATES)
