from pathlib import Path

import pytest
from toys import toy

from desired_state import Platform, load
from reconciler.blueprint.outputs import outputs
from reconciler.model.references import Address

DNS = "alb-dev-1.us-east-1.elb.amazonaws.com"
FILE = "platform: shop\nenvironment: dev\nsuffix: dev\nregion: us-east-1\nservices: {web: {}}\n"


@pytest.fixture
def shop(tmp_path: Path):
    def loaded(more: str = "") -> Platform:
        path = tmp_path / "platform.yaml"
        path.write_text(FILE + more)
        return load(path, environ={})

    return loaded


def told(
    platform: Platform, *living: tuple[str, str], partition: str = "aws", desired: bool = True
) -> dict[str, str]:
    values = {
        "load_balancer": {"dns": DNS},
        "ecr_repository": {"uri": "123.dkr/repo"},
        "sqs_queue": {"id": "https://sqs/1"},
    }
    ids = {Address(kind, name): values.get(kind, {"id": f"id of {name}"}) for kind, name in living}
    return outputs(platform, partition, {address: toy("any") for address in ids if desired}, ids)


def test_what_does_not_live_is_not_told(shop):
    assert told(shop()) == {}
    assert told(shop(), ("ecs_cluster", "ecs-cluster-dev")) == {"ClusterName": "ecs-cluster-dev"}


def test_what_lives_and_is_not_wanted_is_not_told(shop):
    assert told(shop(), ("ecs_cluster", "ecs-cluster-dev"), desired=False) == {}


def test_the_network_tells_its_ids_for_what_others_put_into_it(shop):
    both = shop("network: {subnets: {public: {}, private: {}}, nat: one}\n")
    living = [
        ("vpc", "vpc-dev"),
        *(("subnet", f"subnet-{tier}-dev") for tier in ("private-2", "public-1", "private-1")),
    ]
    assert told(both, *living) == {
        "VpcId": "id of vpc-dev",
        "PublicSubnets": "id of subnet-public-1-dev",
        "PrivateSubnets": "id of subnet-private-1-dev,id of subnet-private-2-dev",
    }


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a"
SECURED = f'{{port: 443, certificate: "{CERTIFICATE}"}}'


@pytest.mark.parametrize(
    ("listeners", "url"),
    [
        ("a: {port: 80}", f"http://{DNS}/"),
        ("a: {port: 8000}", f"http://{DNS}:8000/"),
        ("a: {port: 80}, b: {port: 81}", f"http://{DNS}/"),
        (f"a: {SECURED}", f"https://{DNS}/"),
        (f"a: {{port: 80}}, b: {SECURED}", f"https://{DNS}/"),
        (f"a: {{port: 80, redirect: {{}}}}, b: {SECURED}", f"https://{DNS}/"),
        ("a: {port: 80, redirect: {}}, b: {port: 81}", f"http://{DNS}:81/"),
    ],
)
def test_the_url_is_that_of_the_listener_to_which_routes_go_by_themselves(shop, listeners, url):
    platform = shop(f"load_balancer: {{listeners: {{{listeners}}}}}\n")
    assert told(platform, ("load_balancer", "alb-dev"))["URL"] == url


def test_the_url_is_that_of_a_listener_that_has_routes(shop):
    listeners = f"load_balancer: {{listeners: {{a: {{port: 80}}, b: {SECURED}}}}}\n"
    platform = shop(f"{listeners}service_defaults: {{routes: [{{priority: 1, paths: [/], listener: a}}]}}\n")
    assert told(platform, ("load_balancer", "alb-dev"))["URL"] == f"http://{DNS}/"


def test_the_job_tells_where_its_image_goes_and_where_to_look(shop):
    living = [
        ("ecr_repository", "ecr-repo-drift-correction-dev"),
        ("log_group", "/aws/ecs/drift-correction-dev"),
        ("sqs_queue", "drift-correction-dead-letters-dev"),
        ("sqs_queue", "drift-events-dev"),
    ]
    assert told(shop("drift_correction: {events: true}\n"), *living) == {
        "RepositoryUri.drift-correction": "123.dkr/repo",
        "LogGroup.drift-correction": "/aws/ecs/drift-correction-dev",
        "DeadLetters": "https://sqs/1",
        "EventsQueue": "https://sqs/1",
    }
    assert told(shop(), *living) == {}


def test_each_service_has_its_own_names(shop):
    living = [
        ("ecs_service", "svc-web-dev"),
        ("cloud_map_service", "web"),
        ("ecr_repository", "ecr-repo-web-dev"),
        ("log_group", "/aws/ecs/web-dev"),
    ]
    assert told(shop(), *living) == {
        "ServiceName.web": "svc-web-dev",
        "DiscoveryName.web": "web.services-dev.local:8080",
        "RepositoryUri.web": "123.dkr/repo",
        "LogGroup.web": "/aws/ecs/web-dev",
    }


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "console.aws.amazon.com"),
        ("aws-cn", "console.amazonaws.cn"),
        ("aws-us-gov", "console.amazonaws-us-gov.com"),
    ],
)
def test_the_dashboard_is_in_the_partitions_own_console(shop, partition, host):
    link = told(shop(), ("dashboard", "ecs-services-dev"), partition=partition)["Dashboard"]
    assert (
        link
        == f"https://us-east-1.{host}/cloudwatch/home?region=us-east-1#dashboards/dashboard/ecs-services-dev"
    )


def test_the_namespace_is_named_as_the_file_names_it(shop):
    platform = shop("discovery: {namespace: shop.internal}\n")
    assert told(platform, ("cloud_map_namespace", "shop.internal")) == {"NamespaceName": "shop.internal"}


def test_of_services_only_those_that_are_asked_for_are_told(shop):
    services = (("ecs_cluster", "ecs-cluster-dev"), ("ecs_service", "svc-web-dev"))
    ids = {Address(*living): {} for living in services}
    wanted = {address: toy("any") for address in ids}
    found = {of: [*outputs(shop(), "aws", wanted, ids, of)] for of in (None, ("web",), ("other",))}
    assert found[None] == found["web",] == ["ClusterName", "ServiceName.web"]
    assert found["other",] == ["ClusterName"]
