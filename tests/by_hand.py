"""A platform of three services, and what somebody does to it by hand, with the clients that are given."""

import json
from collections.abc import Callable
from typing import Any

PLATFORM = """
platform: shop
environment: dev
suffix: "{environment}"
region: us-east-1
tags: {team: shop}
network: {cidr: 10.0.0.0/16, zones: 2}
service_defaults: {cpu: 256, memory: 512, port: 8080}
services:
  web:
    routes: [{priority: 1, paths: ["/*"]}]
    desired_count: 2
  worker:
    scaling: {min: 1, max: 4, cpu: 70}
  mail:
    desired_count: 1
"""
CLUSTER = "ecs-cluster-dev"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

Clients = Callable[[str], Any]  # boto3's name of a service -> a client


def find_group(aws: Clients, name: str) -> dict[str, Any]:
    where = [{"Name": "tag:ecs-reconciler:name", "Values": [name]}]
    (found,) = aws("ec2").describe_security_groups(Filters=where)["SecurityGroups"]
    return dict(found)


def open_ssh(aws: Clients) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    aws("ec2").authorize_security_group_ingress(
        GroupId=find_group(aws, "ecs-tasks-dev")["GroupId"], IpPermissions=[rule]
    )


def shut_out(aws: Clients) -> None:
    found = find_group(aws, "alb-dev")
    aws("ec2").revoke_security_group_ingress(GroupId=found["GroupId"], IpPermissions=found["IpPermissions"])


def give_everything(aws: Clients) -> None:
    aws("iam").put_role_policy(RoleName="ecs-task-web-dev", PolicyName="mine", PolicyDocument=json.dumps(ALL))


def stop_service(aws: Clients) -> None:
    aws("ecs").update_service(cluster=CLUSTER, service="svc-web-dev", desiredCount=0)


def suspend_scaling(aws: Clients) -> None:
    aws("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{CLUSTER}/svc-worker-dev",
        ScalableDimension="ecs:service:DesiredCount",
        SuspendedState={"DynamicScalingOutSuspended": True},
    )


def leave_range(aws: Clients) -> None:
    aws("ecs").update_service(cluster=CLUSTER, service="svc-worker-dev", desiredCount=9)


def find_balancer(aws: Clients) -> str:
    return str(aws("elbv2").describe_load_balancers(Names=["alb-dev"])["LoadBalancers"][0]["LoadBalancerArn"])


def delete_rule(aws: Clients) -> None:
    elb = aws("elbv2")
    listener = elb.describe_listeners(LoadBalancerArn=find_balancer(aws))["Listeners"][0]["ListenerArn"]
    rules = elb.describe_rules(ListenerArn=listener)["Rules"]
    elb.delete_rule(RuleArn=next(rule["RuleArn"] for rule in rules if not rule["IsDefault"]))


def idle_longer(aws: Clients) -> None:
    attribute = {"Key": "idle_timeout.timeout_seconds", "Value": "7"}
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=find_balancer(aws), Attributes=[attribute])


def forget_sooner(aws: Clients) -> None:
    aws("logs").put_retention_policy(logGroupName="/aws/ecs/web-dev", retentionInDays=1)


def retag(aws: Clients) -> None:
    (found,) = aws("logs").describe_log_groups(logGroupNamePrefix="/aws/ecs/web-dev")["logGroups"]
    aws("logs").tag_resource(resourceArn=found["logGroupArn"], tags={"team": "other"})


def delete_dashboard(aws: Clients) -> None:
    aws("cloudwatch").delete_dashboards(DashboardNames=["ecs-services-dev"])


def delete_repository(aws: Clients) -> None:
    aws("ecr").delete_repository(repositoryName="ecr-repo-worker-dev", force=True)
