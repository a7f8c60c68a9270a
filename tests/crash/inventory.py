"""All that an account has, asked of AWS directly and not through the engine, with ids made comparable."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

Client = Callable[[str], Any]  # by the service's name

LISTS = (
    ("ec2", "describe_vpcs", "Vpcs"),
    ("ec2", "describe_subnets", "Subnets"),
    ("ec2", "describe_internet_gateways", "InternetGateways"),
    ("ec2", "describe_route_tables", "RouteTables"),
    ("ec2", "describe_security_groups", "SecurityGroups"),
    ("ecr", "describe_repositories", "repositories"),
    ("logs", "describe_log_groups", "logGroups"),
    ("elbv2", "describe_load_balancers", "LoadBalancers"),
    ("elbv2", "describe_target_groups", "TargetGroups"),
    ("servicediscovery", "list_namespaces", "Namespaces"),
    ("servicediscovery", "list_services", "Services"),
    ("cloudwatch", "list_dashboards", "DashboardEntries"),
)
IDS = re.compile(
    r"\b(?:vpc|subnet|igw|rtb|rtbassoc|sg|sgr|eni|eipalloc|acl|dopt)-[0-9a-f]{8,}\b"
    r"|\b(?:ns|srv)-[0-9a-z]{8,}\b|(?<=scalable-target/)\w+|(?<=scalingPolicy:)[0-9a-f-]+"
    r"|(?<=[/-])[0-9a-f]{16,32}\b|(?<=/)[0-9]{10,}\b|(?<=service-deployment/)[\w/-]+"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|(?<=task-definition/)[\w:-]+"
)
BALANCER = re.compile(r"(?<=\w)-\d+(?=\.us-east-1\.elb)")  # the number in its DNS name
OF_THE_MOMENT = re.compile(
    r"(?i)(created|updated|registered|deregistered|modified|creation|started|stopped|connectivity|lastevent|last)"
    r"\w*(at|time|date|on|by)?$|^(events|deployments|currentServiceRevisions|RequestId|State|Size|InstanceCount|"
    r"runningCount|pendingCount|statistics|CreateDate|revision|RoleLastUsed|IpAddress|AvailableIpAddressCount|"
    r"registeredContainerInstancesCount|runningTasksCount|pendingTasksCount|networkInterfaceId|CreatorRequestId|"
    r"HostedZoneId|RoleId|currentServiceDeployment)$"
)


def inventory(client: Client) -> Counter[str]:
    """How often each thing is there; equal for two accounts that differ in ids and times only."""
    return Counter(json.dumps(_comparable(item), sort_keys=True, default=str) for item in _items(client))


def compared(have: Counter[str], expected: Counter[str]) -> str:
    """Where the two differ, in few words; "" where they do not."""
    if have == expected:
        return ""
    more, less = _paths(have - expected), _paths(expected - have)
    if more == less:
        return (
            f"AWS has these in another number: {[text[:100] for text in (have - expected) + (expected - have)]}"
        )
    return f"AWS has {sorted(more - less)}, and should have {sorted(less - more)}"


def _paths(items: Counter[str]) -> set[str]:
    return {path for text in items for path in _leaves(json.loads(text), "")}


def _leaves(value: Any, path: str) -> Iterator[str]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from _leaves(child, f"{path}.{name}")
    if not isinstance(value, dict | list):
        yield f"{path}={value}"


def _items(client: Client) -> Iterator[Any]:
    default = _default_vpcs(client)
    for service, operation, path in LISTS:
        for item in client(service).get_paginator(operation).paginate().build_full_result()[path]:
            attached = {a.get("VpcId") for a in item.get("Attachments", ())}
            if not default & {item.get("VpcId"), *attached}:
                yield {operation: item}
    yield from _ecs(client("ecs"))
    yield from _scaling(client("application-autoscaling"))
    yield from _balancing(client("elbv2"))
    roles = client("iam").get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
    yield from ({"role": r} for r in roles if not r["Path"].startswith("/aws-service-role"))
    for repository in client("ecr").describe_repositories()["repositories"]:
        policy = client("ecr").get_lifecycle_policy(repositoryName=repository["repositoryName"])
        yield {"lifecycle": policy["lifecyclePolicyText"]}
    for entry in client("cloudwatch").list_dashboards()["DashboardEntries"]:
        body = client("cloudwatch").get_dashboard(DashboardName=entry["DashboardName"])["DashboardBody"]
        yield {"dashboard": body}


def _default_vpcs(client: Client) -> set[str | None]:
    found = client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return {vpc["VpcId"] for vpc in found}


def _balancing(elbv2: Any) -> Iterator[Any]:
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        for listener in elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            yield {"listener": listener}
            rules = elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            yield from ({"rule": rule} for rule in rules)


def _ecs(ecs: Any) -> Iterator[Any]:
    for cluster in ecs.list_clusters()["clusterArns"]:
        include = ["TAGS", "SETTINGS", "CONFIGURATIONS"]
        found = ecs.describe_clusters(clusters=[cluster], include=include)["clusters"]
        yield from ({"cluster": c} for c in found)
        if names := ecs.list_services(cluster=cluster)["serviceArns"]:
            found = ecs.describe_services(cluster=cluster, services=names, include=["TAGS"])["services"]
            yield from ({"service": {**s, "runs": _revision(ecs, s["taskDefinition"])}} for s in found)
    for family in ecs.list_task_definition_families(status="ACTIVE")["families"]:
        # How many revisions stand behind the newest is history: a stale read may have brought one more.
        found = ecs.describe_task_definition(taskDefinition=family, include=["TAGS"])
        yield {
            "task definition": {k: found["taskDefinition"][k] for k in ("family", "containerDefinitions")},
            "tags": found["tags"],
        }


def _revision(ecs: Any, arn: str) -> str:
    """Of which family, and whether it is the newest of it."""
    family = arn.rpartition("/")[2].partition(":")[0]
    newest = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]["taskDefinitionArn"]
    return f"{family}, {'the newest' if newest == arn else 'an older one'}"


def _scaling(scaling: Any) -> Iterator[Any]:
    for operation, path in (
        ("describe_scalable_targets", "ScalableTargets"),
        ("describe_scaling_policies", "ScalingPolicies"),
    ):
        yield from ({operation: item} for item in getattr(scaling, operation)(ServiceNamespace="ecs")[path])


def _comparable(value: Any) -> Any:
    """Without ids, times and what changes by itself; lists in an order of their own."""
    if isinstance(value, dict):
        return {k: _comparable(v) for k, v in value.items() if not OF_THE_MOMENT.search(k)}
    if isinstance(value, list):
        return sorted((_comparable(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True, default=str))
    return BALANCER.sub("", IDS.sub("·", value)) if isinstance(value, str) else value
