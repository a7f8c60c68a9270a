"""Queries for the resources that block a delete: they use the resource to delete, or are in it."""

from typing import Any

from reconciler.model.references import Ref
from reconciler.model.steps import BlockerQuery

Id = str | Ref
INTERFACE_COLUMNS = "NetworkInterfaceId, Description, RequesterManaged && RequesterId || OwnerId, Status"


def _filter_by(name: str, value: Id) -> dict[str, Any]:
    return {"Filters": [{"Name": name, "Values": [value]}]}


def interfaces(filter_name: str, own_id: Id) -> BlockerQuery:
    """Ask for network interfaces by `group-id`, `subnet-id` or `vpc-id`."""
    path = f"NetworkInterfaces[].[{INTERFACE_COLUMNS}]"
    return BlockerQuery("ec2", "describe_network_interfaces", _filter_by(filter_name, own_id), path)


def public_addresses(vpc: Id) -> BlockerQuery:
    """Ask for the network interfaces of a VPC that have a public address."""
    path = f"NetworkInterfaces[?Association.PublicIp].[{INTERFACE_COLUMNS}, Association.PublicIp]"
    return BlockerQuery("ec2", "describe_network_interfaces", _filter_by("vpc-id", vpc), path)


def rules_naming_group(group: str) -> tuple[BlockerQuery, ...]:
    """Ask for the other security groups whose rules refer to this one. A person has to change these rules."""
    path = f"SecurityGroups[?GroupId!='{group}'].[GroupId, GroupName]"
    return tuple(
        BlockerQuery(
            "ec2",
            "describe_security_groups",
            _filter_by(filter_name, group),
            path,
            "a rule of group",
            needs_person=True,
        )
        for filter_name in ("ip-permission.group-id", "egress.ip-permission.group-id")
    )


def contents_of_vpc(vpc: str) -> tuple[BlockerQuery, ...]:
    """Ask for the resources in a VPC, without those that AWS created with it."""
    in_vpc = _filter_by("vpc-id", vpc)
    subnets = "Subnets[].[SubnetId, CidrBlock]"
    groups = "SecurityGroups[?GroupName!='default'].[GroupId, GroupName]"
    endpoints = "VpcEndpoints[].[VpcEndpointId, ServiceName, State]"
    return (
        interfaces("vpc-id", vpc),
        BlockerQuery("ec2", "describe_subnets", in_vpc, subnets, "subnet"),
        BlockerQuery("ec2", "describe_security_groups", in_vpc, groups, "group"),
        BlockerQuery("ec2", "describe_vpc_endpoints", in_vpc, endpoints, "endpoint"),
    )


def rules_forwarding_to(target_group: str) -> BlockerQuery:
    """Ask for the rules that forward to a target group, the default rules of listeners included."""
    params = {"TargetGroupArns": [target_group]}
    balancers = BlockerQuery("elbv2", "describe_target_groups", params, "TargetGroups[].LoadBalancerArns[]")
    listeners = BlockerQuery(
        "elbv2", "describe_listeners", {}, "Listeners[].ListenerArn", "", balancers, "LoadBalancerArn"
    )
    is_it = f"TargetGroupArn=='{target_group}'"  # a weighted forward names its groups in ForwardConfig only
    forwards = f"Actions[?{is_it} || ForwardConfig.TargetGroups[?{is_it}]]"
    path = f"Rules[?{forwards}].[after(RuleArn, '/app/') || after(RuleArn, '/net/'), Priority]"
    return BlockerQuery("elbv2", "describe_rules", {}, path, "rule", listeners, "ListenerArn")


def instances(service: str) -> BlockerQuery:
    """Ask for the instances of a Cloud Map service."""
    path = "Instances[].[Id, Attributes.AWS_INSTANCE_IPV4]"
    return BlockerQuery("servicediscovery", "list_instances", {"ServiceId": service}, path, "instance")


def services_of(namespace: str) -> BlockerQuery:
    """Ask for the Cloud Map services of a namespace."""
    params = {"Filters": [{"Name": "NAMESPACE_ID", "Values": [namespace]}]}
    return BlockerQuery("servicediscovery", "list_services", params, "Services[].[Name, Id]", "service")


def stopping_tasks(cluster: Id, service: str | None = None) -> BlockerQuery:
    """Ask for the tasks of a cluster, or of a service in it, that are stopping."""
    params = {"cluster": cluster, "desiredStatus": "STOPPED"} | ({"serviceName": service} if service else {})
    tasks = BlockerQuery("ecs", "list_tasks", params, "taskArns")
    path = "tasks[?lastStatus!='STOPPED'].[after(taskArn, ':task/'), lastStatus, stoppingAt]"
    return BlockerQuery("ecs", "describe_tasks", {"cluster": cluster}, path, "task", tasks, "tasks[]")


def running_in(cluster: str) -> tuple[BlockerQuery, ...]:
    """Ask for the services and the tasks of a cluster."""
    params = {"cluster": cluster}
    return (
        BlockerQuery("ecs", "list_services", params, "serviceArns[].after(@, ':service/')", "service"),
        BlockerQuery("ecs", "list_tasks", params, "taskArns[].after(@, ':task/')", "task"),
        stopping_tasks(cluster),
    )
