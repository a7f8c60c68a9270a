"""Refused calls of ELBv2 about target groups and targets."""

from makers import forward

from refusals.balancing import GROUP, LB, MANY, Params, Stage, absent, attribute
from refusals.forwards import named
from refusals.probe import Probe

OPERATIONS = (
    "CreateTargetGroup",
    "DeleteTargetGroup",
    "DeregisterTargets",
    "DescribeTargetGroupAttributes",
    "DescribeTargetGroups",
    "DescribeTargetHealth",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "RegisterTargets",
)


def thousand_targets() -> Params:
    targets = [{"Id": "10.0.0.9", "Port": port} for port in range(1, 1002)]
    return {"TargetGroupArn": Stage().group(), "Targets": targets}


def used_group() -> Params:
    stage = Stage()
    group = stage.group()
    stage.listener(forward(group))
    return {"TargetGroupArn": group}


def _same_name() -> Params:
    stage = Stage()
    stage.group("new")
    return stage.new_group(Port=81)


PROBES = [
    Probe("CreateTargetGroup", "DuplicateTargetGroupName", _same_name),
    Probe(
        "CreateTargetGroup", "InvalidConfigurationRequest", lambda: named("group", HealthCheckProtocol="TCP")
    ),
    Probe("CreateTargetGroup", "TooManyTags", lambda: named("group", Tags=MANY)),
    Probe("DeleteTargetGroup", "ResourceInUse", used_group),
    Probe(
        "DeregisterTargets", "TargetGroupNotFound", absent(TargetGroupArn=GROUP, Targets=[{"Id": "10.0.0.9"}])
    ),
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
]
