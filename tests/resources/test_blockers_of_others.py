"""What others have, of kinds that no plan holds, is a conflict before the first delete, and is named."""

from collections.abc import Callable
from typing import Any

import pytest
from balancing import GROUP, group, id_of, security_group, zones
from moto.ec2 import ec2_backends
from network import A, subnet
from services import CLUSTER, balanced, vpc_id
from support import Counted, act, client, look, make, see, settle

from reconciler.errors import RunRefused
from reconciler.model.spec import Spec
from reconciler.resources.iam_role import IamRole

pytestmark = pytest.mark.usefixtures("aws")
ROLE = "ecs-task-web-dev"
TO_S3 = {"ServiceName": "com.amazonaws.us-east-1.s3", "VpcEndpointType": "Gateway"}


def platform() -> list[Spec]:
    return [*balanced(), make(IamRole, ROLE, service_principal="ecs-tasks.amazonaws.com")]


def _an_instance() -> str:
    discovery = client("servicediscovery")
    (service,) = discovery.list_services()["Services"]
    at = {"AWS_INSTANCE_IPV4": "10.0.0.99"}
    discovery.register_instance(ServiceId=service["Id"], InstanceId="mine", Attributes=at)
    return f"servicediscovery deregister-instance --service-id {service['Id']} --instance-id mine"


def _a_task() -> str:
    placed = {"subnets": [id_of(subnet())], "securityGroups": [id_of(security_group())]}
    network = {"awsvpcConfiguration": placed | {"assignPublicIp": "ENABLED"}}
    one = {"name": "one", "image": "nginx", "cpu": 128, "memory": 128}
    sizes = {"cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    client("ecs").register_task_definition(family="mine", containerDefinitions=[one], **sizes)
    asked = {"cluster": CLUSTER, "taskDefinition": "mine", "launchType": "FARGATE"}
    (task,) = client("ecs").run_task(**asked, networkConfiguration=network)["tasks"]
    own_id = task["taskArn"].rpartition("/")[2]
    return f"ecs stop-task --cluster {CLUSTER} --task {own_id}"


def _an_interface() -> str:
    made = client("ec2").create_network_interface(SubnetId=id_of(subnet()), Description="mine")
    own_id = made["NetworkInterface"]["NetworkInterfaceId"]
    return f"ec2 delete-network-interface --network-interface-id {own_id}"


def _an_instance_profile() -> str:
    iam = client("iam")
    iam.create_instance_profile(InstanceProfileName="mine")
    iam.add_role_to_instance_profile(InstanceProfileName="mine", RoleName=ROLE)
    return f"iam remove-role-from-instance-profile --instance-profile-name mine --role-name {ROLE}"


def _an_endpoint() -> str:
    made = client("ec2").create_vpc_endpoint(VpcId=vpc_id(), **TO_S3)
    return f"ec2 delete-vpc-endpoints --vpc-endpoint-ids {made['VpcEndpoint']['VpcEndpointId']}"


def _a_failed_endpoint() -> str:
    command = _an_endpoint()
    ec2_backends["123456789012"]["us-east-1"].vpc_end_points[command.split()[-1]].state = "failed"
    return command


def _an_acl() -> str:
    made = client("ec2").create_network_acl(VpcId=vpc_id())
    return f"ec2 delete-network-acl --network-acl-id {made['NetworkAcl']['NetworkAclId']}"


def _a_peering() -> str:
    other = client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = client("ec2").create_vpc_peering_connection(VpcId=vpc_id(), PeerVpcId=other)
    own_id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    return f"ec2 delete-vpc-peering-connection --vpc-peering-connection-id {own_id}"


def _a_table() -> str:
    made = client("ec2").create_route_table(VpcId=vpc_id())
    return f"ec2 delete-route-table --route-table-id {made['RouteTable']['RouteTableId']}"


def _run(command: str) -> None:
    """Run an AWS CLI command that consists of options with one value, as a person does."""
    service, operation, *options = command.split()
    method = getattr(client(service), operation.replace("-", "_"))
    members = client(service).meta.service_model.operation_model(
        client(service).meta.method_to_api_mapping[operation.replace("-", "_")]
    )
    names = {key.lower(): key for key in members.input_shape.members}
    given = dict(zip(options[::2], options[1::2], strict=True))
    params = {names[option.replace("-", "")]: value for option, value in given.items()}
    shapes = members.input_shape.members
    method(**{key: [v] if shapes[key].type_name == "list" else v for key, v in params.items()})


@pytest.mark.parametrize(
    ("make_one", "at"),
    [
        (_an_instance, "cloud_map_service.web"),
        (_a_task, f"ecs_cluster.{CLUSTER}"),
        (_an_interface, f"subnet.{A}"),
        (_an_instance_profile, f"iam_role.{ROLE}"),
        (_an_endpoint, "vpc_endpoint.vpce-"),
        (_a_failed_endpoint, "vpc_endpoint.vpce-"),
        (_an_acl, "vpc.vpc-dev"),
        (_a_peering, "vpc.vpc-dev"),
        (_a_table, "route_table."),
    ],
)
def test_it_stops_a_destroy_as_a_whole_and_what_is_said_removes_it(make_one: Callable[[], str], at: str):
    settle(platform())
    command = make_one()
    todo = see([], platform())
    (conflict,) = todo.conflicts
    assert str(conflict.address).startswith(at)
    assert conflict.remedy.removesuffix(" --region us-east-1").endswith(f": aws {command}")
    with Counted() as calls, pytest.raises(RunRefused, match=str(conflict.address)):
        act(todo)
    assert not +calls
    assert not see(platform()).conflicts
    _run(command)
    assert not see([], platform()).conflicts


def test_all_of_it_is_gone_after_what_was_said_is_done():
    settle(platform())
    for command in [_an_instance(), _an_interface(), _an_instance_profile()]:
        _run(command)
    assert settle([], platform())
    assert look(platform()) == []


def test_several_are_one_conflict_that_names_some():
    settle(platform())
    for _ in range(5):
        _an_interface()
    (conflict,) = see([], platform()).conflicts
    assert conflict.why.startswith("AWS would refuse to delete it because of network interface eni-")
    assert conflict.why.endswith("(mine) and 2 more")


def test_a_strangers_load_balancer_keeps_a_target_group_also_in_an_apply():
    settle([*zones(), group()])
    subnets = [s.outputs["id"] for s in look(zones()) if s.spec.kind == "subnet"]
    made = client("elbv2").create_load_balancer(Name="theirs", Subnets=subnets)
    theirs = made["LoadBalancers"][0]["LoadBalancerArn"]
    action = {"Type": "forward", "TargetGroupArn": id_of(group())}
    client("elbv2").create_listener(LoadBalancerArn=theirs, Port=80, Protocol="HTTP", DefaultActions=[action])
    (conflict,) = see(zones()).conflicts
    assert str(conflict.address) == f"target_group.{GROUP}"
    assert "load balancer theirs" in conflict.why


def test_a_strangers_load_balancer_keeps_the_subnets_that_it_is_in():
    settle(zones())
    subnets = [s.outputs["id"] for s in look(zones()) if s.spec.kind == "subnet"]
    client("elbv2").create_load_balancer(Name="theirs", Subnets=subnets)
    conflicts = see([], zones()).conflicts
    assert {str(c.address) for c in conflicts} == {str(s.address) for s in zones() if s.kind == "subnet"}
    assert all("load balancer theirs" in c.why for c in conflicts)


def test_ours_that_is_in_use_by_ours_is_in_nobodys_way():
    """Interfaces of our tasks and load balancer, and instances that ECS registered."""
    settle(platform())
    assert not see([], platform()).conflicts


def test_an_empty_plan_asks_for_none_of_it():
    settle(platform())
    with Counted() as calls:
        assert not see(platform()).changes
    asked: list[Any] = [calls[o] for o in ("DescribeNetworkInterfaces", "DescribeNetworkAcls", "ListInstances")]
    assert asked == [0, 0, 0]
