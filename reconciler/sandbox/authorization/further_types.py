"""The types of resources of the services beside ECS, load balancing and IAM."""

from collections.abc import Mapping

from reconciler.sandbox.authorization.rows import TAGS, Row

FURTHER_TYPES: Mapping[str, tuple[Row, ...]] = {
    "logs": (
        Row(
            "AssociateKmsKey CreateLogGroup CreateLogStream DeleteLogGroup DeleteRetentionPolicy "
            "DescribeLogStreams DisassociateKmsKey FilterLogEvents GetLogEvents PutLogEvents "
            "PutLogGroupDeletionProtection PutRetentionPolicy",
            "log-group:{}:log-stream:",
            ("logGroupName", "logGroupIdentifier"),
        ),
        Row("ListTagsLogGroup TagLogGroup UntagLogGroup", "log-group:{}", ("logGroupName",)),
        Row(TAGS, "", ("resourceArn",)),
    ),
    "ecr": (
        Row(
            "BatchDeleteImage BatchGetImage CreateRepository DeleteLifecyclePolicy DeleteRepository "
            "DeleteRepositoryPolicy DescribeImages DescribeRepositories GetLifecyclePolicy "
            "GetRepositoryPolicy ListImages PutImage PutImageScanningConfiguration PutImageTagMutability "
            "PutLifecyclePolicy SetRepositoryPolicy",
            "repository/{}",
            ("repositoryName", "repositoryNames"),
        ),
        Row(TAGS, "", ("resourceArn",)),
    ),
    "servicediscovery": (
        Row(
            "DeleteNamespace GetNamespace UpdatePrivateDnsNamespace UpdateHttpNamespace",
            "namespace/{}",
            ("Id",),
        ),
        Row("CreateService", "namespace/{}", ("NamespaceId", "DnsConfig.NamespaceId")),
        Row("CreateService", "service/{}", ()),
        Row("DeleteService GetService UpdateService", "service/{}", ("Id",)),
        Row(
            "DeregisterInstance GetInstance GetInstancesHealthStatus GetServiceAttributes ListInstances "
            "RegisterInstance",
            "service/{}",
            ("ServiceId",),
        ),
    ),
    "application-autoscaling": (Row(TAGS, "", ("ResourceARN",)),),  # the others: `arns`
    "cloudwatch": (
        Row(
            "DeleteDashboards GetDashboard PutDashboard",
            "dashboard/{}",
            ("DashboardName", "DashboardNames"),
            has_region=False,
            has_tags=False,
        ),
        Row(
            "DeleteAlarms DisableAlarmActions EnableAlarmActions PutMetricAlarm SetAlarmState",
            "alarm:{}",
            ("AlarmName", "AlarmNames"),
        ),
        Row(TAGS, "", ("ResourceARN",)),
    ),
    "dynamodb": (
        Row(
            "BatchGetItem BatchWriteItem ConditionCheckItem CreateTable DeleteItem DeleteTable DescribeTable "
            "DescribeTimeToLive GetItem PutItem Query Scan UpdateItem UpdateTable UpdateTimeToLive",
            "table/{}",
            ("TableName", "keys(RequestItems || `{}`)"),
        ),
        Row("ListTagsOfResource TagResource UntagResource", "", ("ResourceArn",)),
    ),
    "route53": (
        Row(
            "ChangeResourceRecordSets DeleteHostedZone GetHostedZone ListResourceRecordSets",
            "hostedzone/{}",
            ("HostedZoneId", "Id"),
            has_region=False,
            has_account=False,
            has_tags=False,
        ),
        Row("GetChange", "change/{}", ("Id",), has_region=False, has_account=False, has_tags=False),
    ),
    "scheduler": (
        Row("CreateSchedule DeleteSchedule GetSchedule UpdateSchedule", "schedule/{group}/{}", ("Name",)),
        Row("CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup", "schedule-group/{}", ("Name",)),
        Row(TAGS, "", ("ResourceArn",)),
    ),
    "events": (
        Row(
            "DeleteRule DescribeRule DisableRule EnableRule ListTargetsByRule PutRule PutTargets RemoveTargets",
            "rule/{bus}{}",
            ("Name", "Rule"),
        ),
        Row(TAGS, "", ("ResourceARN",)),
    ),
    "sqs": (
        Row(
            "AddPermission ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue GetQueueAttributes "
            "GetQueueUrl ListQueueTags PurgeQueue ReceiveMessage SendMessage SetQueueAttributes TagQueue "
            "UntagQueue",
            "{}",
            ("QueueUrl", "QueueName"),
        ),
    ),
    "sns": (
        Row("CreateTopic", "{}", ("Name",)),
        Row("DeleteTopic GetTopicAttributes Publish SetTopicAttributes Subscribe", "", ("TopicArn",)),
        Row(TAGS, "", ("ResourceArn",)),
    ),
    "cloudtrail": (
        Row(
            "CreateTrail DeleteTrail GetEventSelectors GetTrailStatus PutEventSelectors StartLogging StopLogging",
            "trail/{}",
            ("Name", "TrailName"),
        ),
    ),
    "wafv2": (
        Row("AssociateWebACL", "", ("[WebACLArn, ResourceArn]",)),
        Row("DisassociateWebACL GetWebACLForResource", "", ("ResourceArn",)),
        Row("GetWebACL", "regional/webacl/{}/*", ("Name",)),
    ),
    "sts": (Row("AssumeRole", "", ("RoleArn",)),),
    "acm": (
        Row(
            "AddTagsToCertificate DeleteCertificate DescribeCertificate ListTagsForCertificate "
            "RemoveTagsFromCertificate",
            "",
            ("CertificateArn",),
        ),
        Row("RequestCertificate", "certificate/{}", ()),
    ),
    "cloudformation": (Row("CreateStack DeleteStack DescribeStacks", "stack/{}/*", ("StackName",)),),
    "ssm": (Row("DeleteParameter GetParameter GetParameters PutParameter", "parameter/{}", ("Name", "Names")),),
    "secretsmanager": (
        Row("DeleteSecret DescribeSecret GetSecretValue PutSecretValue", "secret:{}-??????", ("SecretId",)),
        Row("CreateSecret", "secret:{}-*", ("Name",)),
    ),
}
