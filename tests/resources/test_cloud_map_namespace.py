import re
from typing import Any

import pytest
from network import vpc
from support import OTHERS, OURS, act, calls, client, differences, live_of, look, make, see, settle

from reconciler.model.references import Ref, Text
from reconciler.model.steps import Wait
from reconciler.model.tags import NAME, STACK
from reconciler.resources.cloud_map_namespace import KIND, OPERATION_ENDED, VPC_TAG, CloudMapNamespace

pytestmark = pytest.mark.usefixtures("aws")
DOMAIN = "services-dev.local"
INNER = make(CloudMapNamespace, DOMAIN, domain=DOMAIN, vpc=Ref("vpc", "vpc-dev"))
MINE = [vpc(), INNER]


def theirs(vpc_id: str, **tags: str) -> None:
    """Create a foreign namespace with our name."""
    made = [{"Key": k, "Value": v} for k, v in tags.items()]
    client("servicediscovery").create_private_dns_namespace(Name=DOMAIN, Vpc=vpc_id, Tags=made)


def only() -> Any:
    (live,) = live_of(KIND, MINE)
    return live


def test_making_one_is_an_operation_that_is_followed():
    create, wait, get = KIND.ensure(INNER, None)
    ((operation, params),) = calls([create])
    assert operation == "create_private_dns_namespace"
    assert params["Tags"] == [
        {"Key": NAME, "Value": DOMAIN},
        {"Key": STACK, "Value": OURS.name},
        {"Key": VPC_TAG, "Value": Ref("vpc", "vpc-dev")},
    ]
    assert isinstance(wait, Wait)
    assert (wait.params, wait.model) == ({"OperationId": INNER.ref("operation")}, OPERATION_ENDED)
    assert calls([get]) == [("get_namespace", {"Id": INNER.ref()})]


def test_a_repeat_is_known_by_its_request_id_and_another_stacks_is_another():
    def request(want: CloudMapNamespace) -> Text:
        ((_, params), _) = calls(KIND.ensure(want, None))
        return params["CreatorRequestId"]

    other = make(CloudMapNamespace, DOMAIN, OTHERS, domain=DOMAIN, vpc=Ref("vpc", "vpc-dev"))
    assert request(INNER) == request(INNER.model_copy())
    assert request(INNER) != request(other)


def test_a_request_in_another_vpc_is_another_request():
    settle(MINE)
    first = only().spec.vpc.name
    sent = client("servicediscovery").get_namespace(Id=only().outputs["id"])["Namespace"]["CreatorRequestId"]
    assert re.fullmatch(f"[0-9a-f]{{16}}-{first}", sent)
    assert len(sent) <= 64


def test_made_then_nothing_to_do_then_gone():
    assert f"create cloud_map_namespace.{DOMAIN}" in settle(MINE)
    assert only().outputs["arn"].endswith(only().outputs["id"])
    settle([], file=MINE)
    assert look(MINE) == []


def test_what_aws_could_not_do_is_told_with_its_code_and_message():
    settle([vpc()])
    (place,) = client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    client("route53").create_hosted_zone(
        Name=DOMAIN,
        CallerReference="theirs",
        HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": "us-east-1", "VPCId": place["VpcId"]},
    )
    outcome = act(see([vpc(), INNER]))
    (error,) = outcome.failed.values()
    assert "CANNOT_CREATE_HOSTED_ZONE" in str(error)
    assert "already been associated with the hosted zone" in str(error)


def test_a_lost_tag_is_put_back():
    settle(MINE)
    client("servicediscovery").untag_resource(ResourceARN=only().outputs["arn"], TagKeys=[NAME])
    assert differences(see(MINE)) == {f"cloud_map_namespace.{DOMAIN}": ["tags"]}
    settle(MINE)


def test_its_vpc_is_known_even_without_our_tag():
    settle(MINE)
    before = only().spec.vpc
    client("servicediscovery").untag_resource(ResourceARN=only().outputs["arn"], TagKeys=[VPC_TAG])
    assert only().spec.vpc == before
    assert see(MINE).changes == ()


def test_another_vpc_means_another_one():
    settle(MINE)
    second = make(type(vpc()), "vpc-2-dev", cidr="10.1.0.0/16")
    moved = INNER.model_copy(update={"vpc": second.ref()})
    todo = see([vpc(), second, moved])
    assert [c.address.kind for c in todo.changes if c.replaces] == ["cloud_map_namespace"]
    settle([vpc(), second, moved])
    assert only().spec.tags[VPC_TAG] == str(only().spec.vpc.name)


@pytest.mark.parametrize("owned", [{}, {STACK: OTHERS.name}])
def test_somebody_elses_of_the_same_domain_is_in_the_way(owned: dict[str, str]):
    theirs(client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"], **owned)
    (conflict,) = see(MINE).conflicts
    assert str(conflict.address) == f"cloud_map_namespace.{DOMAIN}"


def test_namespaces_of_other_names_are_not_asked_for_their_tags():
    elsewhere = client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    client("servicediscovery").create_private_dns_namespace(Name="other.local", Vpc=elsewhere)
    client("servicediscovery").create_http_namespace(Name=DOMAIN)
    assert live_of(KIND, MINE) == []
