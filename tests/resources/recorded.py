"""Answers of AWS that were recorded through Cloud Control, turned into the shape in which the services answer.

An adapter takes the properties of a CloudFormation type, and returns the engine's specs of it by `from_aws`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reconciler.model import tags
from reconciler.model.spec import Spec
from reconciler.resources import (
    cloud_map_namespace,
    cloud_map_service,
    dashboard,
    ecr_repository,
    ecs_service,
    elastic_ip,
    iam_role,
    internet_gateway,
    listener,
    listener_rule,
    load_balancer,
    log_group,
    nat_gateway,
    route_table,
    security_group,
    security_group_rules,
    subnet,
    target_group,
    vpc,
    vpc_endpoint,
)
from reconciler.resources.ecs_cluster import parameters as ecs_cluster
from reconciler.resources.scalable_target import parameters as scalable_target
from reconciler.resources.task_definition import parameters as task_definition
from reconciler.resources.vpc import DNS_ATTRIBUTES

Raw = dict[str, Any]

NAME = "it"  # in the plan: the records have no tags of a stack
ACCOUNT = "123456789012"
ROUTE_MEMBERS = ("DestinationCidrBlock", "GatewayId", "NatGatewayId")
PLAIN_EMPTY = {
    "environment",
    "mountPoints",
    "volumesFrom",
    "portMappings",
    "systemControls",
}  # ECS itself tells
TRUST = {"Statement": []}


def camel(value: Any) -> Any:
    """Return the value with keys in ECS's, ECR's and CloudWatch Logs' spelling."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel(v) for key, v in value.items()}
    return [camel(v) for v in value] if isinstance(value, list) else value


def pairs(raw: Raw, key: str) -> dict[str, str]:
    """Return a list of attributes as a mapping."""
    return {attribute["Key"]: attribute["Value"] for attribute in raw.get(key, ())}


def a_vpc(raw: Raw) -> Spec:
    attributes = {v: raw[v[:1].upper() + v[1:]] for v in DNS_ATTRIBUTES.values()}
    return vpc.from_aws(NAME, raw, attributes)


def a_gateway(raw: Raw) -> Spec:
    attached = [{"VpcId": raw["VpcId"], "State": "available"}] if "VpcId" in raw else []
    return internet_gateway.from_aws(NAME, {**raw, "Attachments": attached})


def a_table(raw: Raw) -> Spec:
    """Return the table of which the record is a route, an association, or the table itself."""
    route = {k: raw[k] for k in ROUTE_MEMBERS if k in raw}
    associated = [{"SubnetId": raw["SubnetId"], "RouteTableAssociationId": "a"}] if "SubnetId" in raw else []
    table = {"VpcId": "vpc", "Tags": [], **raw, "Routes": [route] if route else [], "Associations": associated}
    return route_table.from_aws(NAME, table, {})


def permission(rule: Raw) -> Raw:
    """Return EC2's form of one rule of CloudFormation."""
    told = {"Description": rule["Description"]} if rule.get("Description") else {}
    group = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    prefix_list = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    owner = rule.get("SourceSecurityGroupOwnerId", ACCOUNT)
    peers = {
        "IpRanges": [{"CidrIp": rule["CidrIp"], **told}] if "CidrIp" in rule else [],
        "Ipv6Ranges": [{"CidrIpv6": rule["CidrIpv6"], **told}] if "CidrIpv6" in rule else [],
        "PrefixListIds": [{"PrefixListId": prefix_list, **told}] if prefix_list else [],
        "UserIdGroupPairs": [{"GroupId": group, "UserId": owner, **told}] if group else [],
    }
    return {k: rule[k] for k in ("IpProtocol", "FromPort", "ToPort") if k in rule} | peers


def rules(raw: Raw, ingress: list[Raw], egress: list[Raw]) -> Spec:
    answer = {"GroupId": "sg", "OwnerId": ACCOUNT, **raw}
    answer |= {"IpPermissions": [*map(permission, ingress)], "IpPermissionsEgress": [*map(permission, egress)]}
    return security_group_rules.from_aws(NAME, answer)


def a_group(raw: Raw) -> Iterator[Spec]:
    own = {**raw, "Description": raw["GroupDescription"]}
    yield security_group.from_aws(NAME, own, is_ours=True)
    yield rules(raw, raw.get("SecurityGroupIngress", []), raw.get("SecurityGroupEgress", []))


def a_nat_gateway(raw: Raw) -> Iterator[Spec]:
    """Yield a gateway that has a public address: a private one is none of the engine's."""
    addresses = [{"IsPrimary": True, **{k: raw[k] for k in ("AllocationId",) if k in raw}}]
    answer = {"State": "available", **raw, "NatGatewayAddresses": addresses}
    if nat_gateway.find_address(answer):
        yield nat_gateway.from_aws(NAME, answer)


def an_endpoint(raw: Raw) -> Spec:
    groups = [{"GroupId": group} for group in raw["SecurityGroupIds"]]
    policy = {"PolicyDocument": json.dumps(raw["PolicyDocument"])} if "PolicyDocument" in raw else {}
    return vpc_endpoint.from_aws(NAME, {"State": "available", **raw, **policy, "Groups": groups})


def a_balancer(raw: Raw) -> Spec:
    zones = [{"SubnetId": subnet_id} for subnet_id in raw.get("Subnets", ())]
    told = {
        "Type": "application",
        "VpcId": "vpc",
        "State": {"Code": "active"},
        **raw,
        "AvailabilityZones": zones,
    }
    return load_balancer.from_aws(NAME, tags.parse(raw.get("Tags")), told, pairs(raw, "LoadBalancerAttributes"))


def a_target_group(raw: Raw) -> Spec:
    attributes = pairs(raw, "TargetGroupAttributes")
    return target_group.from_aws(NAME, tags.parse(raw.get("Tags")), raw, attributes)


def a_listener(raw: Raw) -> Spec:
    told = {"Port": 0, "Protocol": "", **raw}  # that of a Gateway Load Balancer has neither
    return listener.from_aws(NAME, tags.parse(raw.get("Tags")), told)


def a_rule(raw: Raw) -> Spec:
    return listener_rule.from_aws(NAME, tags.parse(raw.get("Tags")), "arn:listener", raw)


def a_cluster(raw: Raw) -> Spec:
    answer = camel(raw) | {"settings": camel(raw.get("ClusterSettings", []))}
    answer.setdefault("clusterName", raw.get("Cluster"))
    return ecs_cluster.from_aws(answer, tags.parse(raw.get("Tags")))


def a_service(raw: Raw) -> Spec:
    cluster = raw["Cluster"].rpartition("/")[2]
    return ecs_service.from_aws(camel(raw) | {"clusterArn": f"arn:aws:ecs:us-east-1:1:cluster/{cluster}"})


def a_definition(raw: Raw) -> Spec:
    """Return the definition without the empty lists that Cloud Control adds to ECS's own."""
    answer = {k: v for k, v in camel(raw).items() if v not in ([], {}) and k != "tags"}
    answer["containerDefinitions"] = [
        {k: v for k, v in container.items() if v not in ([], {}) or k in PLAIN_EMPTY}
        for container in answer["containerDefinitions"]
    ]
    return task_definition.from_aws(answer)


def a_log_group(raw: Raw) -> Spec:
    return log_group.from_aws(camel(raw), tags.parse(raw.get("Tags")))


def a_role(raw: Raw) -> Spec:
    answer = {"AssumeRolePolicyDocument": TRUST, **raw}
    answer |= {"AttachedManagedPolicies": [{"PolicyArn": arn} for arn in raw.get("ManagedPolicyArns", ())]}
    answer |= {"RolePolicyList": raw.get("Policies", [])}
    if boundary := answer.pop("PermissionsBoundary", None):
        answer["PermissionsBoundary"] = {"PermissionsBoundaryArn": boundary}
    return iam_role.from_aws(answer, NAME)


def a_policy(raw: Raw) -> Spec:
    return a_role({"Policies": [{"PolicyName": "it", "PolicyDocument": raw["PolicyDocument"]}]})


def a_repository(raw: Raw) -> Spec:
    return ecr_repository.from_aws(camel(raw), tags.parse(raw.get("Tags")), None)


def a_namespace(raw: Raw) -> Spec:
    return cloud_map_namespace.from_aws(NAME, raw, tags.parse(raw.get("Tags")), "vpc")


def a_discovery(raw: Raw) -> Spec:
    return cloud_map_service.from_aws(raw, tags.parse(raw.get("Tags")), raw["NamespaceId"])


def a_target(raw: Raw) -> Spec:
    """Return the target as if it were a service's: those that were recorded are tables'."""
    resource = f"service/{raw.get('ResourceId', 'table/it').rpartition('table/')[0]}c/it"
    policies = [raw] if "PolicyName" in raw else []
    return scalable_target.from_aws(
        {"MinCapacity": 0, "MaxCapacity": 0, **raw, "ResourceId": resource}, policies
    )


def a_dashboard(raw: Raw) -> Spec:
    return dashboard.from_aws(NAME, raw["DashboardBody"])


ADAPTERS: Mapping[str, Callable[[Raw], Spec | Iterator[Spec]]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": a_target,
    "AWS::ApplicationAutoScaling::ScalingPolicy": a_target,
    "AWS::CloudWatch::Dashboard": a_dashboard,
    "AWS::EC2::EIP": lambda raw: elastic_ip.from_aws(NAME, raw),
    "AWS::EC2::InternetGateway": a_gateway,
    "AWS::EC2::NatGateway": a_nat_gateway,
    "AWS::EC2::Route": a_table,
    "AWS::EC2::RouteTable": a_table,
    "AWS::EC2::SecurityGroup": a_group,
    "AWS::EC2::SecurityGroupEgress": lambda raw: rules(raw, [], [raw]),
    "AWS::EC2::SecurityGroupIngress": lambda raw: rules(raw, [raw], []),
    "AWS::EC2::Subnet": lambda raw: subnet.from_aws(NAME, raw),
    "AWS::EC2::SubnetRouteTableAssociation": a_table,
    "AWS::EC2::VPC": a_vpc,
    "AWS::EC2::VPCEndpoint": an_endpoint,
    "AWS::EC2::VPCGatewayAttachment": a_gateway,
    "AWS::ECR::Repository": a_repository,
    "AWS::ECS::Cluster": a_cluster,
    "AWS::ECS::ClusterCapacityProviderAssociations": a_cluster,
    "AWS::ECS::Service": a_service,
    "AWS::ECS::TaskDefinition": a_definition,
    "AWS::ElasticLoadBalancingV2::Listener": a_listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": a_rule,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": a_balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": a_target_group,
    "AWS::IAM::ManagedPolicy": a_policy,
    "AWS::IAM::Policy": a_policy,
    "AWS::IAM::Role": a_role,
    "AWS::IAM::RolePolicy": a_policy,
    "AWS::Logs::LogGroup": a_log_group,
    "AWS::ServiceDiscovery::PrivateDnsNamespace": a_namespace,
    "AWS::ServiceDiscovery::Service": a_discovery,
}
