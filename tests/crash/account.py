"""All that an account has, asked of AWS directly and not through the engine."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import batches

Client = Callable[[str], Any]  # by the service's name
Raw = Mapping[str, Any]
Thing = tuple[str, Raw]  # what it is, and what AWS says of it

LISTS = (
    ("subnet", "ec2", "describe_subnets", "Subnets"),
    ("internet gateway", "ec2", "describe_internet_gateways", "InternetGateways"),
    ("route table", "ec2", "describe_route_tables", "RouteTables"),
    ("security group", "ec2", "describe_security_groups", "SecurityGroups"),
    ("alarm", "cloudwatch", "describe_alarms", "MetricAlarms"),
)
ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames")  # of VPCs
OF_CLUSTERS = ["TAGS", "SETTINGS", "CONFIGURATIONS"]
CHANCE = re.compile(
    r"AvailabilityZone|SubnetId|Attachment|Association|MacAddress|Private"
)  # where a task is placed
SERVICES, TAGGED = 10, 20  # of which one answer tells: services of ECS, tags of load balancers and their parts


def things(client: Client) -> Iterator[Thing]:
    for kind, service, operation, path in LISTS:
        yield from ((kind, item) for item in _all(client(service), operation, path))
    for part in (_network, _balancing, _ecs, _scaling, _discovery, _roles, _kept, _dashboards):
        yield from part(client)


def revisions(client: Client) -> dict[str, int]:
    """How many each family of task definitions has had."""
    families = client("ecs").list_task_definition_families(status="ACTIVE")["families"]
    return {family: newest(client("ecs"), family)["taskDefinition"]["revision"] for family in families}


def newest(ecs: Any, family: str) -> Any:
    return ecs.describe_task_definition(taskDefinition=family, include=["TAGS"])


def _all(api: Any, operation: str, path: str, **params: Any) -> Any:
    return api.get_paginator(operation).paginate(**params).build_full_result()[path]


def _network(client: Client) -> Iterator[Thing]:
    ec2 = client("ec2")
    for vpc in _all(ec2, "describe_vpcs", "Vpcs"):
        told = {name: ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=name) for name in ATTRIBUTES}
        yield "vpc", {**vpc, "attributes": {name: _value(answer, name) for name, answer in told.items()}}
    for interface in _all(ec2, "describe_network_interfaces", "NetworkInterfaces"):
        yield "network interface", {k: v for k, v in interface.items() if not CHANCE.search(k)}


def _value(answer: Raw, name: str) -> Any:
    return answer[name[0].upper() + name[1:]]["Value"]


def _balancing(client: Client) -> Iterator[Thing]:
    elbv2, found = client("elbv2"), list[tuple[str, str, Raw]]()
    for group in _all(elbv2, "describe_target_groups", "TargetGroups"):
        arn = group["TargetGroupArn"]
        attributes = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        found.append(("target group", arn, {**group, "attributes": attributes}))
    for balancer in _all(elbv2, "describe_load_balancers", "LoadBalancers"):
        arn = balancer["LoadBalancerArn"]
        attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        found.append(("load balancer", arn, {**balancer, "attributes": attributes}))
        for listener in _all(elbv2, "describe_listeners", "Listeners", LoadBalancerArn=arn):
            of_it = listener["ListenerArn"]
            found.append(("listener", of_it, listener))
            rules = _all(elbv2, "describe_rules", "Rules", ListenerArn=of_it)
            found += [("rule", rule["RuleArn"], {**rule, "port": listener["Port"]}) for rule in rules]
    tags = _balancing_tags(elbv2, [arn for _, arn, raw in found if not raw.get("IsDefault")])
    yield from ((kind, {**raw, "tags": tags.get(arn)}) for kind, arn, raw in found)


def _balancing_tags(elbv2: Any, arns: list[str]) -> dict[str, Any]:
    told = [
        d for part in batches(arns, TAGGED) for d in elbv2.describe_tags(ResourceArns=part)["TagDescriptions"]
    ]
    return {described["ResourceArn"]: described["Tags"] for described in told}


def _ecs(client: Client) -> Iterator[Thing]:
    ecs, latest = client("ecs"), set[str]()
    for family in _all(ecs, "list_task_definition_families", "families", status="ACTIVE"):
        # How many revisions stand behind the newest is history: a stale read may have brought one more.
        found = newest(ecs, family)
        latest.add(found["taskDefinition"]["taskDefinitionArn"])
        yield "task definition", {**found["taskDefinition"], "tags": found["tags"]}
    for cluster in _all(ecs, "list_clusters", "clusterArns"):
        described = ecs.describe_clusters(clusters=[cluster], include=OF_CLUSTERS)["clusters"]
        yield from (("cluster", raw) for raw in described)
        for names in batches(_all(ecs, "list_services", "serviceArns", cluster=cluster), SERVICES):
            told = ecs.describe_services(cluster=cluster, services=names, include=["TAGS"])["services"]
            yield from (("service", {**s, "runs the newest": s["taskDefinition"] in latest}) for s in told)


def _scaling(client: Client) -> Iterator[Thing]:
    scaling = client("application-autoscaling")
    for target in _all(scaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"):
        tags = scaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"]
        yield "scalable target", {**target, "tags": tags}
    for policy in _all(scaling, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="ecs"):
        yield "scaling policy", policy


def _discovery(client: Client) -> Iterator[Thing]:
    api = client("servicediscovery")
    for namespace in _all(api, "list_namespaces", "Namespaces"):
        yield "namespace", _discovered(api, namespace)
    for service in _all(api, "list_services", "Services"):
        whole = api.get_service(Id=service["Id"])["Service"]
        yield "discovery service", _discovered(api, whole)


def _discovered(api: Any, raw: Raw) -> Raw:
    return {**raw, "tags": api.list_tags_for_resource(ResourceARN=raw["Arn"])["Tags"]}


def _roles(client: Client) -> Iterator[Thing]:
    pages = client("iam").get_paginator("get_account_authorization_details")
    asked = pages.paginate(Filter=["Role", "LocalManagedPolicy"]).build_full_result()
    yield from (("role", r) for r in asked["RoleDetailList"] if not r["Path"].startswith("/aws-service-role"))
    yield from (("policy", policy) for policy in asked["Policies"])


def _kept(client: Client) -> Iterator[Thing]:
    """Log groups and repositories, which keep what is written into them."""
    logs, ecr = client("logs"), client("ecr")
    for group in _all(logs, "describe_log_groups", "logGroups"):
        tags = logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"]
        yield "log group", {**group, "tags": tags}
    for repository in _all(ecr, "describe_repositories", "repositories"):
        tags = ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        rules = ecr.get_lifecycle_policy(repositoryName=repository["repositoryName"])["lifecyclePolicyText"]
        yield "repository", {**repository, "tags": tags, "lifecycle": rules}


def _dashboards(client: Client) -> Iterator[Thing]:
    cloudwatch = client("cloudwatch")
    for entry in _all(cloudwatch, "list_dashboards", "DashboardEntries"):
        body = cloudwatch.get_dashboard(DashboardName=entry["DashboardName"])["DashboardBody"]
        yield "dashboard", {**entry, "body": body}
