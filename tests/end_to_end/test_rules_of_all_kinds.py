"""Rules of every kind, with priorities that the file leaves out, and target groups of gRPC."""

from pathlib import Path
from typing import Any

import pytest
from support import Counted, client
from whole import applied, planned

from desired_state import Platform, load

CERTIFICATE = "arn:aws:iam::123456789012:server-certificate/shop"
FILE = f"""
platform: shop
environment: dev
suffix: dev
region: us-east-1
load_balancer:
  listeners: {{https: {{port: 443, certificate: "{CERTIFICATE}"}}, http: {{port: 80, redirect: https}}}}
services:
  web: {{image: nginx, desired_count: 1, routes: [ROUTES]}}
  rpc:
    image: nginx
    desired_count: 1
    ports: {{http: 8080, rpc: {{port: 9090, protocol: grpc}}}}
    algorithm: least_outstanding_requests
    routes: [{{hosts: [rpc.example.com], port: rpc}}, {{paths: [/rpc/*]}}]
"""
ROUTES = (
    '{paths: ["/*"]}',
    "{hosts: [shop.example.com], methods: [get, HEAD], headers: {X-Env: blue}}",
    '{query: {v: [1, 2], "*": debug}, source: [10.0.0.0/8, "2001:db8::/32"]}',
    "{hosts: [old.example.com], redirect: {host: new.example.com}}",
    "{paths: [/admin/*], listener: http, fixed_response: {status: 403}}",
)
pytestmark = pytest.mark.usefixtures("aws", "certificate")


@pytest.fixture
def certificate() -> None:
    client("iam").upload_server_certificate(
        ServerCertificateName="shop", CertificateBody="body", PrivateKey="key"
    )


def platform(folder: Path, *routes: str) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("ROUTES", ", ".join(routes)))
    return load(file, environ={})


def find_rules() -> dict[str, tuple[int, str]]:
    """Return the priority and the first action of each rule, by its ARN."""
    elb = client("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    rules = [r for one in listeners for r in elb.describe_rules(ListenerArn=one["ListenerArn"])["Rules"]]
    return {r["RuleArn"]: (int(r["Priority"]), r["Actions"][0]["Type"]) for r in rules if not r["IsDefault"]}


def find_groups() -> dict[str, dict[str, Any]]:
    found = client("elbv2").describe_target_groups()["TargetGroups"]
    return {group["TargetGroupName"].rpartition("-")[0]: group for group in found}


def test_rules_of_every_kind_stay_where_they_are(tmp_path):
    wanted = platform(tmp_path, *ROUTES)
    applied(wanted)
    first = find_rules()
    assert sorted(first.values()) == [
        *((1000, "fixed-response"), (1000, "forward"), (1001, "forward"), (3000, "redirect")),
        *((3001, "forward"), (4000, "forward"), (5000, "forward")),
    ]
    assert planned(wanted).changes == ()
    groups = find_groups()
    assert (groups["tg-rpc-rpc-dev"]["ProtocolVersion"], groups["tg-rpc-dev"]["ProtocolVersion"]) == (
        "GRPC",
        "HTTP1",
    )
    assert groups["tg-rpc-rpc-dev"]["Matcher"] == {"GrpcCode": "12"}

    more = platform(tmp_path, "/new/*", *ROUTES[1:], '{paths: [/a, "/*"]}')
    assert {str(change.op) for change in planned(more).changes} == {"create", "update"}
    applied(more)
    second = find_rules()
    assert len(second) == len(first) + 1
    assert planned(more).changes == ()


def test_a_route_becomes_an_answer_and_its_service_leads_nowhere(tmp_path):
    applied(platform(tmp_path, ROUTES[0], ROUTES[1]))
    closed = platform(tmp_path, '{paths: ["/*"], fixed_response: {status: 503, body: Away}}')
    applied(closed)
    assert planned(closed).changes == ()
    assert "tg-web-dev" not in find_groups()
    assert (5000, "fixed-response") in find_rules().values()
    opened = platform(tmp_path, ROUTES[0])
    assert any("are answered 503 until svc-web-dev" in warning.why for warning in planned(opened).warnings)
    applied(opened)
    assert planned(opened).changes == ()


def test_a_port_that_speaks_another_version_gets_another_group(tmp_path):
    applied(platform(tmp_path, ROUTES[0]))
    before = find_groups()["tg-rpc-rpc-dev"]["TargetGroupArn"]
    file = tmp_path / "platform.yaml"
    file.write_text(file.read_text().replace("protocol: grpc", "protocol: http2"))
    other = load(file, environ={})
    todo = planned(other)
    assert [change.interrupts for change in todo.changes if change.interrupts] == [
        "requests are answered 503 until the service's new tasks are healthy"
    ]
    applied(other)
    assert find_groups()["tg-rpc-rpc-dev"]["ProtocolVersion"] == "HTTP2"
    assert find_groups()["tg-rpc-rpc-dev"]["TargetGroupArn"] != before
    assert planned(other).changes == ()


def test_a_route_that_is_written_first_moves_no_rule(tmp_path):
    applied(platform(tmp_path, *ROUTES))
    first, more = find_rules(), platform(tmp_path, "/new/*", *ROUTES)
    applied(more)
    second = find_rules()
    assert first.items() <= second.items()
    assert [value for arn, value in second.items() if arn not in first] == [(4001, "forward")]
    assert planned(more).changes == ()


def test_a_priority_changed_by_hand_stays_and_one_of_others_is_passed_over(tmp_path):
    wanted = platform(tmp_path, ROUTES[0])
    applied(wanted)
    elb, first = client("elbv2"), find_rules()
    (catch_all,) = (arn for arn, (priority, _) in first.items() if priority == 5000)
    elb.set_rule_priorities(RulePriorities=[{"RuleArn": catch_all, "Priority": 4001}])
    elb.create_rule(
        ListenerArn=catch_all.replace(":listener-rule/", ":listener/").rpartition("/")[0],
        Priority=3999,
        Conditions=[{"Field": "path-pattern", "Values": ["/theirs"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    )
    assert planned(wanted).changes == ()
    applied(platform(tmp_path, ROUTES[0], "/api/*"))
    (new,) = (value for arn, value in find_rules().items() if arn not in first and value[0] != 3999)
    assert new == (3998, "forward")


def test_an_order_made_by_hand_in_which_a_route_gets_nothing_is_put_right(tmp_path):
    wanted = platform(tmp_path, ROUTES[0], "{paths: [/api/*]}")
    applied(wanted)
    first = find_rules()
    (catch_all,) = (arn for arn, (priority, _) in first.items() if priority == 5000)
    client("elbv2").set_rule_priorities(RulePriorities=[{"RuleArn": catch_all, "Priority": 77}])
    changes = planned(wanted).changes
    assert {field.field for change in changes for field in change.fields} == {"priority"}
    applied(wanted)
    second = find_rules()
    assert second[catch_all] == (77, "forward")
    assert all(priority < 77 for arn, (priority, _) in second.items() if arn != catch_all)
    assert planned(wanted).changes == ()


def test_priorities_are_read_without_further_calls(tmp_path):
    wanted = platform(tmp_path, *ROUTES)
    written = platform(tmp_path, *(r.replace("{", f"{{priority: {n}, ", 1) for n, r in enumerate(ROUTES, 1)))
    applied(written)
    counted = []
    for each in (written, wanted):
        planned(each)
        with Counted() as calls:
            planned(each)
        counted.append(calls)
    assert counted[0] == counted[1]
