"""The types of resources that actions are for, of all services but EC2 (service authorization reference).

An action in no row is for `*`: AWS knows no resources for it.
"""

from collections.abc import Mapping

from reconciler.sandbox.authorization.further_types import FURTHER_TYPES
from reconciler.sandbox.authorization.rows import TAGS, Row

RESOURCE_TYPES: Mapping[str, tuple[Row, ...]] = {
    "ecs": (
        Row(
            "CreateCluster DeleteCluster DescribeClusters ListAttributes ListContainerInstances "
            "PutClusterCapacityProviders UpdateCluster UpdateClusterSettings",
            "cluster/{}",
            ("cluster", "clusterName", "clusters"),
            otherwise="default",
        ),
        Row(
            "CreateService DeleteService DescribeServices ListServiceDeployments UpdateService",
            "service/{cluster}/{}",
            ("service", "serviceName", "services"),
        ),
        Row("DescribeServiceDeployments", "", ("serviceDeploymentArns",)),
        Row("StopServiceDeployment", "", ("serviceDeploymentArn",)),
        Row("DescribeServiceRevisions", "", ("serviceRevisionArns",)),
        Row("RegisterTaskDefinition", "task-definition/{}:*", ("family",)),
        Row("DeleteTaskDefinitions RunTask", "task-definition/{}", ("taskDefinition", "taskDefinitions")),
        Row("DescribeTasks StopTask ExecuteCommand", "task/{cluster}/{}", ("task", "tasks")),
        Row("DescribeCapacityProviders", "capacity-provider/{}", ("capacityProviders",)),
        Row(TAGS, "", ("resourceArn",)),
    ),
    "elasticloadbalancing": (
        Row("CreateLoadBalancer", "loadbalancer/{kind}/{}/*", ("Name",)),
        Row(
            "CreateListener DeleteLoadBalancer ModifyLoadBalancerAttributes SetIpAddressType SetSecurityGroups "
            "SetSubnets",
            "",
            ("LoadBalancerArn",),
        ),
        Row("CreateTargetGroup", "targetgroup/{}/*", ("Name",)),
        Row(
            "DeleteTargetGroup DeregisterTargets ModifyTargetGroup ModifyTargetGroupAttributes RegisterTargets",
            "",
            ("TargetGroupArn",),
        ),
        Row(
            "AddListenerCertificates CreateRule DeleteListener ModifyListener ModifyListenerAttributes "
            "RemoveListenerCertificates",
            "",
            ("ListenerArn",),
        ),
        Row("DeleteRule ModifyRule SetRulePriorities", "", ("RuleArn", "RulePriorities[].RuleArn")),
        Row("AddTags RemoveTags", "", ("ResourceArns",)),
    ),
    "iam": (
        Row(
            "AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy "
            "DetachRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole "
            "ListRolePolicies ListRoleTags PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole "
            "UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription DeleteServiceLinkedRole",
            "role/{}",
            ("RoleName",),
            has_region=False,
        ),
        Row("CreateServiceLinkedRole", "role/aws-service-role/{}/*", ("AWSServiceName",), has_region=False),
        Row(
            "AttachUserPolicy CreateAccessKey CreateUser DeleteAccessKey DeleteUser DeleteUserPolicy "
            "DetachUserPolicy GetUser GetUserPolicy ListAccessKeys ListAttachedUserPolicies "
            "ListGroupsForUser ListUserPolicies PutUserPolicy UpdateAccessKey UpdateUser TagUser UntagUser",
            "user/{}",
            ("UserName",),
            has_region=False,
        ),
        Row(
            "AddUserToGroup AttachGroupPolicy CreateGroup DeleteGroup DeleteGroupPolicy DetachGroupPolicy "
            "GetGroup GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies PutGroupPolicy "
            "RemoveUserFromGroup",
            "group/{}",
            ("GroupName",),
            has_region=False,
        ),
        Row("CreatePolicy", "policy/{}", ("PolicyName",), has_region=False),
        Row(
            "CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion "
            "ListEntitiesForPolicy ListPolicyVersions SetDefaultPolicyVersion TagPolicy UntagPolicy",
            "",
            ("PolicyArn",),
        ),
        Row("GetServerCertificate", "server-certificate/{}", ("ServerCertificateName",), has_region=False),
    ),
    **FURTHER_TYPES,
}
