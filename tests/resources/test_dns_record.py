"""Records of hosts: made once, changed by comparing and swapping, told from those of others by their mark."""

import json
from typing import Any

import pytest
from balancing import BALANCER, balancer, zones
from faulty import apply_with
from scripted import ScriptedAws, read, refused
from support import OURS, act, calls, client, differences, live_of, look, see, settle
from toys import Time

from reconciler.apply.pacing import pace
from reconciler.aws.errors import find_match, matches
from reconciler.model.references import Address, Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, Later
from reconciler.model.tags import STACK
from reconciler.resources.dns_record import KIND, DnsRecord, ensure_dns_record, from_aws
from reconciler.resources.dns_record.records import host_of_mark, mark_name, read_mark
from reconciler.resources.dns_zones import ZONES
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.sandbox.planted import plant

HOST, MARK = "shop.example.com", "_ecs-reconciler.shop.example.com"
ALIAS = {
    "Name": r"\052.shop.example.com.",
    "Type": "A",
    "AliasTarget": {
        "HostedZoneId": "Z35SXDOTRQ7X7K",
        "DNSName": "dualstack.alb-dev-1.us-east-1.elb.amazonaws.com.",
        "EvaluateTargetHealth": False,
    },
}
OTHERS = '"heritage=ecs-reconciler,stack=shop/prod/us-east-1"'


@pytest.fixture
def zone(aws) -> str:
    made = client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    return made["HostedZone"]["Id"].rpartition("/")[2]


def record(zone: str, host: str = HOST, **fields: Any) -> DnsRecord:
    target, place = (Ref("load_balancer", BALANCER, attr) for attr in ("dns", "zone"))
    given = {"zone": zone, "target": target, "target_zone": place, "stack": OURS.name}
    return DnsRecord(name=host, **{**given, **fields})


def platform(zone: str, *records: DnsRecord) -> list[Spec]:
    return [*zones(), balancer(dns_zones=zone), *(records or [record(zone)])]


def put(zone: str, action: str, name: str, kind: str, *values: str, **fields: Any) -> None:
    wanted = {
        "Name": name,
        "Type": kind,
        "TTL": 60,
        "ResourceRecords": [{"Value": v} for v in values],
        **fields,
    }
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": wanted}]}
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def records(zone: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {(r["Name"], r["Type"]): r for r in found if r["Type"] not in ("NS", "SOA")}


def delete(zone: str, *keys: tuple[str, str]) -> None:
    changes = [{"Action": "DELETE", "ResourceRecordSet": records(zone)[key]} for key in keys]
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def dns_name() -> str:
    (found,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
    return str(found["DNSName"])


def test_an_answer_becomes_a_spec():
    known = {"alb-dev-1.us-east-1.elb.amazonaws.com": "ALB-dev-1.us-east-1.elb.amazonaws.com"}
    assert from_aws("*.shop.example.com", "Z1", [ALIAS], known) == DnsRecord(
        name="*.shop.example.com",
        zone="Z1",
        target="ALB-dev-1.us-east-1.elb.amazonaws.com",
        types=frozenset({"A"}),
        found=json.dumps([ALIAS], sort_keys=True),
    )


@pytest.mark.parametrize(
    ("host", "mark"),
    [
        ("shop.example.com", "_ecs-reconciler.shop.example.com"),
        ("*.example.com", "_ecs-reconciler._any.example.com"),
        ("example.com", "_ecs-reconciler.example.com"),
    ],
)
def test_a_mark_has_a_name_of_its_own_from_which_its_host_is_known(host, mark):
    assert mark_name(host) == mark
    assert host_of_mark(mark) == host
    assert host_of_mark(host) is None


@pytest.mark.parametrize(
    ("value", "stack"),
    [(OTHERS, "shop/prod/us-east-1"), ('"v=spf1 -all"', None), ('"heritage=external-dns,owner=a"', None)],
)
def test_a_mark_tells_its_stack(value, stack):
    assert read_mark({"ResourceRecords": [{"Value": value}]}) == stack


def test_it_is_made_with_its_mark_in_one_batch_and_nothing_is_left_to_do_and_it_is_deleted(zone):
    assert f"create dns_record.{HOST}" in settle(platform(zone))
    made = records(zone)
    assert made[f"{HOST}.", "A"]["AliasTarget"]["DNSName"] == f"{dns_name()}."
    assert {name for name, _ in made} == {f"{HOST}.", f"{MARK}."}
    settle([], platform(zone))
    assert records(zone) == {}


@pytest.mark.parametrize("host", ["*.example.com", "example.com", "*.a.b.example.com"])
def test_a_host_may_be_the_zones_name_or_have_a_wildcard(zone, host):
    assert f"create dns_record.{host}" in settle(platform(zone, record(zone, host)))


def test_a_load_balancers_name_may_have_capitals(zone):
    shop = [*zones(), balancer(dns_zones=zone).model_copy(update={"name": "Alb-Dev"})]
    aliases = {
        "target": Ref("load_balancer", "Alb-Dev", "dns"),
        "target_zone": Ref("load_balancer", "Alb-Dev", "zone"),
    }
    assert f"create dns_record.{HOST}" in settle([*shop, record(zone, **aliases)])


def test_a_type_more_or_less_is_made_or_deleted_and_the_other_left_alone(zone):
    settle(platform(zone))
    both = platform(zone, record(zone, types=frozenset({"A", "AAAA"})))
    (change,) = see(both).changes
    (call, _) = change.steps
    assert [c["Action"] for c in call.params["ChangeBatch"]["Changes"]] == ["CREATE"]
    assert settle(both) == [f"update dns_record.{HOST}"]
    assert settle(platform(zone)) == [f"update dns_record.{HOST}"]
    assert {kind for _, kind in records(zone)} == {"A", "TXT"}


def test_a_record_that_somebody_deleted_is_made_again_beside_its_mark(zone):
    settle(platform(zone))
    delete(zone, (f"{HOST}.", "A"))
    assert differences(see(platform(zone))) == {f"dns_record.{HOST}": ["target", "types"]}
    assert settle(platform(zone)) == [f"update dns_record.{HOST}"]


def test_a_record_that_somebody_let_lead_elsewhere_is_put_right(zone):
    settle(platform(zone))
    delete(zone, (f"{HOST}.", "A"))
    put(zone, "CREATE", HOST, "CNAME", "example.org")
    assert differences(see(platform(zone))) == {f"dns_record.{HOST}": ["target", "types"]}
    assert settle(platform(zone)) == [f"update dns_record.{HOST}"]
    assert (f"{HOST}.", "A") in records(zone)


def test_an_alias_that_somebody_let_evaluate_health_is_put_right(zone):
    settle(platform(zone))
    found = records(zone)[f"{HOST}.", "A"]
    wanted = {**found, "AliasTarget": {**found["AliasTarget"], "EvaluateTargetHealth": True}}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    assert differences(see(platform(zone))) == {f"dns_record.{HOST}": ["evaluates_health"]}
    assert settle(platform(zone)) == [f"update dns_record.{HOST}"]


@pytest.mark.parametrize("kind", ["A", "CNAME"])
def test_a_record_of_others_is_a_conflict_and_is_not_touched(zone, kind):
    put(zone, "CREATE", HOST, kind, "192.0.2.1" if kind == "A" else "example.org")
    before = records(zone)
    (conflict,) = see(platform(zone)).conflicts
    assert f"{HOST} leads to {kind} " in conflict.why
    assert "which does not carry this stack's tags" in conflict.why
    assert conflict.remedy.startswith(
        "if it is to become this stack's: aws route53 change-resource-record-sets "
    )
    settle([], platform(zone))
    assert records(zone) == before


def test_a_lost_mark_is_a_conflict_with_the_command_that_restores_it(zone):
    settle(platform(zone))
    whole = records(zone)
    delete(zone, (f"{MARK}.", "TXT"))
    (conflict,) = see(platform(zone)).conflicts
    assert MARK in conflict.remedy
    batch = json.loads(conflict.remedy.partition("--change-batch '")[2].partition("'")[0])
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    assert records(zone) == whole
    assert not see(platform(zone)).changes


def test_a_host_of_another_stack_is_a_conflict_and_is_not_touched(zone):
    put(zone, "CREATE", MARK, "TXT", OTHERS)
    put(zone, "CREATE", HOST, "A", "192.0.2.1")
    (conflict,) = see(platform(zone)).conflicts
    assert "belongs to stack shop/prod/us-east-1" in conflict.why
    assert conflict.remedy == "take the host out of one of the two files"
    before = records(zone)
    settle([], platform(zone))
    assert records(zone) == before


@pytest.mark.parametrize("theirs", [True, False])
def test_one_whose_mark_is_gone_or_another_stacks_outlives_a_destroy(zone, theirs):
    settle(platform(zone))
    delete(zone, (f"{MARK}.", "TXT"))
    if theirs:
        put(zone, "CREATE", MARK, "TXT", OTHERS)
    before = records(zone)
    settle([], platform(zone))
    assert records(zone) == before


def test_what_somebody_made_between_plan_and_apply_is_not_overwritten(zone):
    settle(platform(zone)[:-1])
    todo = see(platform(zone))
    put(zone, "CREATE", HOST, "A", "192.0.2.1")
    outcome = act(todo, clock=Time().clock, pace=pace)  # the seconds of its patience
    assert f"dns_record.{HOST}" in outcome.failed
    assert records(zone)[f"{HOST}.", "A"]["ResourceRecords"] == [{"Value": "192.0.2.1"}]
    assert (f"{MARK}.", "TXT") not in records(zone)


def test_what_somebody_changed_between_plan_and_apply_is_read_again(zone):
    settle(platform(zone))
    put(zone, "UPSERT", HOST, "A", "192.0.2.1")
    todo = see(platform(zone))
    put(zone, "UPSERT", HOST, "A", "192.0.2.2")
    assert not act(todo).failed
    assert not see(platform(zone)).changes


def test_nothing_is_made_over_what_somebody_has():
    ((_, params),) = calls(ensure_dns_record(record("Z1", types=frozenset({"A", "AAAA"})), None))
    assert [change["Action"] for change in params["ChangeBatch"]["Changes"]] == ["CREATE"] * 3


def test_a_lost_answer_leaves_it_made_and_another_one_leaves_it_deleted(zone):
    settle(platform(zone)[:-1])
    for wanted in (platform(zone), platform(zone)[:-1]):
        outcome = apply_with(see(wanted), "ChangeResourceRecordSets", "lost")
        assert not {**outcome.failed, **outcome.skipped, **outcome.held}
        assert not see(wanted).changes


@pytest.mark.parametrize(
    ("message", "is_gone"),
    [
        ("[Tried to delete resource record set [name='a', type='A'] but it was not found]", True),
        ("[Tried to delete a but the values provided do not match the current values]", False),
        ("[Tried a but it was not found, Tried b but the values do not match the current values]", False),
    ],
)
def test_one_that_somebody_has_changed_meanwhile_is_not_taken_for_gone(message, is_gone):
    (call,) = KIND.remove(Live(DnsRecord(name=HOST, zone="Z1", target="nothing"), {"id": "Z1"}, OURS.name))
    assert isinstance(call, Call)
    assert matches(refused("InvalidChangeBatch", message), call.ignore) is is_gone


@pytest.mark.parametrize(
    "message",
    [
        "[Tried to delete a but it was not found]",
        "[Tried to delete a but the values provided do not match the current values]",
        "[Tried to create a but it already exists]",
    ],
)
def test_what_is_there_otherwise_than_planned_is_read_before_the_next_try(message):
    change, _ = ensure_dns_record(record("Z1"), None)
    assert isinstance(change, Call)
    found = find_match(refused("InvalidChangeBatch", message), change.retry)
    assert found
    assert found.half_done
    assert found.patience


def test_a_mark_that_is_deleted_twice_is_gone():
    live = Live(DnsRecord(name=HOST, zone="Z1", target="nothing"), {"id": f"Z1/{HOST}"}, OURS.name)
    (call,) = KIND.remove(live)
    assert isinstance(call, Call)
    assert [match if isinstance(match, str) else match.message_contains for match in call.ignore] == [
        "but it was not found",
        "NoSuchHostedZone",
    ]


def test_it_leads_to_another_load_balancer_once_the_service_has_rolled_out():
    known = Live(from_aws(HOST, "Z1", [ALIAS], {}), {"id": f"Z1/{HOST}"}, OURS.name)
    service = Address("ecs_service", "svc-web-dev")
    steps = list(ensure_dns_record(record("Z1", served_by=service), known))
    assert isinstance(steps[0], Later)
    assert steps[0].rolled_out == service
    ((operation, params),) = calls(steps)
    assert operation == "change_resource_record_sets"
    assert [change["Action"] for change in params["ChangeBatch"]["Changes"]] == ["DELETE", "CREATE"]


def test_a_zone_that_the_file_has_left_is_found_by_the_tag_of_the_load_balancer(zone):
    settle(platform(zone))
    without = [*zones(), balancer(dns_zones="")]
    assert settle(without) == [f"delete dns_record.{HOST}", f"update load_balancer.{BALANCER}"]
    assert records(zone) == {}
    (live,) = (live for live in look(without) if isinstance(live.spec, LoadBalancer))
    assert live.spec.dns_zones == ""


def test_records_move_to_another_zone_and_the_tag_names_both_meanwhile(zone):
    settle(platform(zone))
    other = client("route53").create_hosted_zone(Name="example.com", CallerReference="2")["HostedZone"]["Id"]
    new = other.rpartition("/")[2]
    todo = see(platform(new))
    (tagged,) = (c for c in todo.changes if c.key == f"load_balancer.{BALANCER}")
    assert tagged.steps[0].params["Tags"] == [{"Key": "ecs-reconciler:zone", "Value": f"{zone} {new}"}]
    settle(platform(new))
    assert records(zone) == {}
    assert (f"{HOST}.", "A") in records(new)


def test_a_zone_of_another_account_is_read_and_changed_by_a_role(aws):
    role = "arn:aws:iam::210987654321:role/names-of-one-test"  # its session is not known to the AWS of another test
    plant([{"type": "zone", "id": "Z0123456789", "name": "example.com", "role": role}], None, "us-east-1")
    assert client("route53").list_hosted_zones()["HostedZones"] == []
    mine = record("Z0123456789", role=role)
    shop = [*zones(), balancer(dns_zones=f"Z0123456789 {role}"), mine]
    assert f"create dns_record.{HOST}" in settle(shop)
    without = [*zones(), balancer(dns_zones="")]
    assert f"delete dns_record.{HOST}" in settle(without)


def test_it_is_deleted_by_the_role_it_was_read_by():
    """Without it the zone is not there for the run, which looks as if the record had gone."""
    role = "arn:aws:iam::210987654321:role/names"
    (call,) = KIND.remove(Live(DnsRecord(name=HOST, zone="Z1", target="x", role=role), {"id": "Z1"}, OURS.name))
    assert isinstance(call, Call)
    assert call.role == role


def test_the_role_of_the_file_comes_before_that_of_the_tag():
    """The tag has one that the file has left, and that perhaps nobody may assume any more."""
    old, new = (f"arn:aws:iam::210987654321:role/{name}" for name in ("old", "new"))
    tagged = [{"Key": STACK, "Value": OURS.name}, {"Key": ZONES, "Value": f"Z1 {old}"}]
    aws = ScriptedAws(
        describe_load_balancers={
            "LoadBalancers": [{"LoadBalancerArn": "arn:lb", "LoadBalancerName": BALANCER}]
        },
        describe_tags={"TagDescriptions": [{"ResourceArn": "arn:lb", "Tags": tagged}]},
        list_resource_record_sets={"ResourceRecordSets": [ALIAS]},
    )
    found = {
        wanted: read(KIND, aws, [balancer(), record("Z1", "*.shop.example.com", role=wanted)])[0].spec.role
        for wanted in (new, "")
    }
    assert found == {new: new, "": ""}


def test_its_tags_are_never_sent(zone):
    assert STACK not in json.dumps(calls(KIND.ensure(record(zone), None)), default=str)


def test_nothing_is_asked_of_route_53_without_a_zone(aws):
    assert live_of(KIND, [*zones(), balancer()]) == []
