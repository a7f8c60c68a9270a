"""The actions that change logs, images, names, dashboards, certificates, and drift's job; as in `writes`."""

from reconciler.rights.row import NOT_GIVEN_AWAY, OURS, UNCLAIMED, Row

_LOGS = "log-group:{log_group} log-group:{log_group}:*"  # which of the two is asked for differs by call
NAMES_OF_RECORDS = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
# Also met where Cloud Map does not tell the names of the records that it changes with the caller's rights.
_IN_NAMESPACE = (("ForAllValues:StringLike", NAMES_OF_RECORDS, ("*.{namespace}",)),)
_QUEUES = "{events} {letters}"
JOB_ROWS = (
    Row("EventRuleNew", "events", "rule/{events}", writes="PutRule TagResource", conditions=UNCLAIMED),
    Row("EventRuleTags", "events", "rule/{events}", writes="TagResource", conditions=(*OURS, *NOT_GIVEN_AWAY)),
    Row(
        "EventRule",
        "events",
        "rule/{events}",
        writes="PutRule PutTargets RemoveTargets",
        deletes="DeleteRule RemoveTargets",
        conditions=OURS,
    ),
    Row(
        "ScheduleGroupNew",
        "scheduler",
        "schedule-group/{schedule}",
        writes="CreateScheduleGroup TagResource",
        conditions=UNCLAIMED,
    ),
    Row(
        "ScheduleGroupTags",
        "scheduler",
        "schedule-group/{schedule}",
        writes="TagResource",
        conditions=(*OURS, *NOT_GIVEN_AWAY),
    ),
    Row(
        "ScheduleGroup",
        "scheduler",
        "schedule-group/{schedule}",
        deletes="DeleteScheduleGroup",
        conditions=OURS,
    ),
    # A schedule has no tags, only its group has.
    Row(
        "Schedule",
        "scheduler",
        "schedule/{schedule}/*",
        writes="CreateSchedule UpdateSchedule",
        deletes="DeleteSchedule",
    ),
    Row("QueueNew", "sqs", _QUEUES, writes="CreateQueue TagQueue", conditions=UNCLAIMED),
    Row("QueueTags", "sqs", _QUEUES, writes="TagQueue", conditions=(*OURS, *NOT_GIVEN_AWAY)),
    Row("Queue", "sqs", _QUEUES, writes="SetQueueAttributes", deletes="DeleteQueue", conditions=OURS),
)
CERTIFICATE_ROWS = (
    Row(
        "CertificatesNew",
        "acm",
        "certificate/*",
        writes="AddTagsToCertificate RequestCertificate",
        conditions=UNCLAIMED,
    ),
    Row(
        "CertificatesTags",
        "acm",
        "certificate/*",
        writes="AddTagsToCertificate",
        conditions=(*OURS, *NOT_GIVEN_AWAY),
    ),
    Row("Certificates", "acm", "certificate/*", deletes="DeleteCertificate", conditions=OURS),
)
FURTHER_ROWS = (
    Row("LogsNew", "logs", _LOGS, writes="CreateLogGroup TagResource", conditions=UNCLAIMED),
    Row("LogsTags", "logs", _LOGS, writes="TagResource", conditions=(*OURS, *NOT_GIVEN_AWAY)),
    Row(
        "Logs",
        "logs",
        _LOGS,
        writes="AssociateKmsKey DisassociateKmsKey PutRetentionPolicy",
        deletes="DeleteLogGroup",
        conditions=OURS,
    ),
    Row(
        "RepositoriesNew",
        "ecr",
        "repository/{repository}",
        writes="CreateRepository TagResource",
        conditions=UNCLAIMED,
    ),
    Row(
        "RepositoriesTags",
        "ecr",
        "repository/{repository}",
        writes="TagResource",
        conditions=(*OURS, *NOT_GIVEN_AWAY),
    ),
    Row(
        "Repositories",
        "ecr",
        "repository/{repository}",
        writes="PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy",
        deletes="DeleteRepository",
        conditions=OURS,
    ),
    Row(
        "AnyNewNamespace",
        "servicediscovery",
        "*",
        writes="CreatePrivateDnsNamespace",
        conditions=UNCLAIMED,
        reason="AWS takes no resource for a new namespace; it must be made with the stack's tag",
    ),
    Row("DiscoveryNewService", "servicediscovery", "service/*", writes="CreateService", conditions=UNCLAIMED),
    Row("DiscoveryNewIn", "servicediscovery", "namespace/*", writes="CreateService", conditions=OURS),
    Row(
        "AnyDiscoveryTags",
        "servicediscovery",
        "*",
        writes="TagResource",
        conditions=NOT_GIVEN_AWAY,
        reason="Cloud Map's tagging takes no resource and looks at no tags: "
        "another stack's namespaces and services could be tagged as this one's",
    ),
    Row(
        "Discovery",
        "servicediscovery",
        "namespace/* service/*",
        writes="UpdateService",
        deletes="DeleteNamespace DeleteService DeregisterInstance",
        conditions=OURS,
    ),
    Row(
        "AnyZone",
        "route53",
        "*",
        writes="CreateHostedZone",
        deletes="DeleteHostedZone",
        reason="Cloud Map makes the namespace's zone with the caller's rights; its id is AWS's, and zones have no tags "
        "that IAM looks at: empty zones of others could be deleted too",
    ),
    Row(
        "Records",
        "route53",
        "arn:{partition}:route53:::hostedzone/*",
        writes="ChangeResourceRecordSets",
        deletes="ChangeResourceRecordSets",
        conditions=_IN_NAMESPACE,
    ),
    Row(
        "Dashboards",
        "cloudwatch",
        "arn:{partition}:cloudwatch::{account}:dashboard/{dashboard}",
        writes="PutDashboard",
        deletes="DeleteDashboards",
    ),
    Row(
        "AnyDashboardTags",
        "cloudwatch",
        "*",
        writes="TagResource",
        conditions=NOT_GIVEN_AWAY,
        reason="IAM's reference knows no dashboards for CloudWatch's tagging: alarms of others could be tagged too",
    ),
    *CERTIFICATE_ROWS,
    *JOB_ROWS,
)
