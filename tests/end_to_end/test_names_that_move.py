"""Hosts whose load balancer goes: their records lead to the new one, and nothing is left to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from crash import platforms
from crash.cloud import cloud, run
from support import client

from desired_state.load_balancer import LoadBalancer
from reconciler.sandbox import CALM

OTHERS: dict[str, Mapping[str, Any]] = {
    "one in its place": {"load_balancer": LoadBalancer(scheme="internal")},
    "one beside it": {"load_balancer": None, "load_balancers": {"front": LoadBalancer()}},
}


@pytest.mark.parametrize("parts", OTHERS.values(), ids=OTHERS)
def test_records_lead_to_the_load_balancer_that_takes_the_place_of_another(
    tmp_path: Path, parts: Mapping[str, Any]
):
    with cloud(CALM) as clock:
        before = platforms.named(tmp_path)
        assert run(before, clock).clean
        after = before.model_copy(update=parts)
        assert run(after, clock).clean
        assert not run(after, clock).todo.changes
        (there,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
        assert set(aliases()) == {f"{there['DNSName']}.".lower()}
        assert run(after, clock, destroy=True).clean
        assert not [*aliases()]


def test_a_record_that_waits_for_no_rollout_leads_to_nothing_until_the_new_load_balancer_is_there(
    tmp_path: Path,
):
    with cloud(CALM) as clock:
        named = platforms.named(tmp_path)
        idle = {"desired_count": 0, "scaling": None}
        services = {name: service.model_copy(update=idle) for name, service in named.services.items()}
        before = named.model_copy(update={"services": services})
        assert run(before, clock).clean
        after = before.model_copy(update=OTHERS["one in its place"])
        ended = run(after, clock)
        assert not ended.todo.conflicts
        assert ended.clean
        assert not run(after, clock).todo.changes


def aliases() -> list[str]:
    (zone,) = (
        z for z in client("route53").list_hosted_zones()["HostedZones"] if not z["Config"]["PrivateZone"]
    )
    records = client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    return [record["AliasTarget"]["DNSName"].lower() for record in records if "AliasTarget" in record]
