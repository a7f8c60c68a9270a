from collections.abc import Callable
from typing import Any

import pytest
from makers import NOT_FOUND, client_of, make_alb, make_group, make_listener, make_network

TAGS = [{"Key": "stack", "Value": "ours"}]


@pytest.fixture
def tagging(aws) -> Any:
    return client_of("resourcegroupstaggingapi")


def found(tagging: Any, **asked: Any) -> list[str]:
    filters = [{"Key": "stack", "Values": ["ours"]}]
    pages = tagging.get_paginator("get_resources").paginate(TagFilters=filters, **asked)
    return [item["ResourceARN"] for page in pages for item in page["ResourceTagMappingList"]]


def load_balancing() -> list[str]:
    elb, network = client_of("elbv2"), make_network(client_of("ec2"), "10.0")
    alb, group = make_alb(elb, network), make_group(elb, network)
    listener = make_listener(elb, alb)
    rule = elb.create_rule(
        ListenerArn=listener,
        Priority=1,
        Actions=NOT_FOUND,
        Conditions=[{"Field": "path-pattern", "Values": ["/"]}],
    )["Rules"][0]["RuleArn"]
    arns = [alb, group, listener, rule]
    elb.add_tags(ResourceArns=arns, Tags=TAGS)
    return arns


def repository() -> list[str]:
    return [client_of("ecr").create_repository(repositoryName="repo", tags=TAGS)["repository"]["repositoryArn"]]


def discovery() -> list[str]:
    vpc = client_of("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    client_of("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    cloud_map = client_of("servicediscovery")
    cloud_map.create_private_dns_namespace(Name="a.local", Vpc=vpc, Tags=TAGS)
    namespace = cloud_map.list_namespaces()["Namespaces"][0]
    service = cloud_map.create_service(Name="s", NamespaceId=namespace["Id"], Tags=TAGS)["Service"]
    return [namespace["Arn"], service["Arn"]]


def log_group() -> list[str]:
    client_of("logs").create_log_group(logGroupName="/g", tags={"stack": "ours"})
    return [client_of("logs").describe_log_groups()["logGroups"][0]["logGroupArn"]]


def ecs() -> list[str]:
    tags = [{"key": "stack", "value": "ours"}]
    cluster = client_of("ecs").create_cluster(clusterName="c", tags=tags)["cluster"]["clusterArn"]
    web = {"name": "web", "image": "nginx", "memory": 128}
    definition = client_of("ecs").register_task_definition(family="f", containerDefinitions=[web], tags=tags)
    service = client_of("ecs").create_service(
        cluster="c", serviceName="s", taskDefinition="f", desiredCount=0, tags=tags
    )
    return [cluster, definition["taskDefinition"]["taskDefinitionArn"], service["service"]["serviceArn"]]


def network() -> list[str]:
    spec = [{"ResourceType": "vpc", "Tags": TAGS}]
    vpc = client_of("ec2").create_vpc(CidrBlock="10.2.0.0/16", TagSpecifications=spec)["Vpc"]["VpcId"]
    return [f"arn:aws:ec2:us-east-1:123456789012:vpc/{vpc}"]


@pytest.mark.parametrize("make", [load_balancing, repository, discovery, log_group, ecs, network])
def test_the_tagging_api_knows(tagging, make: Callable[[], list[str]]):
    assert sorted(make()) == sorted(found(tagging))


def test_dashboards_show_their_tags_to_cloudwatch_only(tagging):
    client_of("cloudwatch").put_dashboard(DashboardName="b", DashboardBody='{"widgets": []}', Tags=TAGS)
    arn = client_of("cloudwatch").get_dashboard(DashboardName="b")["DashboardArn"]
    assert client_of("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"] == TAGS
    assert found(tagging) == []


def test_other_tags_do_not_match(tagging):
    client_of("ecr").create_repository(repositoryName="repo", tags=[{"Key": "stack", "Value": "theirs"}])
    assert found(tagging) == []


def test_a_type_can_be_asked_for(tagging):
    repositories = repository()
    log_group()
    assert found(tagging, ResourceTypeFilters=["ecr:repository"]) == repositories


def test_answers_come_by_pages(tagging):
    for number in range(60):
        client_of("ecr").create_repository(repositoryName=f"r{number}", tags=TAGS)
    first = tagging.get_resources()
    assert (len(first["ResourceTagMappingList"]), bool(first["PaginationToken"])) == (50, True)
    assert len(found(tagging)) == 60


def test_tags_reach_what_is_there_and_the_others_are_told(tagging):
    (arn,) = repository()
    told = tagging.tag_resources(ResourceARNList=[arn, f"{arn}-absent"], Tags={"team": "ours"})
    assert [*told["FailedResourcesMap"]] == [f"{arn}-absent"]
    assert {"Key": "team", "Value": "ours"} in client_of("ecr").list_tags_for_resource(resourceArn=arn)["tags"]
    assert tagging.get_tag_keys()["TagKeys"] == ["stack", "team"]
