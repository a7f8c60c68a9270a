"""The actions that only read. (Service authorization reference: access levels List and Read.)

What may be ours is known only after all of it was listed: others may have something under a name of ours,
and use what is ours. A read that is refused ends a run, so these are narrowed only where names are known
beforehand.
"""

from reconciler.rights.row import OURS, Row

LISTED = "AWS takes no resource for most of them, and the others also look for what uses what is ours, or is in its place"
NAMED = "*{suffix}*"  # what a run takes for ours until it has read the tags (`aws.candidates`)
_ROLE, _DASHBOARD = "arn:{partition}:iam::{account}:role/", "arn:{partition}:cloudwatch::{account}:dashboard/"

LOOKED_AT = (  # a service, the names that are looked at, and how
    (
        "ecr",
        f"repository/{NAMED} repository/{{repository}}",
        "GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource",
    ),
    (
        "iam",
        f"{_ROLE}{NAMED} {_ROLE}{{role}}",
        "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies",
    ),
    ("logs", f"log-group:{NAMED} log-group:{{log_group}}", "ListTagsForResource"),
    ("scheduler", f"schedule-group/{NAMED}", "GetScheduleGroup ListTagsForResource"),
    ("events", f"rule/{NAMED}", "ListTagsForResource ListTargetsByRule"),
    ("sqs", NAMED, "GetQueueAttributes ListQueueTags"),
)

READ_ROWS = (
    Row(
        "AnyReads",
        "ec2",
        "*",
        "DescribeAddresses DescribeAvailabilityZones DescribeEgressOnlyInternetGateways DescribeFlowLogs "
        "DescribeInternetGateways "
        "DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaces DescribeRegions DescribeRouteTables "
        "DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints "
        "DescribeVpcEndpointServices DescribeVpcPeeringConnections DescribeVpcs",
        reason=LISTED,
    ),
    Row(
        "AnyReads",
        "elasticloadbalancing",
        "*",
        "DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags "
        "DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth",
        reason=LISTED,
    ),
    Row(
        "AnyReads",
        "ecs",
        "*",
        "DescribeClusters DescribeServiceRevisions DescribeServices DescribeTaskDefinition DescribeTasks "
        "ListClusters ListServiceDeployments ListServices ListTaskDefinitionFamilies ListTaskDefinitions ListTasks",
        reason=LISTED,
    ),
    Row(
        "AnyReads",
        "ecr",
        "*",
        "DescribeImages DescribeRepositories GetRegistryScanningConfiguration",
        reason=LISTED,
    ),
    Row("AnyReads", "iam", "*", "GetAccountAuthorizationDetails GetServerCertificate ListRoles", reason=LISTED),
    Row(
        "AnyReads",
        "servicediscovery",
        "*",
        "GetNamespace GetOperation GetService ListInstances ListNamespaces ListServices ListTagsForResource",
        reason=LISTED,
    ),
    Row("AnyReads", "route53", "*", "GetHostedZone ListHostedZonesByName", reason=LISTED),
    Row("AnyReads", "acm", "*", "DescribeCertificate ListCertificates ListTagsForCertificate", reason=LISTED),
    Row(
        "AnyReads",
        "application-autoscaling",
        "*",
        "DescribeScalableTargets DescribeScalingPolicies DescribeScheduledActions",
        reason=LISTED,
    ),
    Row("AnyReads", "cloudwatch", "*", "ListDashboards ListTagsForResource", reason=LISTED),
    Row("AnyReads", "logs", "*", "DescribeLogGroups", reason=LISTED),
    Row("AnyReads", "scheduler", "*", "ListScheduleGroups ListSchedules", reason=LISTED),
    Row("AnyReads", "events", "*", "ListRules", reason=LISTED),
    Row("AnyReads", "sqs", "*", "ListQueues", reason=LISTED),
    Row("AnyReads", "tag", "*", "GetResources", reason=LISTED),
    Row(
        "ReadsByName",
        "cloudwatch",
        f"{_DASHBOARD}{NAMED} {_DASHBOARD}{{dashboard}}",
        "GetDashboard",
    ),
    Row("SchedulesByName", "scheduler", f"schedule/{NAMED}/*", "GetSchedule"),
    *(Row("ReadsByName", service, named, reads) for service, named, reads in LOOKED_AT),
    # Ours under another name: the file's suffix was another one once.
    *(Row("ReadsByTag", service, "*", reads, conditions=OURS) for service, _, reads in LOOKED_AT),
)
