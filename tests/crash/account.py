"""Reading everything that an account holds, from AWS directly and not through the engine."""

import re
from collections.abc import Iterator
from typing import Any

from crash.ecs import list_ecs, list_scaling
from crash.names import list_names
from crash.pages import Client, Raw, Resource, read_pages
from crash.rules_and_queues import list_rules_and_queues
from reconciler.aws.parallel import batches

LIST_CALLS = (
    ("subnet", "ec2", "describe_subnets", "Subnets"),
    ("internet gateway", "ec2", "describe_internet_gateways", "InternetGateways"),
    (
        "egress-only gateway",
        "ec2",
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways",
    ),
    ("route table", "ec2", "describe_route_tables", "RouteTables"),
    ("security group", "ec2", "describe_security_groups", "SecurityGroups"),
    ("endpoint", "ec2", "describe_vpc_endpoints", "VpcEndpoints"),
    ("flow log", "ec2", "describe_flow_logs", "FlowLogs"),
    ("alarm", "cloudwatch", "describe_alarms", "MetricAlarms"),
)
VPC_ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames")
# Fields of a network interface that depend on where its task is placed.
PLACEMENT_FIELDS = re.compile(r"AvailabilityZone|SubnetId|Attachment|Association|MacAddress|Private")
MAX_TAGGED = 20  # in one DescribeTags of load balancing


def list_resources(client: Client) -> Iterator[Resource]:
    for kind, service, operation, path in LIST_CALLS:
        yield from ((kind, item) for item in read_pages(client(service), operation, path))
    for list_part in LIST_PARTS:
        yield from list_part(client)


def _list_network(client: Client) -> Iterator[Resource]:
    ec2 = client("ec2")
    for vpc in read_pages(ec2, "describe_vpcs", "Vpcs"):
        answers = {
            name: ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=name) for name in VPC_ATTRIBUTES
        }
        yield (
            "vpc",
            {**vpc, "attributes": {name: _get_attribute(answer, name) for name, answer in answers.items()}},
        )
    for interface in read_pages(ec2, "describe_network_interfaces", "NetworkInterfaces"):
        yield "network interface", {k: v for k, v in interface.items() if not PLACEMENT_FIELDS.search(k)}


def _list_nat(client: Client) -> Iterator[Resource]:
    """List addresses and the gateways that serve: AWS shows those that are gone for an hour."""
    yield from (("address", address) for address in client("ec2").describe_addresses()["Addresses"])
    for gateway in read_pages(client("ec2"), "describe_nat_gateways", "NatGateways"):
        if gateway["State"] in ("pending", "available"):
            yield "NAT gateway", gateway


def _get_attribute(answer: Raw, name: str) -> Any:
    return answer[name[0].upper() + name[1:]]["Value"]


def _list_load_balancing(client: Client) -> Iterator[Resource]:
    elbv2, found = client("elbv2"), list[tuple[str, str, Raw]]()
    for group in read_pages(elbv2, "describe_target_groups", "TargetGroups"):
        arn = group["TargetGroupArn"]
        attributes = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        found.append(("target group", arn, {**group, "attributes": attributes}))
    for balancer in read_pages(elbv2, "describe_load_balancers", "LoadBalancers"):
        arn = balancer["LoadBalancerArn"]
        attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        found.append(("load balancer", arn, {**balancer, "attributes": attributes}))
        for listener in read_pages(elbv2, "describe_listeners", "Listeners", LoadBalancerArn=arn):
            listener_arn = listener["ListenerArn"]
            found.append(("listener", listener_arn, listener))
            rules = read_pages(elbv2, "describe_rules", "Rules", ListenerArn=listener_arn)
            found += [("rule", rule["RuleArn"], {**rule, "port": listener["Port"]}) for rule in rules]
    tags = _read_balancing_tags(elbv2, [arn for _, arn, raw in found if not raw.get("IsDefault")])
    yield from ((kind, {**raw, "tags": tags.get(arn)}) for kind, arn, raw in found)


def _read_balancing_tags(elbv2: Any, arns: list[str]) -> dict[str, Any]:
    answers = [
        d
        for part in batches(arns, MAX_TAGGED)
        for d in elbv2.describe_tags(ResourceArns=part)["TagDescriptions"]
    ]
    return {described["ResourceArn"]: described["Tags"] for described in answers}


def _list_discovery(client: Client) -> Iterator[Resource]:
    api = client("servicediscovery")
    for namespace in read_pages(api, "list_namespaces", "Namespaces"):
        yield "namespace", _with_tags(api, namespace)
    for service in read_pages(api, "list_services", "Services"):
        whole = api.get_service(Id=service["Id"])["Service"]
        yield "discovery service", _with_tags(api, whole)


def _with_tags(api: Any, raw: Raw) -> Raw:
    return {**raw, "tags": api.list_tags_for_resource(ResourceARN=raw["Arn"])["Tags"]}


def _list_roles(client: Client) -> Iterator[Resource]:
    pages = client("iam").get_paginator("get_account_authorization_details")
    asked = pages.paginate(Filter=["Role", "LocalManagedPolicy"]).build_full_result()
    yield from (("role", r) for r in asked["RoleDetailList"] if not r["Path"].startswith("/aws-service-role"))
    yield from (("policy", policy) for policy in asked["Policies"])


def _list_stores(client: Client) -> Iterator[Resource]:
    """List log groups and repositories, with tags and lifecycle policies."""
    logs, ecr = client("logs"), client("ecr")
    for group in read_pages(logs, "describe_log_groups", "logGroups"):
        tags = logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"]
        yield "log group", {**group, "tags": tags}
    for repository in read_pages(ecr, "describe_repositories", "repositories"):
        tags = ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        yield "repository", {**repository, "tags": tags, "lifecycle": _find_lifecycle(ecr, repository)}


def _find_lifecycle(ecr: Any, repository: Raw) -> str | None:
    """Return the rules of a repository; one of others may have none."""
    try:
        return str(ecr.get_lifecycle_policy(repositoryName=repository["repositoryName"])["lifecyclePolicyText"])
    except ecr.exceptions.LifecyclePolicyNotFoundException:
        return None


def _list_dashboards(client: Client) -> Iterator[Resource]:
    cloudwatch = client("cloudwatch")
    for entry in read_pages(cloudwatch, "list_dashboards", "DashboardEntries"):
        body = cloudwatch.get_dashboard(DashboardName=entry["DashboardName"])["DashboardBody"]
        yield "dashboard", {**entry, "body": body}


def _list_schedules(client: Client) -> Iterator[Resource]:
    """List groups of schedules with their schedules."""
    scheduler = client("scheduler")
    for group in read_pages(scheduler, "list_schedule_groups", "ScheduleGroups"):
        tags = scheduler.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
        yield "schedule group", {**group, "tags": tags}
        for found in read_pages(scheduler, "list_schedules", "Schedules", GroupName=group["Name"]):
            told = scheduler.get_schedule(GroupName=group["Name"], Name=found["Name"])
            yield "schedule", {k: v for k, v in told.items() if k != "ResponseMetadata"}


LIST_PARTS = (
    list_names,
    _list_schedules,
    _list_network,
    _list_nat,
    _list_load_balancing,
    list_ecs,
    list_scaling,
    _list_discovery,
    _list_roles,
    _list_stores,
    _list_dashboards,
    list_rules_and_queues,
)
