"""What may hold something that is to be deleted: the questions that find it out."""

from typing import Any

from reconciler.model.references import Ref
from reconciler.model.steps import BlockerQuery

Id = str | Ref
INTERFACE = "NetworkInterfaceId, Description, RequesterManaged && RequesterId || OwnerId, Status"


def _filtered(by: str, own_id: Id) -> dict[str, Any]:
    return {"Filters": [{"Name": by, "Values": [own_id]}]}


def interfaces(by: str, own_id: Id) -> BlockerQuery:
    """Network interfaces: of a `group-id`, a `subnet-id`, a `vpc-id`."""
    return BlockerQuery(
        "ec2", "describe_network_interfaces", _filtered(by, own_id), f"NetworkInterfaces[].[{INTERFACE}]"
    )


def public_addresses(vpc: Id) -> BlockerQuery:
    """Network interfaces with a public address."""
    path = f"NetworkInterfaces[?Association.PublicIp].[{INTERFACE}, Association.PublicIp]"
    return BlockerQuery("ec2", "describe_network_interfaces", _filtered("vpc-id", vpc), path)


def rules_naming(group: str) -> tuple[BlockerQuery, ...]:
    """Other groups whose rules refer to it: no waiting cures that."""
    path = f"SecurityGroups[?GroupId!='{group}'].[GroupId, GroupName]"
    return tuple(
        BlockerQuery(
            "ec2", "describe_security_groups", _filtered(by, group), path, "a rule of group", needs_person=True
        )
        for by in ("ip-permission.group-id", "egress.ip-permission.group-id")
    )


def within(vpc: str) -> tuple[BlockerQuery, ...]:
    """What is in a VPC, but what AWS made with it."""
    of = _filtered("vpc-id", vpc)
    groups = "SecurityGroups[?GroupName!='default'].[GroupId, GroupName]"
    return (
        interfaces("vpc-id", vpc),
        BlockerQuery("ec2", "describe_subnets", of, "Subnets[].[SubnetId, CidrBlock]", "subnet"),
        BlockerQuery("ec2", "describe_security_groups", of, groups, "group"),
        BlockerQuery(
            "ec2",
            "describe_vpc_endpoints",
            of,
            "VpcEndpoints[].[VpcEndpointId, ServiceName, State]",
            "endpoint",
        ),
    )


def rules_to(target_group: str) -> BlockerQuery:
    """Rules, default ones of their listeners among them, that send to a target group."""
    which = {"TargetGroupArns": [target_group]}
    balancers = BlockerQuery("elbv2", "describe_target_groups", which, "TargetGroups[].LoadBalancerArns[]")
    listeners = BlockerQuery(
        "elbv2", "describe_listeners", {}, "Listeners[].ListenerArn", "", balancers, "LoadBalancerArn"
    )
    to = f"TargetGroupArn=='{target_group}'"  # a weighted forward names its groups within only
    sends = f"Actions[?{to} || ForwardConfig.TargetGroups[?{to}]]"
    path = f"Rules[?{sends}].[after(RuleArn, '/app/'), Priority]"
    return BlockerQuery("elbv2", "describe_rules", {}, path, "rule", listeners, "ListenerArn")


def instances(service: str) -> BlockerQuery:
    """Instances of a Cloud Map service."""
    path = "Instances[].[Id, Attributes.AWS_INSTANCE_IPV4]"
    return BlockerQuery("servicediscovery", "list_instances", {"ServiceId": service}, path, "instance")


def services_of(namespace: str) -> BlockerQuery:
    """Cloud Map services of a namespace."""
    which = {"Filters": [{"Name": "NAMESPACE_ID", "Values": [namespace]}]}
    return BlockerQuery("servicediscovery", "list_services", which, "Services[].[Name, Id]", "service")


def stopping_tasks(cluster: Id, service: str | None = None) -> BlockerQuery:
    """Tasks of a cluster, or of a service in it, that are to stop and have not."""
    which = {"cluster": cluster, "desiredStatus": "STOPPED"} | ({"serviceName": service} if service else {})
    tasks = BlockerQuery("ecs", "list_tasks", which, "taskArns")
    path = "tasks[?lastStatus!='STOPPED'].[after(taskArn, ':task/'), lastStatus, stoppingAt]"
    return BlockerQuery("ecs", "describe_tasks", {"cluster": cluster}, path, "task", tasks, "tasks[]")


def running_in(cluster: str) -> tuple[BlockerQuery, ...]:
    """Services and tasks of a cluster."""
    which = {"cluster": cluster}
    return (
        BlockerQuery("ecs", "list_services", which, "serviceArns[].after(@, ':service/')", "service"),
        BlockerQuery("ecs", "list_tasks", which, "taskArns[].after(@, ':task/')", "task"),
        stopping_tasks(cluster),
    )
