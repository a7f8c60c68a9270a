"""What a plan says about a month's costs."""

from support import OURS, make

from reconciler.model.references import Ref
from reconciler.model.spec import Live, Spec
from reconciler.plan import plan
from reconciler.render.costs import describe_costs
from reconciler.resources import KINDS
from reconciler.resources.elastic_ip import ElasticIp
from reconciler.resources.nat_gateway import NatGateway
from reconciler.resources.vpc_endpoint import VpcEndpoint

ADDRESS = make(ElasticIp, "nat")
NAT = make(NatGateway, "nat", subnet=Ref("subnet", "subnet-1", by_id=True), elastic_ip=ADDRESS.ref())


def endpoint(name: str, *subnets: str, by_id: bool = False) -> VpcEndpoint:
    placed = frozenset(Ref("subnet", subnet, by_id=True) for subnet in subnets)
    vpc = Ref("vpc", "vpc-1", by_id=by_id)
    return make(VpcEndpoint, name, vpc=vpc, aws_service=name, type="Interface", subnets=placed)


def told(*desired: Spec, there: tuple[VpcEndpoint, ...] = ()) -> str:
    live = [Live(spec, {"id": f"vpce-{spec.name}"}, OURS.name) for spec in there]
    return "".join(describe_costs(plan(KINDS, desired, live, OURS.name, desired)))


def test_a_gateway_costs_as_much_as_its_address_and_itself():
    assert told(ADDRESS, NAT) == (
        "This adds about 36.50 USD a month in us-east-1 for 1 elastic_ip, 1 nat_gateway, beside the traffic "
        "(list prices of June 2026)."
    )


def test_interfaces_that_cost_more_than_a_gateway_are_said_to():
    few, many = ([endpoint(f"e{n}", "subnet-1", "subnet-2") for n in range(count)] for count in (2, 5))
    assert "about 29.20 USD" in told(*few)
    assert "one NAT gateway instead" not in told(*few)
    assert "about 73.00 USD" in told(*many)
    assert "; one NAT gateway instead would be 36.50." in told(*many)
    assert "one NAT gateway instead" not in told(*many, ADDRESS, NAT)


def test_in_a_vpc_that_exists_no_gateway_is_named_instead_as_a_file_can_have_none_there():
    many = [endpoint(f"e{n}", "subnet-1", "subnet-2", by_id=True) for n in range(5)]
    assert "about 73.00 USD" in told(*many)
    assert "one NAT gateway instead" not in told(*many)


def test_one_more_zone_costs_the_difference_and_what_stays_or_goes_costs_nothing():
    one = endpoint("e", "subnet-1")
    assert "about 7.30 USD" in told(endpoint("e", "subnet-1", "subnet-2"), there=(one,))
    assert told(one, there=(one,)) == told(there=(one,)) == ""
