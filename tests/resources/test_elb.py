from collections import Counter

import pytest
from balancing import balancer, group, listener, rule, zones
from support import OURS, Counted, client, connection, look, settle

from reconciler.aws.reads import open_reads
from reconciler.resources import elb
from reconciler.resources.naming import plan_name

pytestmark = pytest.mark.usefixtures("aws")
MINE = [*zones(), balancer(), group(), listener(), rule()]


def test_all_kinds_share_their_questions():
    settle(MINE)
    with Counted() as counter:
        look(MINE)
    asked = {name: n for name, n in counter.items() if "Vpc" not in name}
    for question in ("LoadBalancers", "TargetGroups", "Listeners", "Rules", "Tags"):
        assert asked[f"Describe{question}"] == 1


def test_what_bears_other_names_is_not_asked_for_its_tags():
    made = client("ec2").describe_subnets()["Subnets"]
    client("elbv2").create_load_balancer(Name="marketing", Subnets=[s["SubnetId"] for s in made[:2]])
    with Counted() as counter:
        look(MINE)
    assert (counter["DescribeLoadBalancers"], counter["DescribeTags"], counter["DescribeListeners"]) == (
        1,
        0,
        0,
    )


def test_what_is_deleted_meanwhile_does_not_hide_the_tags_of_the_rest():
    settle(MINE)
    with open_reads(connection(), OURS, MINE) as reads:
        known = sorted(elb.read_tags(reads))
        gone = [arn.replace("alb-dev", "alb-gone") for arn in known if "alb-dev" in arn]
        assert sorted(item["ResourceArn"] for item in elb.describe_tags(reads, known + gone)) == known


PRESENT = Counter({"http": 1, "old": 1, "twice": 2})


@pytest.mark.parametrize(
    ("own", "desired_here", "name"),
    [
        ("http", "http", "http"),
        ("http", "web", "http"),  # it has to leave the port
        ("old", "web", "web"),  # nobody desires it: it is what is desired here
        ("old", "http", "old"),  # that one is there already, elsewhere
        ("old", None, "old"),
        ("twice", "web", "web"),  # another one has the name too, and nobody that of its place
        ("", "web", "web"),  # ours, without its name tag
        (None, "web", "web"),  # somebody else's, in the way
        (None, None, None),
    ],
)
def test_one_name_belongs_to_a_port_or_a_priority(own: str | None, desired_here: str | None, name: str | None):
    assert plan_name(own, desired_here, desired={"http", "web", "twice"}, present=PRESENT) == name
