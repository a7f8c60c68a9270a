"""Refused calls of ELBv2."""

from typing import Any

from issued import make_certificate
from makers import NOT_FOUND, client_of, forward, make_alb, make_network

from refusals.balancing import (
    CERTIFICATE,
    CONDITIONS,
    GROUP,
    LB,
    LISTENER,
    MANY,
    RULE,
    STORE,
    TAG,
    TWICE,
    Params,
    Stage,
    absent,
    attribute,
    certificates,
    pending,
    redirect,
)
from refusals.probe import Probe

READS = (
    "DescribeAccountLimits DescribeListenerAttributes DescribeListenerCertificates DescribeListeners "
    "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeSSLPolicies DescribeTags "
    "DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth"
)
WRITES = (
    "AddListenerCertificates AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup "
    "DeleteListener DeleteLoadBalancer DeleteRule DeleteTargetGroup DeregisterTargets ModifyListener "
    "ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup "
    "ModifyTargetGroupAttributes RegisterTargets RemoveListenerCertificates RemoveTags SetIpAddressType "
    "SetRulePriorities SetSecurityGroups SetSubnets"
)
OPERATIONS = (*READS.split(), *WRITES.split())


def named(name: str, **other: Any) -> Params:
    stage = Stage()
    return stage.new_balancer(**{"Name": "alb", **other}) if name == "balancer" else stage.new_group(**other)


def fifty_balancers() -> Params:
    stage = Stage()
    for number in range(49):
        make_alb(stage.elb, stage.network, f"alb-{number}")
    return stage.new_balancer()


def fifty_listeners() -> Params:
    stage = Stage()
    for port in range(1, 51):
        stage.listener(port=port)
    return stage.new_listener(Port=100)


def hundred_rules() -> Params:
    stage = Stage()
    listener = stage.listener()
    for priority in range(1, 101):
        stage.elb.create_rule(ListenerArn=listener, Priority=priority, Conditions=CONDITIONS, Actions=NOT_FOUND)
    return stage.new_rule(Priority=101)


def thousand_targets() -> Params:
    targets = [{"Id": "10.0.0.9", "Port": port} for port in range(1, 1002)]
    return {"TargetGroupArn": Stage().group(), "Targets": targets}


def full_certificates() -> Params:
    """Return the parameters of a 26th certificate, beside the default one."""
    stage = Stage()
    listener = stage.secure()
    arns = [_imported() for _ in range(26)]
    for arn in arns[:25]:
        stage.elb.add_listener_certificates(ListenerArn=listener, Certificates=certificates(arn))
    return {"ListenerArn": listener, "Certificates": certificates(arns[25])}


def _imported() -> str:
    made = client_of("acm").import_certificate(**make_certificate("shop.example"))
    return str(made["CertificateArn"])


def many_groups() -> list[Any]:
    """Return a forward to six groups."""
    groups = [{"TargetGroupArn": GROUP[:-1] + str(number)} for number in range(6)]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def unique_groups(*, modifies: bool = False, rule: bool = False) -> Params:
    """Return the parameters that would add the 101st target group to a load balancer."""
    stage = Stage()
    groups = [stage.group(f"g{number}") for number in range(101)]
    listener = stage.listener()
    for start in range(0, 100, 5):
        config = {"TargetGroups": [{"TargetGroupArn": arn} for arn in groups[start : start + 5]]}
        actions = [{"Type": "forward", "ForwardConfig": config}]
        stage.elb.create_rule(ListenerArn=listener, Priority=start + 1, Conditions=CONDITIONS, Actions=actions)
    one_more = forward(groups[100])
    if rule and modifies:
        made = stage.elb.create_rule(
            ListenerArn=listener, Priority=900, Conditions=CONDITIONS, Actions=NOT_FOUND
        )
        return {"RuleArn": made["Rules"][0]["RuleArn"], "Actions": one_more}
    if rule:
        return {"ListenerArn": listener, "Priority": 900, "Conditions": CONDITIONS, "Actions": one_more}
    if modifies:
        return {"ListenerArn": listener, "DefaultActions": one_more}
    return stage.new_listener(DefaultActions=one_more)


def default_certificate() -> Params:
    stage = Stage()
    listener = stage.secure()
    (found,) = stage.elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    return {"ListenerArn": listener, "Certificates": certificates(found["CertificateArn"])}


def protected() -> Params:
    stage = Stage()
    stage.elb.modify_load_balancer_attributes(
        LoadBalancerArn=stage.alb, Attributes=attribute("deletion_protection.enabled", "true")
    )
    return {"LoadBalancerArn": stage.alb}


def two_listeners() -> Params:
    stage = Stage()
    stage.listener(port=81)
    return {"ListenerArn": stage.listener(), "Port": 81}


def used_group() -> Params:
    stage = Stage()
    group = stage.group()
    stage.listener(forward(group))
    return {"TargetGroupArn": group}


def used_priority() -> Params:
    stage = Stage()
    rule = stage.rule(1)
    stage.rule(2)
    return {"RulePriorities": [{"RuleArn": rule, "Priority": 2}]}


def foreign_group() -> list[str]:
    return [make_network(client_of("ec2"), "10.9").group]


def small_subnets() -> Params:
    """Return a place for a load balancer in subnets of eleven addresses, four of which are taken."""
    ec2 = client_of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/24")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.5.0.{16 * n}/28", AvailabilityZone=f"us-east-1{zone}")
        for n, zone in enumerate("ab")
    ]
    ids = [made["Subnet"]["SubnetId"] for made in subnets]
    for _ in range(4):
        ec2.create_network_interface(SubnetId=ids[0])
    return {"Name": "new", "Subnets": ids, "Scheme": "internal"}


def full_subnets() -> Params:
    """Return the same as new subnets of a load balancer that is elsewhere in the VPC."""
    small = small_subnets()
    ec2 = client_of("ec2")
    vpc = ec2.describe_subnets(SubnetIds=small["Subnets"])["Subnets"][0]["VpcId"]
    roomy = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.5.0.{64 * n}/26", AvailabilityZone=f"us-east-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for n, zone in enumerate("ab", 1)
    ]
    made = client_of("elbv2").create_load_balancer(Name="roomy", Subnets=roomy, Scheme="internal")
    return {
        "LoadBalancerArn": made["LoadBalancers"][0]["LoadBalancerArn"],
        "Subnets": [small["Subnets"][0], roomy[1]],
    }


def by_address() -> Params:
    """Return a place for a network load balancer with an address that is not there."""
    mapping = {"SubnetId": make_network(client_of("ec2"), "10.9").subnets[0], "AllocationId": "eipalloc-0"}
    return {"Type": "network", "Subnets": [], "SubnetMappings": [mapping]}


def verify() -> Params:
    return {"Mode": "verify", "TrustStoreArn": STORE}


def _changed(*, secure: bool = False, **fields: Any) -> Params:
    stage = Stage()
    return {"ListenerArn": stage.secure() if secure else stage.listener(), **fields}


def _same_port() -> Params:
    stage = Stage()
    stage.listener(port=81)
    return stage.new_listener(DefaultActions=redirect(Protocol="HTTPS", Port="443"))


def _same_priority() -> Params:
    stage = Stage()
    stage.rule(2)
    return stage.new_rule()


def _same_name() -> Params:
    stage = Stage()
    stage.group("new")
    return stage.new_group(Port=81)


def _forwarded(stage: Stage, group: str, where: str) -> Params:
    match where:
        case "listener":
            return stage.new_listener(DefaultActions=forward(group))
        case "rule":
            return stage.new_rule(Actions=forward(group))
        case "changed":
            return {"ListenerArn": stage.listener(), "DefaultActions": forward(group)}
    return {"RuleArn": stage.rule(), "Actions": forward(group)}


def _other_group(where: str) -> Params:
    stage = Stage()
    return _forwarded(stage, stage.taken_group(), where)


def _tcp_group(where: str) -> Params:
    stage = Stage()
    return _forwarded(stage, stage.group(Protocol="TCP"), where)


def _grpc_group(where: str) -> Params:
    stage = Stage()
    return _forwarded(stage, stage.group(ProtocolVersion="GRPC"), where)


SIX_ACTIONS = [{**NOT_FOUND[0], "Order": order} for order in range(1, 7)]
PROBES = [
    Probe("AddListenerCertificates", "ListenerNotFound", absent(ListenerArn=LISTENER, Certificates=[])),
    Probe(
        "AddListenerCertificates",
        "CertificateNotFound",
        lambda: {"ListenerArn": Stage().secure(), "Certificates": certificates(CERTIFICATE)},
    ),
    Probe("AddListenerCertificates", "TooManyCertificates", full_certificates),
    *(
        Probe(operation, f"{kind}NotFound", absent(ResourceArns=[arn], **other))
        for operation, other in (
            ("AddTags", {"Tags": TAG}),
            ("RemoveTags", {"TagKeys": ["k"]}),
            ("DescribeTags", {}),
        )
        for kind, arn in (
            ("LoadBalancer", LB),
            ("TargetGroup", GROUP),
            ("Listener", LISTENER),
            ("Rule", RULE),
            ("TrustStore", STORE),
        )
    ),
    Probe("AddTags", "DuplicateTagKeys", lambda: {"ResourceArns": [Stage().alb], "Tags": TWICE}),
    Probe("AddTags", "TooManyTags", lambda: {"ResourceArns": [Stage().alb], "Tags": MANY}),
    Probe("CreateListener", "DuplicateListener", _same_port),
    Probe("CreateListener", "TooManyListeners", fifty_listeners),
    Probe(
        "CreateListener",
        "LoadBalancerNotFound",
        absent(LoadBalancerArn=LB, Protocol="HTTP", Port=80, DefaultActions=NOT_FOUND),
    ),
    *(
        Probe("CreateListener", code, make)
        for code, make in (
            ("TargetGroupNotFound", lambda: Stage().new_listener(DefaultActions=forward(GROUP))),
            ("TargetGroupAssociationLimit", lambda: _other_group("listener")),
            ("InvalidConfigurationRequest", lambda: Stage().new_listener(AlpnPolicy=["HTTP2Only"])),
            ("IncompatibleProtocols", lambda: _tcp_group("listener")),
            ("SSLPolicyNotFound", lambda: Stage().new_secure(SslPolicy="absent")),
            ("CertificateNotFound", lambda: Stage().new_secure(Certificates=certificates(CERTIFICATE))),
            ("UnsupportedCertificate", lambda: Stage().new_secure(Certificates=certificates(pending()))),
            ("TooManyActions", lambda: Stage().new_listener(DefaultActions=SIX_ACTIONS)),
            ("InvalidLoadBalancerAction", lambda: Stage().new_listener(DefaultActions=redirect())),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", unique_groups),
            ("TooManyTargetGroups", lambda: Stage().new_listener(DefaultActions=many_groups())),
            ("ALPNPolicyNotFound", lambda: Stage().new_secure(AlpnPolicy=["absent"])),
            ("TooManyTags", lambda: Stage().new_listener(Tags=MANY)),
            ("TrustStoreNotFound", lambda: Stage().new_secure(MutualAuthentication=verify())),
        )
    ),
    *(
        Probe("CreateLoadBalancer", code, make)
        for code, make in (
            ("DuplicateLoadBalancerName", lambda: named("balancer", Scheme="internal")),
            ("TooManyLoadBalancers", fifty_balancers),
            ("InvalidConfigurationRequest", lambda: Stage().new_balancer(IpAddressType="dualstack")),
            ("SubnetNotFound", lambda: Stage().new_balancer(Subnets=["subnet-0123456789abcdef0"])),
            ("InvalidSubnet", small_subnets),
            ("InvalidSecurityGroup", lambda: Stage().new_balancer(SecurityGroups=["sg-0123456789abcdef0"])),
            ("AllocationIdNotFound", lambda: Stage().new_balancer(**by_address())),
            ("TooManyTags", lambda: Stage().new_balancer(Tags=MANY)),
            ("DuplicateTagKeys", lambda: Stage().new_balancer(Tags=TWICE)),
        )
    ),
    *(
        Probe("CreateRule", code, make)
        for code, make in (
            ("PriorityInUse", _same_priority),
            ("TooManyTargetGroups", lambda: Stage().new_rule(Actions=many_groups())),
            ("TooManyRules", hundred_rules),
            ("TargetGroupAssociationLimit", lambda: _other_group("rule")),
            ("IncompatibleProtocols", lambda: _tcp_group("rule")),
            ("ListenerNotFound", lambda: Stage().new_rule(ListenerArn=LISTENER)),
            ("TargetGroupNotFound", lambda: Stage().new_rule(Actions=forward(GROUP))),
            ("InvalidConfigurationRequest", lambda: _grpc_group("rule")),
            ("TooManyActions", lambda: Stage().new_rule(Actions=SIX_ACTIONS)),
            ("InvalidLoadBalancerAction", lambda: Stage().new_rule(Actions=redirect())),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups(rule=True)),
            ("TooManyTags", lambda: Stage().new_rule(Tags=MANY)),
        )
    ),
    Probe("CreateTargetGroup", "DuplicateTargetGroupName", _same_name),
    Probe(
        "CreateTargetGroup", "InvalidConfigurationRequest", lambda: named("group", HealthCheckProtocol="TCP")
    ),
    Probe("CreateTargetGroup", "TooManyTags", lambda: named("group", Tags=MANY)),
    Probe("DeleteListener", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DeleteLoadBalancer", "OperationNotPermitted", protected),
    Probe("DeleteRule", "RuleNotFound", absent(RuleArn=RULE)),
    Probe("DeleteRule", "OperationNotPermitted", lambda: {"RuleArn": Stage().default_rule()}),
    Probe("DeleteTargetGroup", "ResourceInUse", used_group),
    Probe(
        "DeregisterTargets", "TargetGroupNotFound", absent(TargetGroupArn=GROUP, Targets=[{"Id": "10.0.0.9"}])
    ),
    Probe("DescribeListenerAttributes", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeListenerCertificates", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeListeners", "ListenerNotFound", absent(ListenerArns=[LISTENER])),
    Probe("DescribeListeners", "LoadBalancerNotFound", absent(LoadBalancerArn=LB)),
    Probe("DescribeLoadBalancerAttributes", "LoadBalancerNotFound", absent(LoadBalancerArn=LB)),
    Probe("DescribeLoadBalancers", "LoadBalancerNotFound", absent(LoadBalancerArns=[LB])),
    Probe("DescribeLoadBalancers", "LoadBalancerNotFound", absent(Names=["absent"]), "'[absent]' not found"),
    Probe("DescribeRules", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeRules", "RuleNotFound", absent(RuleArns=[RULE])),
    Probe("DescribeSSLPolicies", "SSLPolicyNotFound", absent(Names=["absent"])),
    Probe("DescribeTargetGroupAttributes", "TargetGroupNotFound", absent(TargetGroupArn=GROUP)),
    Probe("DescribeTargetGroups", "TargetGroupNotFound", absent(Names=["absent"])),
    Probe("DescribeTargetGroups", "LoadBalancerNotFound", absent(LoadBalancerArn=LB)),
    Probe("DescribeTargetHealth", "TargetGroupNotFound", absent(TargetGroupArn=GROUP)),
    Probe(
        "DescribeTargetHealth",
        "InvalidTarget",
        lambda: {
            "TargetGroupArn": Stage().group(TargetType="instance"),
            "Targets": [{"Id": "i-0123456789abcdef0"}],
        },
    ),
    Probe("ModifyListener", "DuplicateListener", two_listeners),
    Probe("ModifyListener", "ListenerNotFound", absent(ListenerArn=LISTENER, Port=80)),
    *(
        Probe("ModifyListener", code, make)
        for code, make in (
            ("TargetGroupNotFound", lambda: _changed(DefaultActions=forward(GROUP))),
            ("TargetGroupAssociationLimit", lambda: _other_group("changed")),
            ("IncompatibleProtocols", lambda: _tcp_group("changed")),
            ("SSLPolicyNotFound", lambda: _changed(secure=True, SslPolicy="absent")),
            ("CertificateNotFound", lambda: _changed(secure=True, Certificates=certificates(CERTIFICATE))),
            ("UnsupportedCertificate", lambda: _changed(secure=True, Certificates=certificates(pending()))),
            ("InvalidConfigurationRequest", lambda: _changed(AlpnPolicy=["HTTP2Only"])),
            ("TooManyActions", lambda: _changed(DefaultActions=SIX_ACTIONS)),
            ("InvalidLoadBalancerAction", lambda: _changed(DefaultActions=redirect())),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups(modifies=True)),
            ("ALPNPolicyNotFound", lambda: _changed(AlpnPolicy=["absent"])),
            ("TrustStoreNotFound", lambda: _changed(secure=True, MutualAuthentication=verify())),
        )
    ),
    Probe(
        "ModifyListenerAttributes",
        "ListenerNotFound",
        absent(ListenerArn=LISTENER, Attributes=attribute("routing.http.response.server.enabled", "false")),
    ),
    Probe(
        "ModifyListenerAttributes",
        "InvalidConfigurationRequest",
        lambda: _changed(Attributes=attribute("tcp.idle_timeout.seconds", "60")),
    ),
    Probe(
        "ModifyLoadBalancerAttributes",
        "LoadBalancerNotFound",
        absent(LoadBalancerArn=LB, Attributes=attribute("routing.http2.enabled", "true")),
    ),
    Probe(
        "ModifyLoadBalancerAttributes",
        "InvalidConfigurationRequest",
        lambda: {
            "LoadBalancerArn": Stage().alb,
            "Attributes": attribute("load_balancing.cross_zone.enabled", "false"),
        },
    ),
    Probe("ModifyRule", "RuleNotFound", absent(RuleArn=RULE, Actions=NOT_FOUND)),
    Probe(
        "ModifyRule",
        "OperationNotPermitted",
        lambda: {"RuleArn": Stage().default_rule(), "Conditions": CONDITIONS},
    ),
    *(
        Probe("ModifyRule", code, make)
        for code, make in (
            ("TargetGroupAssociationLimit", lambda: _other_group("changed rule")),
            ("IncompatibleProtocols", lambda: _tcp_group("changed rule")),
            ("TargetGroupNotFound", lambda: {"RuleArn": Stage().rule(), "Actions": forward(GROUP)}),
            ("TooManyActions", lambda: {"RuleArn": Stage().rule(), "Actions": SIX_ACTIONS}),
            ("InvalidLoadBalancerAction", lambda: {"RuleArn": Stage().rule(), "Actions": redirect()}),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups(modifies=True, rule=True)),
        )
    ),
    Probe("ModifyTargetGroup", "TargetGroupNotFound", absent(TargetGroupArn=GROUP, HealthCheckPath="/")),
    Probe(
        "ModifyTargetGroup",
        "InvalidConfigurationRequest",
        lambda: {"TargetGroupArn": Stage().group(), "HealthCheckProtocol": "TCP"},
    ),
    Probe(
        "ModifyTargetGroupAttributes",
        "TargetGroupNotFound",
        absent(TargetGroupArn=GROUP, Attributes=attribute("stickiness.enabled", "true")),
    ),
    Probe(
        "ModifyTargetGroupAttributes",
        "InvalidConfigurationRequest",
        lambda: {"TargetGroupArn": Stage().group(), "Attributes": attribute("stickiness.type", "source_ip")},
    ),
    Probe("RegisterTargets", "TargetGroupNotFound", absent(TargetGroupArn=GROUP, Targets=[{"Id": "10.0.0.9"}])),
    Probe("RegisterTargets", "TooManyTargets", thousand_targets),
    Probe(
        "RegisterTargets",
        "InvalidTarget",
        lambda: {
            "TargetGroupArn": Stage().group(TargetType="instance"),
            "Targets": [{"Id": "i-0123456789abcdef0"}],
        },
    ),
    Probe("RemoveListenerCertificates", "ListenerNotFound", absent(ListenerArn=LISTENER, Certificates=[])),
    Probe("RemoveListenerCertificates", "OperationNotPermitted", default_certificate),
    Probe("SetIpAddressType", "LoadBalancerNotFound", absent(LoadBalancerArn=LB, IpAddressType="ipv4")),
    Probe(
        "SetIpAddressType",
        "InvalidConfigurationRequest",
        lambda: {"LoadBalancerArn": Stage().alb, "IpAddressType": "dualstack"},
    ),
    Probe("SetRulePriorities", "RuleNotFound", absent(RulePriorities=[{"RuleArn": RULE, "Priority": 1}])),
    Probe("SetRulePriorities", "PriorityInUse", used_priority),
    Probe(
        "SetRulePriorities",
        "OperationNotPermitted",
        lambda: {"RulePriorities": [{"RuleArn": Stage().default_rule(), "Priority": 1}]},
    ),
    Probe("SetSecurityGroups", "LoadBalancerNotFound", absent(LoadBalancerArn=LB, SecurityGroups=["sg-1"])),
    Probe(
        "SetSecurityGroups",
        "InvalidConfigurationRequest",
        lambda: {"LoadBalancerArn": Stage().alb, "SecurityGroups": foreign_group()},
    ),
    Probe(
        "SetSecurityGroups",
        "InvalidSecurityGroup",
        lambda: {"LoadBalancerArn": Stage().alb, "SecurityGroups": ["sg-0123456789abcdef0"]},
    ),
    Probe("SetSubnets", "LoadBalancerNotFound", absent(LoadBalancerArn=LB, Subnets=["subnet-1"])),
    Probe(
        "SetSubnets",
        "InvalidConfigurationRequest",
        lambda: {"LoadBalancerArn": Stage().alb, "Subnets": make_network(client_of("ec2"), "10.9").subnets},
    ),
    Probe(
        "SetSubnets",
        "SubnetNotFound",
        lambda: {"LoadBalancerArn": Stage().alb, "Subnets": ["subnet-0123456789abcdef0"]},
    ),
    Probe("SetSubnets", "InvalidSubnet", full_subnets),
    Probe(
        "SetSubnets",
        "AllocationIdNotFound",
        lambda: {"LoadBalancerArn": Stage().alb, "SubnetMappings": by_address()["SubnetMappings"]},
    ),
]
