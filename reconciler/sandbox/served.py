"""The services that the server is open for. moto has 200 more, which write files and start containers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """What requests to a service look like, and why it is open."""

    why: str
    path: str = "/"  # a regular expression of the paths of its requests
    target: str = ""  # how the header X-Amz-Target begins, if moto would take others for other services
    version: str = ""  # of its query API, if moto would take others for other services


SERVED: Mapping[str, Service] = {  # by the name that requests are signed for
    "sts": Service("whose credentials a run has"),
    "ec2": Service("networks, security groups, interfaces of tasks"),
    "elasticloadbalancing": Service("load balancers, target groups, listeners, rules", version="2015-12-01"),
    "ecs": Service("clusters, task definitions, services, tasks"),
    "ecr": Service("repositories and images"),
    "iam": Service("roles and policies"),
    "servicediscovery": Service("namespaces and services of Cloud Map"),
    "logs": Service("log groups, and what tasks log"),
    "monitoring": Service(
        "alarms and dashboards",
        path=r"/|/service/GraniteServiceVersion20100801/operation/\w+",  # newer clients call it by CBOR
    ),
    "application-autoscaling": Service("scalable targets and policies"),
    "tagging": Service("what a stack has, of each type"),
    "dynamodb": Service("the lease of a stack", target="DynamoDB_20120810."),
    "acm": Service("certificates that a file names"),
    "secretsmanager": Service("secrets that a file names"),
    "ssm": Service("parameters that a file names"),
    "cloudformation": Service("stacks whose outputs a file names"),
    "route53": Service("private zones of Cloud Map, and records of a load balancer", path=r"/2013-04-01/.+"),
    "cloudtrail": Service("who changed what", target="com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."),
    "s3": Service(
        "buckets of logs and their policies, without objects", path=r"/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/?"
    ),
    "sqs": Service("dead letters and events", path=r"/|/\d{12}/[\w.-]+", target="AmazonSQS."),
    "events": Service("rules, and events of ECS and of API calls", target="AWSEvents."),
    "sns": Service("messages about drift"),
    "wafv2": Service("web ACLs of load balancers", target="AWSWAF_20190729."),
    "scheduler": Service("schedules of tasks", path=r"/(schedules|schedule-groups|tags)(/.+)?"),
}


def is_served(name: str, path: str, target: str, version: str) -> bool:
    """Tell whether a request, signed for this name, is one to an open service.

    `target` is its header X-Amz-Target, and `version` the parameter Version of the query protocol. Either may
    be empty.
    """
    service = SERVED.get(name)
    return (
        service is not None
        and re.fullmatch(service.path, path) is not None
        and target.startswith(service.target)
        and service.version in ("", version)
    )
