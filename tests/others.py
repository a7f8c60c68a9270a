"""Things of others, and a platform file that uses all of them."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crash.existing import make_network
from support import client

from desired_state import Platform, load
from reconciler.sandbox.ecr.images import manifest

FILE = """
platform: shop
environment: dev
region: us-east-1
network: {existing: {vpc: VPC, subnets: {public: PUBLIC}}}
discovery: {existing: NAMESPACE}
load_balancer: {existing: BALANCER, listeners: {theirs: {existing: LISTENER}}}
cluster: {existing: CLUSTER, capacity_providers: {FARGATE_SPOT: {weight: 1}}}
service_defaults:
  roles: {execution: EXECUTION, task: TASK}
  logs: {existing: LOGS}
services:
  web: {image: {repository: REPOSITORY, tag: v1}, scaling: {max: 2, cpu: 50}, tracing: {xray: {}}, routes: ROUTES}
"""
Things = Mapping[
    str, str
]  # the ids of others' things, or other text, by the words that stand for them in the file

OWN_NETWORK = {FILE[FILE.index("network:") : FILE.index("cluster:")]: ""}
OWN_CLUSTER = {"existing: CLUSTER, ": ""}
NO_SERVICES = {FILE[FILE.index("services:") :].rstrip(): "services: {}"}
NOT_FOUND = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
OLDEST = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9}


def write(folder: Path, things: Things) -> Platform:
    """Return the platform of the file, with these ids in it."""
    file, text = folder / "platform.yaml", FILE
    for word, own_id in sorted(things.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(word, own_id)
    file.write_text(text)
    return load(file, environ={})


def make_things(wait: int = 0) -> dict[str, str]:
    """Make all of it, and wait so many seconds for the namespace."""
    vpc, public, _ = make_network()
    client("ecs").create_cluster(clusterName="shared", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    client("logs").create_log_group(logGroupName="/shared/logs")
    roles = {"EXECUTION": make_role("starts"), "TASK": make_role("runs")}
    pulls = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    client("iam").attach_role_policy(RoleName="starts", PolicyArn=pulls)
    make_repository("their/web")
    return {
        "VPC": vpc,
        "PUBLIC": f"[{', '.join(public)}]",
        "NAMESPACE": make_namespace("their.local", vpc, wait),
        "CLUSTER": "shared",
        "LOGS": "/shared/logs",
        "REPOSITORY": "their/web",
        **make_load_balancer(vpc, public),
        **roles,
    }


def make_role(name: str, trusted: str = "ecs-tasks.amazonaws.com", action: str = "sts:AssumeRole") -> str:
    """Make a role that this AWS service may have, if the action is as it is; return its ARN."""
    statement = {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": action}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def make_repository(name: str) -> None:
    """Make a repository with a lifecycle policy and an image `v1`."""
    ecr, rule = client("ecr"), {"rulePriority": 1, "selection": OLDEST, "action": {"type": "expire"}}
    ecr.create_repository(repositoryName=name)
    ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps({"rules": [rule]}))
    ecr.put_image(repositoryName=name, imageManifest=manifest(f"{name}:v1"), imageTag="v1")


def make_namespace(domain: str, vpc: str, wait: int = 0) -> str:
    """Make a private namespace that is seen in the VPC; return its id."""
    client("servicediscovery").create_private_dns_namespace(Name=domain, Vpc=vpc)
    time.sleep(wait)
    return find_namespace(domain)


def find_namespace(name: str) -> str:
    found = client("servicediscovery").list_namespaces()["Namespaces"]
    return next(str(namespace["Id"]) for namespace in found if namespace["Name"] == name)


def make_load_balancer(vpc: str, subnets: list[str]) -> dict[str, str]:
    """Make a load balancer, with a listener that has a rule."""
    group = client("ec2").create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)["GroupId"]
    made = client("elbv2").create_load_balancer(Name="theirs", Subnets=subnets, SecurityGroups=[group])
    balancer = str(made["LoadBalancers"][0]["LoadBalancerArn"])
    listener = make_listener(balancer, 8000, NOT_FOUND)
    path = {"Field": "path-pattern", "Values": ["/theirs"]}
    client("elbv2").create_rule(ListenerArn=listener, Priority=5, Conditions=[path], Actions=[NOT_FOUND])
    return {"BALANCER": balancer, "LISTENER": listener, "ROUTES": "[{priority: 1, paths: [/web]}]"}


def make_listener(balancer: str, port: int, action: Mapping[str, Any], certificate: str = "") -> str:
    """Make a listener, of HTTPS if it has a certificate; return its ARN."""
    served: dict[str, Any] = {"Protocol": "HTTP"}
    if certificate:
        served = {"Protocol": "HTTPS", "Certificates": [{"CertificateArn": certificate}]}
    params = {"LoadBalancerArn": balancer, "Port": port, "DefaultActions": [action], **served}
    return str(client("elbv2").create_listener(**params)["Listeners"][0]["ListenerArn"])
