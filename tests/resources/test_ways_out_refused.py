"""Ways out of a network: what AWS refuses for a moment, gives up later, or may have done all the same."""

from contextlib import ExitStack

import pytest
from network import gateway, subnet, table, vpc
from refused import refused
from scripted import ScriptedAws
from scripted import refused as refusal
from support import OURS, act, client, make, see, settle

from reconciler.aws.calls import attempt_call
from reconciler.aws.waits import poll
from reconciler.errors import WaitFailed
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import NotYet
from reconciler.resources import elastic_ip, flow_log, nat_gateway, vpc_endpoint
from reconciler.resources.elastic_ip import ElasticIp
from reconciler.resources.flow_log import FlowLog
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.resources.log_group import LogGroup
from reconciler.resources.nat_gateway import NatGateway
from reconciler.resources.security_group import SecurityGroupWithRules
from reconciler.resources.vpc_endpoint import VpcEndpoint

pytestmark = pytest.mark.usefixtures("aws")
ADDRESS = make(ElasticIp, "nat-dev")
NAT = make(NatGateway, "nat-dev", subnet=Ref("subnet", "subnet-a-dev"), elastic_ip=ADDRESS.ref())
BEHIND = NAT.model_copy(update={"after": frozenset({gateway().ref()})})
ENDPOINT = {"vpc": vpc().ref()}
S3 = make(
    VpcEndpoint,
    "s3-dev",
    **ENDPOINT,
    aws_service="com.amazonaws.us-east-1.s3",
    type="Gateway",
    route_tables=frozenset({table().ref()}),
)
DOORS = make(SecurityGroupWithRules, "doors-dev", **ENDPOINT)
LOGS = make(
    VpcEndpoint,
    "logs-dev",
    **ENDPOINT,
    aws_service="com.amazonaws.us-east-1.logs",
    type="Interface",
    subnets=frozenset({subnet().ref()}),
    security_groups=frozenset({DOORS.ref()}),
    private_dns=True,
)
RIGHTS = Statement(actions=frozenset({"logs:CreateLogStream", "logs:PutLogEvents"}), resources=frozenset({"*"}))
ROLE = make(
    IamRole,
    "flow-logs-dev",
    service_principal="vpc-flow-logs.amazonaws.com",
    policies={"write": Policy(statements=frozenset({RIGHTS}))},
)
GROUP = make(LogGroup, "/flow-logs", retention_days=7)
FLOW_LOG = make(
    FlowLog,
    "log-dev",
    **ENDPOINT,
    log_group=GROUP.name,
    role=Ref("iam_role", ROLE.name, "arn"),
    after=frozenset({GROUP.ref()}),
)
NETWORK = [vpc(), gateway(), subnet(), table()]
PLATFORM = [*NETWORK, ADDRESS, BEHIND, *DOORS.parts(), S3, LOGS, ROLE, GROUP, FLOW_LOG]

CONFLICT = (
    "private-dns-enabled cannot be set because there is already a conflicting DNS domain for x in the VPC y"
)
DENIED = "You do not have permission to access the specified resource."
MADE = [
    ("CreateNatGateway", "Resource.AlreadyAssociated", "resource eipalloc-1 is already associated"),
    ("CreateNatGateway", "InvalidAllocationID.NotFound", "no such address"),
    ("CreateNatGateway", "InvalidSubnetID.NotFound", "no such subnet"),
    ("CreateVpcEndpoint", "InvalidParameter", CONFLICT),
    ("CreateVpcEndpoint", "RouteAlreadyExists", "already has a route with destination-prefix-list-id"),
    ("CreateVpcEndpoint", "InvalidVpcID.NotFound", "no such VPC"),
    ("CreateVpcEndpoint", "InvalidSubnetId.NotFound", "no such subnet"),
    ("CreateFlowLogs", "InvalidParameter", "Unable to assume given IAM role"),
    ("CreateFlowLogs", "FlowLogAlreadyExists", "there is an existing flow log"),
    ("CreateFlowLogs", "InvalidVpcID.NotFound", "no such VPC"),
]
GONE = [
    ("ReleaseAddress", "InvalidIPAddress.InUse", "in use"),
    ("ReleaseAddress", "AuthFailure", DENIED),
]


def refuse(what: list[tuple[str, str, str]]) -> ExitStack:
    """Refuse the first calls of these operations, one after the other."""
    refusing = ExitStack()
    for operation, code, message in what:
        refusing.enter_context(refused(f"ec2.{operation}", code, message))
    return refusing


def test_what_passes_by_itself_is_tried_again_and_leaves_nothing_behind():
    with refuse(MADE):
        settle(PLATFORM)
    with refuse(GONE):
        settle([], file=PLATFORM)
    assert client("ec2").describe_addresses()["Addresses"] == []


def test_what_only_a_person_can_permit_is_not_tried_again():
    settle([*NETWORK, ADDRESS])
    with refused(
        "ec2.ReleaseAddress", "AuthFailure", "AWS was not able to validate the provided access"
    ) as made:
        outcome = act(see(NETWORK))
    assert len(made) == 1
    assert any("AuthFailure" in why for why in map(str, outcome.failed.values()))


def test_what_is_gone_already_is_deleted():
    ids = {"id": "x-1"}
    removals = {
        "delete_nat_gateway": (nat_gateway.remove(Live(NAT, ids, OURS.name)), "NatGatewayNotFound"),
        "release_address": (elastic_ip.remove(Live(ADDRESS, ids, OURS.name)), "InvalidAllocationID.NotFound"),
        "delete_flow_logs": (flow_log.remove(Live(FLOW_LOG, ids, OURS.name)), "InvalidFlowLogId.NotFound"),
        "delete_vpc_endpoints": (
            vpc_endpoint.KIND.remove(Live(S3, ids, OURS.name)),
            "InvalidVpcEndpoint.NotFound",
        ),
    }
    for operation, (steps, code) in removals.items():
        call = next(iter(steps))
        assert attempt_call(ScriptedAws(**{operation: refusal(code)}).client, call) == {}


@pytest.mark.parametrize(
    ("code", "is_done"), [("InvalidX.NotFound", False), ("InvalidVpcEndpoint.NotFound", True)]
)
def test_an_entry_that_was_not_deleted_is_a_refusal(code, is_done):
    call, _ = vpc_endpoint.KIND.remove(Live(S3, {"id": "vpce-1"}, OURS.name))
    entries = {"Unsuccessful": [{"ResourceId": "vpce-1", "Error": {"Code": code, "Message": "no"}}]}
    aws = ScriptedAws(delete_vpc_endpoints=entries)
    if is_done:
        assert attempt_call(aws.client, call) == {}
    else:
        with pytest.raises(Exception, match=code):
            attempt_call(aws.client, call)


def test_a_flow_log_that_was_not_made_is_a_refusal_in_an_answer_that_is_none():
    (call,) = flow_log.ensure_flow_log(FLOW_LOG, None)
    for code, expected in (("FlowLogAlreadyExists", NotYet), ("400", Exception)):
        entries = {"Unsuccessful": [{"ResourceId": "vpc-1", "Error": {"Code": code, "Message": "no"}}]}
        aws = ScriptedAws(create_flow_logs={"FlowLogIds": [], **entries})
        if expected is NotYet:
            assert isinstance(attempt_call(aws.client, call), NotYet)
        else:
            with pytest.raises(expected, match="no"):
                attempt_call(aws.client, call)


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        (next(iter(nat_gateway.ensure_nat_gateway(NAT, None))), *MADE[0][1:]),
        (next(iter(vpc_endpoint.ensure_vpc_endpoint(LOGS, None))), *MADE[3][1:]),
        (next(iter(vpc_endpoint.ensure_vpc_endpoint(S3, None))), *MADE[4][1:]),
        (next(iter(flow_log.ensure_flow_log(FLOW_LOG, None))), *MADE[8][1:]),
    ],
    ids=["nat_gateway", "interface", "gateway", "flow_log"],
)
def test_a_place_that_is_taken_may_be_so_by_the_try_whose_answer_was_lost(call, code, message):
    answer = attempt_call(ScriptedAws(**{call.operation: refusal(code, message)}).client, call)
    assert isinstance(answer, NotYet)
    assert answer.half_done


def waits(kind: str, *, deleted: bool = False) -> object:
    """Return the wait of a create, or of a deletion."""
    by_kind = {"nat": (nat_gateway.KIND, NAT), "endpoint": (vpc_endpoint.KIND, LOGS)}
    found, spec = by_kind[kind]
    steps = found.remove(Live(spec, {"id": "x-1"}, OURS.name)) if deleted else found.ensure(spec, None)
    *_, wait = steps
    return wait


@pytest.mark.parametrize(
    ("kind", "state", "ends"),
    [
        *(("nat", state, False) for state in ("pending",)),
        *(("nat", state, None) for state in ("failed", "deleting", "deleted")),
        ("nat", "available", True),
        *(("endpoint", state, False) for state in ("pending", "PendingAcceptance")),
        *(("endpoint", state, None) for state in ("failed", "Failed", "rejected", "Deleting", "expired")),
        *(("endpoint", state, True) for state in ("available", "Available")),
    ],
)
def test_one_is_waited_for_until_it_serves_or_never_will(kind, state, ends):
    told = {
        "nat": {
            "NatGateways": [{"State": state, "FailureCode": "Gateway.NotAttached", "FailureMessage": "why"}]
        },
        "endpoint": {"VpcEndpoints": [{"State": state, "LastError": {"Code": "Gone", "Message": "why"}}]},
    }
    aws = ScriptedAws(describe_nat_gateways=told["nat"], describe_vpc_endpoints=told["endpoint"])
    if ends is None:
        with pytest.raises(WaitFailed, match=f"{state}: (Gateway.NotAttached|Gone): why"):
            poll(aws.client, waits(kind))
    else:
        assert isinstance(poll(aws.client, waits(kind)), NotYet) is not ends


@pytest.mark.parametrize("kind", ["nat", "endpoint"])
def test_one_is_waited_for_until_it_is_gone(kind):
    lists = {
        "nat": ("describe_nat_gateways", "NatGateways"),
        "endpoint": ("describe_vpc_endpoints", "VpcEndpoints"),
    }
    operation, items = lists[kind]
    unknown = {"nat": "NatGatewayNotFound", "endpoint": "InvalidVpcEndpointId.NotFound"}[kind]
    for answer in ({items: [{"State": "deleted"}]}, {items: []}, refusal(unknown)):
        assert poll(ScriptedAws(**{operation: answer}).client, waits(kind, deleted=True)) == {}
    still = ScriptedAws(**{operation: {items: [{"State": "deleting"}]}})
    assert isinstance(poll(still.client, waits(kind, deleted=True)), NotYet)
    lagging = ScriptedAws(**{operation: refusal(unknown)})
    assert isinstance(poll(lagging.client, waits(kind)), NotYet)


def test_one_that_fails_after_its_create_says_why_and_another_is_made_in_its_place():
    outcome = act(see([vpc(), subnet(), ADDRESS, NAT]))
    (why,) = map(str, outcome.failed.values())
    assert "failed: Gateway.NotAttached: Network vpc-" in why
    assert f"create nat_gateway.{NAT.name}" in settle([*NETWORK, ADDRESS, BEHIND])
