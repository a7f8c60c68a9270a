"""What exists already is checked before any write: what cannot do what the file asks is told with its line."""

import json
from collections.abc import Mapping
from functools import partial

import pytest
from issued import issue_certificate
from others import NOT_FOUND, find_namespace, make_listener, make_namespace, make_role, make_things, write
from support import client
from whole import planned

from desired_state import LoadError

pytestmark = pytest.mark.usefixtures("aws")
ROLE = "arn:aws:iam::123456789012:role"
CLUSTER = "arn:aws:ecs:us-east-1:"
UNTRUSTING = "role/other does not trust ecs-tasks.amazonaws.com, so that no task can have it"
ANY_PROVIDER = "CLUSTER, capacity_providers: {FARGATE_SPOT: {weight: 1}}"
TO_HTTPS = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}


@pytest.mark.parametrize(
    ("word", "wrong", "told"),
    [
        ("CLUSTER", "shard", "8:11: cluster.existing: there is no active cluster shard in us-east-1"),
        ("CLUSTER", "ONLY_FARGATE", "cluster other has no FARGATE_SPOT; it has FARGATE"),
        (
            "CLUSTER",
            f"{CLUSTER}999999999999:cluster/shared",
            "there is no cluster arn:aws:ecs:us-east-1:999999999999",
        ),
        (ANY_PROVIDER, "NO_PROVIDER", "cluster other has no FARGATE; it has none"),
        ("NAMESPACE", "ns-gone", "6:13: discovery.existing: there is no namespace ns-gone in us-east-1"),
        ("NAMESPACE", "ELSEWHERE", "is seen in vpc-"),
        ("NAMESPACE", "HTTP", "is HTTP, and tasks have names in a DNS_PRIVATE one"),
        (
            "BALANCER",
            "DELETED",
            "load_balancer.existing: there is no load balancer arn:aws:elasticloadbalancing:",
        ),
        ("VPC", "OTHER_VPC", "load_balancer.existing: is in vpc-"),
        ("LISTENER", "GONE", "theirs.existing: there is no listener arn:aws:elasticloadbalancing:"),
        ("LISTENER", "REDIRECT", "services.web.routes[0]: names no listener, and theirs redirects; write"),
        ("EXECUTION", f"{ROLE}/gone", f"roles.execution: there is no role {ROLE}/gone in this account"),
        ("EXECUTION", "UNTRUSTING", UNTRUSTING),
        ("TASK", f"{ROLE}/gone", f"roles.task: there is no role {ROLE}/gone in this account"),
        ("TASK", "UNTRUSTING", UNTRUSTING),
        ("TASK", "ONLY_TAGS", UNTRUSTING),
        ("LOGS", "/gone", "11:10: service_defaults.logs.existing: there is no log group /gone in us-east-1"),
        (
            "REPOSITORY",
            "their/wob",
            "13:17: services.web.image.repository: there is no repository their/wob in us-east-1; did you mean",
        ),
    ],
)
def test_what_cannot_do_what_the_file_asks_is_told_with_its_line_before_any_write(tmp_path, word, wrong, told):
    things = make_things()
    with pytest.raises(LoadError) as failed:
        planned(write(tmp_path, things | {word: make_wrong(wrong, things)}))
    assert told in str(failed.value)
    assert "platform.yaml:" in str(failed.value)


def make_vpc() -> str:
    return str(client("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"])


def make_wrong(word: str, things: Mapping[str, str]) -> str:
    """Make what exists and does not do, and return its id; another word is an id already."""
    match word:
        case "ONLY_FARGATE" | "NO_PROVIDER":
            providers = ["FARGATE"] if word == "ONLY_FARGATE" else []
            client("ecs").create_cluster(clusterName="other", capacityProviders=providers)
            return "other"
        case "UNTRUSTING":
            return make_role("other", "ec2.amazonaws.com")
        case "ONLY_TAGS":
            return make_role("other", action="sts:TagSession")
        case "HTTP":
            client("servicediscovery").create_http_namespace(Name="other")
            return find_namespace("other")
        case "OTHER_VPC":
            return make_vpc()
        case "ELSEWHERE":
            return make_namespace("other.local", make_vpc())
        case "DELETED":
            client("elbv2").delete_load_balancer(LoadBalancerArn=things["BALANCER"])
            return things["BALANCER"]
        case "GONE":
            return things["LISTENER"].rpartition("/")[0] + "/0a"
        case "REDIRECT":
            return make_listener(things["BALANCER"], 8001, TO_HTTPS)
    return word


def test_a_listener_that_exists_has_https_for_a_port_of_grpc(tmp_path):
    things, grpc = make_things(), "[{hosts: [a.example.com]}], ports: {rpc: {port: 9090, protocol: grpc}}"
    told = r"routes\[0\]: leads to a port with grpc, which takes an HTTPS listener: theirs has HTTP"
    with pytest.raises(LoadError, match=told):
        planned(write(tmp_path, things | {"ROUTES": grpc}))


def test_a_listener_that_exists_has_a_certificate_for_the_hosts_of_its_routes(tmp_path):
    things, issued = make_things(), partial(issue_certificate, client("acm"), client("route53"))
    listener = make_listener(things["BALANCER"], 443, NOT_FOUND, issued("a.example.com"))
    routes = "[{priority: 1, hosts: [a.example.com, b.example.com]}]"
    with pytest.raises(LoadError, match=r"hosts: no certificate of theirs is for b\.example\.com"):
        planned(write(tmp_path, things | {"LISTENER": listener, "ROUTES": routes}))
    further = [{"CertificateArn": issued("b.example.com")}]
    client("elbv2").add_listener_certificates(ListenerArn=listener, Certificates=further)
    assert not planned(write(tmp_path, things | {"LISTENER": listener, "ROUTES": routes})).conflicts


def test_a_log_in_needs_a_listener_that_has_https(tmp_path):
    url = "https://login.example.com"
    oidc = dict.fromkeys(("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint"), url)
    auth = {"oidc": {**oidc, "client_id": "shop", "secret": "login"}}
    client("secretsmanager").create_secret(Name="login", SecretString="x")
    routes = json.dumps([{"priority": 1, "paths": ["/*"], "auth": auth}])
    with pytest.raises(LoadError, match=r"routes\[0\]\.auth: needs HTTPS, and theirs is HTTP"):
        planned(write(tmp_path, make_things() | {"ROUTES": routes}))
