"""What an event of EventBridge names, and which stack it touches."""

import json

import pytest

from reconciler.aws.agent import agent_of
from reconciler.aws.trail.ours import Ours
from reconciler.model.drift import Difference, DriftReport, Finding, Severity
from reconciler.model.plan import Scope
from reconciler.model.references import Address
from reconciler.watch.events.heard import read_message
from reconciler.watch.events.index import Index, Known, know

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/ecs-cluster-dev"
SERVICE = "arn:aws:ecs:us-east-1:123456789012:service/ecs-cluster-dev/svc-web-dev"
RUNNER = "arn:aws:sts::123456789012:assumed-role/drift-dev"
ALICE = {"type": "IAMUser", "userName": "alice", "arn": "arn:aws:iam::123456789012:user/alice"}


def call(name, sent, *, identity=ALICE, agent="aws-cli/2.0", **more):
    record = {
        "eventName": name,
        "userIdentity": identity,
        "userAgent": agent,
        "requestParameters": sent,
        **more,
    }
    return json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": record})


def own(kind, resources, **detail):
    return json.dumps(
        {
            "detail-type": kind,
            "source": "aws.ecs",
            "resources": resources,
            "detail": {"clusterArn": CLUSTER} | detail,
        }
    )


@pytest.fixture
def index():
    found = Index()
    for stack in ("dev", "prod"):
        values = {f"sg-{stack}", f"svc-web-{stack}", f"demo/{stack}/us-east-1", f"task-web-{stack}"}
        values |= {SERVICE, "ecs-cluster-dev", CLUSTER} if stack == "dev" else set()
        ours = Ours(f"demo/{stack}/us-east-1", {f"{RUNNER}/any"})
        found.put(stack, Known(frozenset(values), ours))
    return found


@pytest.mark.parametrize(
    ("body", "touched"),
    [
        (call("AuthorizeSecurityGroupIngress", {"groupId": "sg-dev", "ipPermissions": {"items": []}}), ["dev"]),
        (call("UpdateService", {"service": SERVICE, "cluster": CLUSTER, "desiredCount": 0}), ["dev"]),
        (call("UpdateService", {"service": "svc-web-dev", "cluster": "ecs-cluster-dev"}), ["dev"]),
        (call("UpdateService", {"service": "svc-other", "cluster": "ecs-cluster-dev"}), []),
        (call("DeleteCluster", {"cluster": "ecs-cluster-dev"}), ["dev"]),
        (call("ReplaceRoute", {"groupId": "sg-dev", "otherId": "sg-prod"}), ["dev", "prod"]),
        (call("CreateQueue", {"tags": {"ecs-reconciler:stack": "demo/prod/us-east-1"}}), ["prod"]),
        (call("DeregisterTaskDefinition", {"taskDefinition": "arn:x:task-web-dev:7"}), []),
        (call("CreateVpc", {"cidrBlock": "10.0.0.0/16"}), []),
        (call("UpdateService", None), []),
        (own("ECS Deployment State Change", [SERVICE], eventName="SERVICE_DEPLOYMENT_FAILED"), ["dev"]),
        (own("ECS Service Action", [SERVICE], eventName="SERVICE_STEADY_STATE"), ["dev"]),
        (
            own(
                "ECS Task State Change",
                ["arn:task"],
                group="service:svc-web-dev",
                desiredStatus="STOPPED",
                lastStatus="STOPPED",
            ),
            ["dev"],
        ),
    ],
)
def test_an_event_touches_the_stacks_whose_ids_names_or_arns_it_names(index, body, touched):
    assert [*index.find(read_message(body))] == touched


def test_an_arn_is_known_without_its_revision_and_its_streams():
    index = Index()
    index.put("dev", Known(frozenset({"arn:aws:ecs:::task-definition/web"}), Ours("x")))
    heard = read_message(call("Deregister", {"taskDefinition": "arn:aws:ecs:::task-definition/web:7"}))
    assert [*index.find(heard)] == ["dev"]


def test_a_refused_call_and_a_task_that_goes_on_do_not_matter():
    assert not read_message(call("DeleteCluster", {"cluster": "x"}, errorCode="AccessDenied")).matters
    running = own("ECS Task State Change", [], group="service:svc-web-dev", desiredStatus="RUNNING")
    assert not read_message(running).matters


def test_a_call_is_ours_by_its_user_agent_and_its_principal_together(index):
    def find(agent, arn):
        identity = {"type": "AssumedRole", "arn": arn}
        heard = read_message(call("ModifyRule", {"groupId": "sg-dev"}, identity=identity, agent=agent))
        return index.find(heard)

    agent = agent_of("1.0", "demo/dev/us-east-1", "run")
    assert find(agent, f"{RUNNER}/another-run") == {"dev": True}
    assert find(agent, ALICE["arn"]) == {"dev": False}
    assert find("aws-cli/2.0", f"{RUNNER}/another-run") == {"dev": False}
    assert find(agent_of("1.0", "demo/prod/us-east-1", "run"), f"{RUNNER}/x") == {"dev": False}


@pytest.mark.parametrize(
    "body",
    ["", "no JSON", "[]", "null", "{}", '{"detail": []}', '{"detail-type": "x", "detail": {}}', "[" * 100_000],
)
def test_what_is_no_event_is_unreadable(body):
    with pytest.raises(ValueError, match=r"."):
        read_message(body)


@pytest.mark.parametrize("strange", [{"userIdentity": 1}, {"userIdentity": {"arn": {}}}, {"eventName": []}])
def test_records_of_strange_shapes_are_read_all_the_same(strange):
    read_message(json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": strange}))


def test_what_a_round_found_is_what_a_stack_is_known_by():
    scope = Scope("demo/dev/us-east-1", "123456789012", "us-east-1")
    gone = Difference(
        Address("log_group", "/aws/ecs/web-dev"), Finding.MISSING, "", None, 1, Severity.AVAILABILITY
    )
    report = DriftReport(scope, "", "", (gone,), ids={Address("vpc", "main"): {"id": "vpc-1234", "n": "12345"}})
    known = know(report, [RUNNER])
    assert known.values == {"demo/dev/us-east-1", "vpc-1234", "/aws/ecs/web-dev"}
    assert known.ours == Ours("demo/dev/us-east-1", frozenset({RUNNER}))


def test_what_a_stack_has_no_more_wakes_it_no_more(index):
    index.put("dev", Known(frozenset({"sg-new"}), Ours("x")))
    assert [*index.find(read_message(call("X", {"groupId": "sg-dev"})))] == []
    assert [*index.find(read_message(call("X", {"groupId": "sg-new"})))] == ["dev"]
