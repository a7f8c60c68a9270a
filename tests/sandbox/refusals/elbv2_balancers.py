"""Refused calls of ELBv2 about load balancers, and of tags."""

from makers import client_of, make_alb, make_network

from refusals.balancing import (
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
)
from refusals.forwards import named
from refusals.probe import Probe

OPERATIONS = (
    "AddTags",
    "CreateLoadBalancer",
    "DeleteLoadBalancer",
    "DescribeAccountLimits",
    "DescribeLoadBalancerAttributes",
    "DescribeLoadBalancers",
    "DescribeTags",
    "ModifyLoadBalancerAttributes",
    "RemoveTags",
    "SetIpAddressType",
    "SetSecurityGroups",
    "SetSubnets",
)


def fifty_balancers() -> Params:
    stage = Stage()
    for number in range(49):
        make_alb(stage.elb, stage.network, f"alb-{number}")
    return stage.new_balancer()


def protected() -> Params:
    stage = Stage()
    stage.elb.modify_load_balancer_attributes(
        LoadBalancerArn=stage.alb, Attributes=attribute("deletion_protection.enabled", "true")
    )
    return {"LoadBalancerArn": stage.alb}


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


PROBES = [
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
    Probe("DeleteLoadBalancer", "OperationNotPermitted", protected),
    Probe("DescribeLoadBalancerAttributes", "LoadBalancerNotFound", absent(LoadBalancerArn=LB)),
    Probe("DescribeLoadBalancers", "LoadBalancerNotFound", absent(LoadBalancerArns=[LB])),
    Probe("DescribeLoadBalancers", "LoadBalancerNotFound", absent(Names=["absent"]), "'[absent]' not found"),
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
    Probe("SetIpAddressType", "LoadBalancerNotFound", absent(LoadBalancerArn=LB, IpAddressType="ipv4")),
    Probe(
        "SetIpAddressType",
        "InvalidConfigurationRequest",
        lambda: {"LoadBalancerArn": Stage().alb, "IpAddressType": "dualstack"},
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
