"""Damage that a person does to the changed platform: something of each way in which it is put right.

The job of `drift_correction` is damaged as well: a correction leaves what the job runs by, and mends what wakes
a watch.
"""

import json

from support import client

CLUSTER = "ecs-cluster-crash"
JOB, EVENTS = "drift-correction-crash", "drift-events-crash"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def damage() -> None:
    """Open, widen, stop and suspend things, tag them otherwise, and delete some."""
    _open_ssh()
    client("iam").put_role_policy(
        RoleName="ecs-task-api-gateway-crash", PolicyName="mine", PolicyDocument=json.dumps(ALL)
    )
    client("iam").delete_role_permissions_boundary(RoleName="ecs-task-order-processor-crash")
    client("ecs").delete_service(cluster=CLUSTER, service="svc-payments-crash", force=True)
    client("logs").delete_log_group(logGroupName="/aws/ecs/order-processor-crash")
    client("logs").put_retention_policy(logGroupName="/aws/ecs/api-gateway-crash", retentionInDays=1)
    client("cloudwatch").delete_dashboards(DashboardNames=["ecs-services-crash"])
    client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{CLUSTER}/svc-api-gateway-crash",
        ScalableDimension="ecs:service:DesiredCount",
        SuspendedState={"DynamicScalingOutSuspended": True},
    )
    _delete_rules()
    _disable_the_job()
    _stop_events()


def _open_ssh() -> None:
    where = [{"Name": "tag:ecs-reconciler:name", "Values": ["ecs-tasks-crash"]}]
    (group,) = client("ec2").describe_security_groups(Filters=where)["SecurityGroups"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    client("ec2").authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])


def _delete_rules() -> None:
    elb = client("elbv2")
    (balancer,) = elb.describe_load_balancers(Names=["alb-crash"])["LoadBalancers"]
    for listener in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
        for rule in elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
            if not rule["IsDefault"]:
                elb.delete_rule(RuleArn=rule["RuleArn"])


def _disable_the_job() -> None:
    scheduler, names = client("scheduler"), {"Name": JOB, "GroupName": JOB}
    told = scheduler.get_schedule(**names)
    kept = {key: told[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    scheduler.update_schedule(**names, **kept, State="DISABLED")


def _stop_events() -> None:
    """Delete the rule that wakes a watch, and let no rule write to the queues."""
    events, sqs = client("events"), client("sqs")
    targets = events.list_targets_by_rule(Rule=EVENTS)["Targets"]
    events.remove_targets(Rule=EVENTS, Ids=[target["Id"] for target in targets])
    events.delete_rule(Name=EVENTS)
    for url in sqs.list_queues()["QueueUrls"]:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": "", "MessageRetentionPeriod": "60"})
