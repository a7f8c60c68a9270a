"""What may hold something that is to be deleted: the questions that find it out."""

from typing import Any

from reconciler.model.references import Ref
from reconciler.model.steps import Look

Id = str | Ref
INTERFACE = "NetworkInterfaceId, Description, RequesterManaged && RequesterId || OwnerId, Status"


def _filtered(by: str, own_id: Id) -> dict[str, Any]:
    return {"Filters": [{"Name": by, "Values": [own_id]}]}


def interfaces(by: str, own_id: Id) -> Look:
    """Network interfaces: of a `group-id`, a `subnet-id`, a `vpc-id`."""
    return Look(
        "ec2", "describe_network_interfaces", _filtered(by, own_id), f"NetworkInterfaces[].[{INTERFACE}]"
    )


def public_addresses(vpc: Id) -> Look:
    """Network interfaces with a public address."""
    path = f"NetworkInterfaces[?Association.PublicIp].[{INTERFACE}, Association.PublicIp]"
    return Look("ec2", "describe_network_interfaces", _filtered("vpc-id", vpc), path)


def rules_naming(group: str) -> tuple[Look, ...]:
    """Other groups whose rules refer to it: no waiting cures that."""
    path = f"SecurityGroups[?GroupId!='{group}'].[GroupId, GroupName]"
    return tuple(
        Look("ec2", "describe_security_groups", _filtered(by, group), path, "a rule of group", lasting=True)
        for by in ("ip-permission.group-id", "egress.ip-permission.group-id")
    )


def within(vpc: str) -> tuple[Look, ...]:
    """What is in a VPC, but what AWS made with it."""
    of = _filtered("vpc-id", vpc)
    groups = "SecurityGroups[?GroupName!='default'].[GroupId, GroupName]"
    return (
        interfaces("vpc-id", vpc),
        Look("ec2", "describe_subnets", of, "Subnets[].[SubnetId, CidrBlock]", "subnet"),
        Look("ec2", "describe_security_groups", of, groups, "group"),
        Look(
            "ec2",
            "describe_vpc_endpoints",
            of,
            "VpcEndpoints[].[VpcEndpointId, ServiceName, State]",
            "endpoint",
        ),
    )


def rules_to(target_group: str) -> Look:
    """Rules, default ones of their listeners among them, that send to a target group."""
    which = {"TargetGroupArns": [target_group]}
    balancers = Look("elbv2", "describe_target_groups", which, "TargetGroups[].LoadBalancerArns[]")
    listeners = Look(
        "elbv2", "describe_listeners", {}, "Listeners[].ListenerArn", "", balancers, "LoadBalancerArn"
    )
    to = f"TargetGroupArn=='{target_group}'"  # a weighted forward names its groups within only
    sends = f"Actions[?{to} || ForwardConfig.TargetGroups[?{to}]]"
    path = f"Rules[?{sends}].[after(RuleArn, '/app/'), Priority]"
    return Look("elbv2", "describe_rules", {}, path, "rule", listeners, "ListenerArn")


def instances(service: str) -> Look:
    """Instances of a Cloud Map service."""
    path = "Instances[].[Id, Attributes.AWS_INSTANCE_IPV4]"
    return Look("servicediscovery", "list_instances", {"ServiceId": service}, path, "instance")


def services_of(namespace: str) -> Look:
    """Cloud Map services of a namespace."""
    which = {"Filters": [{"Name": "NAMESPACE_ID", "Values": [namespace]}]}
    return Look("servicediscovery", "list_services", which, "Services[].[Name, Id]", "service")


def stopping_tasks(cluster: Id, service: str | None = None) -> Look:
    """Tasks of a cluster, or of a service in it, that are to stop and have not."""
    which = {"cluster": cluster, "desiredStatus": "STOPPED"} | ({"serviceName": service} if service else {})
    tasks = Look("ecs", "list_tasks", which, "taskArns")
    path = "tasks[?lastStatus!='STOPPED'].[after(taskArn, ':task/'), lastStatus, stoppingAt]"
    return Look("ecs", "describe_tasks", {"cluster": cluster}, path, "task", tasks, "tasks[]")


def running_in(cluster: str) -> tuple[Look, ...]:
    """Services and tasks of a cluster."""
    which = {"cluster": cluster}
    return (
        Look("ecs", "list_services", which, "serviceArns[].after(@, ':service/')", "service"),
        Look("ecs", "list_tasks", which, "taskArns[].after(@, ':task/')", "task"),
        stopping_tasks(cluster),
    )
