"""Damage that a person does to the default platform: something of each way in which it is put right."""

import json

from support import client

CLUSTER = "ecs-cluster-crash"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def damage() -> None:
    """Open, widen, stop and suspend things, tag them otherwise, and delete some."""
    _open_ssh()
    client("iam").put_role_policy(
        RoleName="ecs-task-api-gateway-crash", PolicyName="mine", PolicyDocument=json.dumps(ALL)
    )
    client("ecs").delete_service(cluster=CLUSTER, service="svc-market-data-crash", force=True)
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


def _open_ssh() -> None:
    where = [{"Name": "tag:ecs-reconciler:name", "Values": ["ecs-tasks-crash"]}]
    (group,) = client("ec2").describe_security_groups(Filters=where)["SecurityGroups"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    client("ec2").authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])


def _delete_rules() -> None:
    elb = client("elbv2")
    (balancer,) = elb.describe_load_balancers(Names=["alb-crash"])["LoadBalancers"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    for rule in elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
        if not rule["IsDefault"]:
            elb.delete_rule(RuleArn=rule["RuleArn"])
