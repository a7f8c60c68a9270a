"""Names that lead to a load balancer of others: nothing of them is left, whatever the file says by then."""

from collections.abc import Mapping

import pytest
from crash.cloud import cloud, run
from crash.inventory import compare, take_inventory
from others import NO_SERVICES, make_things, write
from support import client

from reconciler.resources.dns_zones import ZONES
from reconciler.sandbox import CALM

NAMED = {
    "ROUTES": "[{priority: 1, hosts: [web.example.com]}]",
    "services:": "dns: {zone: example.com}\nservices:",
}
WITHOUT_NAMES = {"ROUTES": "[{priority: 1, hosts: [web.example.com]}]"}


@pytest.mark.parametrize(
    "last", [NAMED, WITHOUT_NAMES, NO_SERVICES], ids=["the same", "no zone any more", "no services any more"]
)
def test_a_destroy_leaves_no_record(tmp_path, last: Mapping[str, str]):
    with cloud(CALM) as clock:
        things = make_things(300)
        before = take_inventory(client)
        assert run(write(tmp_path, things | NAMED), clock).clean
        assert not run(write(tmp_path, things | NAMED), clock).todo.changes
        assert run(write(tmp_path, things | last), clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


def test_a_zone_that_leaves_the_file_takes_the_record_and_then_the_tag(tmp_path):
    with cloud(CALM) as clock:
        things = make_things(300)
        assert run(write(tmp_path, things | NAMED), clock).clean
        assert tags_of_rules(things["LISTENER"])[ZONES].startswith("Z")
        ended = run(write(tmp_path, things | WITHOUT_NAMES), clock)
        assert [str(change.address) for change in ended.todo.changes if change.op == "delete"] == [
            "dns_record.web.example.com"
        ]
        assert ended.clean
        assert not tags_of_rules(things["LISTENER"]).get(ZONES)
        assert not run(write(tmp_path, things | WITHOUT_NAMES), clock).todo.changes


def tags_of_rules(listener: str) -> dict[str, str]:
    """Return the tags of all rules of a listener."""
    arns = [rule["RuleArn"] for rule in client("elbv2").describe_rules(ListenerArn=listener)["Rules"]]
    described = client("elbv2").describe_tags(ResourceArns=arns)["TagDescriptions"]
    return {tag["Key"]: tag["Value"] for one in described for tag in one["Tags"]}
