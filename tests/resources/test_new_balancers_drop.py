"""New load balancers drop headers with invalid names, unless the file says otherwise; those of before go on."""

from typing import Any

import pytest
from balancing import balancer, id_of, zones
from support import client, differences, see, settle

from reconciler.resources.load_balancer import DROP_INVALID_HEADERS

pytestmark = pytest.mark.usefixtures("aws")


def front(**fields: Any) -> list[Any]:
    return [*zones(), balancer(attributes={}, **fields)]


def drops() -> str:
    told = client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=id_of(balancer()))
    return next(pair["Value"] for pair in told["Attributes"] if pair["Key"] == DROP_INVALID_HEADERS)


def pass_them_on() -> None:
    off = [{"Key": DROP_INVALID_HEADERS, "Value": "false"}]
    client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=id_of(balancer()), Attributes=off)


def test_a_new_one_drops_them_and_nothing_is_told_of_that():
    settle(front(drops_invalid_headers=True))
    assert drops() == "true"
    assert not see(front(drops_invalid_headers=True)).not_in_file


def test_one_that_was_made_so_is_put_right():
    """Also if the run that made it ended before it had set the attribute."""
    settle(front(drops_invalid_headers=True))
    pass_them_on()
    assert differences(see(front(drops_invalid_headers=True))) == {
        "load_balancer.alb-dev": ["drops_invalid_headers"]
    }
    assert settle(front(drops_invalid_headers=True)) == ["update load_balancer.alb-dev"]
    assert drops() == "true"


def test_one_of_before_goes_on_as_it_is():
    settle(front())
    assert not see(front(drops_invalid_headers=True)).changes
    assert drops() == "false"


def test_what_the_file_says_is_done():
    settle(front(drops_invalid_headers=True))
    named = [*zones(), balancer(attributes={DROP_INVALID_HEADERS: "false"})]
    assert settle(named) == ["update load_balancer.alb-dev"]
    assert drops() == "false"
