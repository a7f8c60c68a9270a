"""The actions that change something, with the narrowest resources and conditions that IAM has for each.

(Service authorization reference.) On what is being made there are no tags yet: there the call's own tags are
asked for, and those of what it is made in. The tag that fences the stack off is never removed: no untagging is
allowed, and no value but the stack's own.
"""

from reconciler.rights.further_writes import FURTHER_ROWS
from reconciler.rights.row import NEW, NOT_GIVEN_AWAY, OURS, UNCLAIMED, Row, made_by
from reconciler.rights.way_out_writes import WAY_OUT_ROWS

_PARTS = "internet-gateway/* route-table/* security-group/* subnet/*"
_NETWORK = f"{_PARTS} vpc/*"
_MADE_IN_VPC = "CreateInternetGateway CreateRouteTable CreateSecurityGroup CreateSubnet"
_TASKS = "service/{cluster}/{service} task-definition/{family}:*"
_BALANCING = "listener/{balancer}/* listener-rule/{balancer}/* loadbalancer/{balancer}/* targetgroup/*"
_OF_ECS = (("StringEquals", "application-autoscaling:service-namespace", ("ecs",)),)

EC2_ROWS = (
    Row("NetworkNew", "ec2", "vpc/*", writes="CreateVpc", conditions=UNCLAIMED),
    # Without `vpc/*`, so that only the next one allows the VPC that these are made in.
    Row("NetworkNewParts", "ec2", _PARTS, writes=_MADE_IN_VPC, conditions=UNCLAIMED),
    Row(
        "NetworkNewIn",
        "ec2",
        "vpc/*",
        writes="CreateRouteTable CreateSecurityGroup CreateSubnet",
        conditions=OURS,
    ),
    Row(
        "NetworkNewTags",
        "ec2",
        _NETWORK,
        writes="CreateTags",
        conditions=made_by("ec2", f"CreateVpc {_MADE_IN_VPC}"),
    ),
    Row("NetworkTags", "ec2", _NETWORK, writes="CreateTags", conditions=(*OURS, *NOT_GIVEN_AWAY)),
    Row(
        "Network",
        "ec2",
        _NETWORK,
        writes="AssociateRouteTable AssociateSubnetCidrBlock AssociateVpcCidrBlock AttachInternetGateway AuthorizeSecurityGroupEgress "
        "AuthorizeSecurityGroupIngress CreateRoute DeleteRoute DisassociateRouteTable "
        "DisassociateSubnetCidrBlock DisassociateVpcCidrBlock ModifySubnetAttribute ModifyVpcAttribute ReplaceRoute ReplaceRouteTableAssociation RevokeSecurityGroupEgress "
        "RevokeSecurityGroupIngress UpdateSecurityGroupRuleDescriptionsEgress "
        "UpdateSecurityGroupRuleDescriptionsIngress",
        deletes="DeleteInternetGateway DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteVpc "
        "DetachInternetGateway DisassociateRouteTable RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
        conditions=OURS,
    ),
    Row(
        "AnyRuleOfAGroup",
        "ec2",
        "security-group-rule/*",
        writes="AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress "
        "RevokeSecurityGroupIngress UpdateSecurityGroupRuleDescriptionsEgress "
        "UpdateSecurityGroupRuleDescriptionsIngress",
        deletes="RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
        reason="rules have no tags of ours; their group, which each call needs as well, must have them",
    ),
)
ECS_ROWS = (
    Row(
        "EcsNew",
        "ecs",
        f"cluster/{{cluster}} {_TASKS}",
        writes="CreateCluster CreateService RegisterTaskDefinition",
        conditions=UNCLAIMED,
    ),
    Row(
        "EcsNewTags",
        "ecs",
        f"cluster/{{cluster}} {_TASKS}",
        writes="TagResource",
        conditions=made_by("ecs", "CreateCluster CreateService RegisterTaskDefinition"),
    ),
    Row(
        "EcsTags",
        "ecs",
        f"cluster/{{cluster}} {_TASKS}",
        writes="TagResource",
        conditions=(*OURS, *NOT_GIVEN_AWAY),
    ),
    Row(
        "Ecs",
        "ecs",
        "cluster/{cluster} service/{cluster}/{service}",
        writes="PutClusterCapacityProviders UpdateCluster UpdateService",
        deletes="DeleteCluster DeleteService",
        conditions=OURS,
    ),
    Row("Revisions", "ecs", "task-definition/{family}:*", deletes="DeleteTaskDefinitions"),
    Row(
        "AnyRevision",
        "ecs",
        "*",
        writes="DeregisterTaskDefinition",
        deletes="DeregisterTaskDefinition",
        reason="AWS takes no resource for DeregisterTaskDefinition: it can stop any family of the region from being used",
    ),
    Row(
        "AnyScalingOfEcs",
        "application-autoscaling",
        "scalable-target/*",
        writes="DeleteScalingPolicy DeleteScheduledAction PutScalingPolicy PutScheduledAction "
        "RegisterScalableTarget",
        deletes="DeleteScalingPolicy DeregisterScalableTarget",
        conditions=_OF_ECS,
        reason="AWS makes the ids of scalable targets, and they have no tags of ours; it is narrowed to ECS",
    ),
)
ELB_ROWS = (
    Row(
        "BalancingNew",
        "elasticloadbalancing",
        "loadbalancer/{balancer}/* targetgroup/*",
        writes="CreateLoadBalancer CreateTargetGroup",
        conditions=UNCLAIMED,
    ),
    Row(
        "BalancingNewIn",
        "elasticloadbalancing",
        "listener/{balancer}/* loadbalancer/{balancer}/*",
        writes="CreateListener CreateRule",
        conditions=(*OURS, *NEW),
    ),
    Row(
        "BalancingNewTags",
        "elasticloadbalancing",
        _BALANCING,
        writes="AddTags",
        conditions=made_by(
            "elasticloadbalancing", "CreateListener CreateLoadBalancer CreateRule CreateTargetGroup"
        ),
    ),
    Row(
        "BalancingTags",
        "elasticloadbalancing",
        _BALANCING,
        writes="AddTags",
        conditions=(*OURS, *NOT_GIVEN_AWAY),
    ),
    Row(
        "Balancing",
        "elasticloadbalancing",
        _BALANCING,
        writes="ModifyListener ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup "
        "ModifyTargetGroupAttributes SetRulePriorities SetSecurityGroups SetSubnets",
        deletes="DeleteListener DeleteLoadBalancer DeleteRule DeleteTargetGroup",
        conditions=OURS,
    ),
)
WRITE_ROWS = (*EC2_ROWS, *WAY_OUT_ROWS, *ECS_ROWS, *ELB_ROWS, *FURTHER_ROWS)
