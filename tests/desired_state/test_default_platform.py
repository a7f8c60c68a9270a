import pytest

from desired_state import DEFAULT_FILE, load
from desired_state.container import Image, Logs, XRay
from desired_state.deployment import Deployment
from desired_state.doors import Door
from desired_state.platform import Platform
from desired_state.service import Scaling
from desired_state.traffic import HealthCheck, Route


@pytest.fixture(scope="module")
def platform():
    return load(DEFAULT_FILE, "dev123", environ={})


def test_the_stack_is_named_after_platform_environment_and_region(platform):
    assert platform.stack == "ecs-services/dev123/us-east-1"
    assert platform.suffix == "dev123"
    assert platform.discovery.namespace == "services-dev123.local"


def test_two_public_subnets_follow_each_other(platform):
    assert [str(block) for block in platform.network.blocks("public")] == ["10.0.0.0/24", "10.0.1.0/24"]


def test_one_task_on_demand_then_four_of_five_on_spot(platform):
    strategy = {
        name: (provider.base, provider.weight) for name, provider in platform.cluster.capacity_providers.items()
    }
    assert strategy == {"FARGATE": (1, 1), "FARGATE_SPOT": (0, 4)}
    assert platform.cluster.container_insights == "enabled"


def test_what_no_route_takes_is_not_found(platform):
    listener = platform.load_balancer.listeners["http"]
    assert (listener.port, listener.protocol, listener.redirect) == (
        80,
        "HTTP",
        None,
    )
    assert listener.default.model_dump() == {"status": 404, "content_type": "text/plain", "body": "Not Found"}


def test_only_the_gateway_is_behind_the_load_balancer(platform):
    assert [name for name, service in platform.services.items() if service.routes] == ["api-gateway"]
    gateway = platform.services["api-gateway"]
    assert gateway.routes == (Route(priority=1, paths=("/api/*", "/")),)
    assert platform.door_of(gateway.routes[0]) == Door("", "http")
    assert gateway.health_check == HealthCheck(path="/health", healthy=2, unhealthy=3)
    assert gateway.health_check.grace_period == 60
    assert gateway.deregistration_delay == 30


@pytest.mark.parametrize("name", ["api-gateway", "order-processor", "market-data"])
def test_every_service_has_the_defaults(platform, name):
    service = platform.services[name]
    assert (service.cpu, service.memory, service.port, service.desired_count) == (256, 512, 8080, 2)
    assert service.image == Image(tag="latest", keep=10, scan_on_push=True)
    assert service.logs == Logs(retention_days=7)
    assert service.tracing.xray == XRay(cpu=32, memory=128, retention_days=3)
    assert service.deployment == Deployment(minimum_healthy_percent=50, maximum_percent=200)
    assert service.deployment.circuit_breaker == "rollback"
    assert service.scaling == Scaling(max=10, cpu=70, memory=80, scale_in_cooldown=60, scale_out_cooldown=60)


def test_dev_is_the_default_platform_with_a_tag_of_its_own(platform):
    dev = load(DEFAULT_FILE, "dev", environ={})
    assert dev.tags == {"stage": "dev"}
    named = {"environment": "dev123", "suffix": "dev123", "discovery": platform.discovery, "tags": {}}
    assert dev.model_copy(update=named) == platform


def test_prod_runs_three_tasks_keeps_logs_and_is_protected():
    prod = load(DEFAULT_FILE, "prod", environ={})
    for service in prod.services.values():
        assert (service.desired_count, service.scaling.min, service.protect) == (3, 3, True)
        assert service.logs.retention_days == 90


def test_editors_are_told_what_every_key_means():
    schema = Platform.model_json_schema()
    assert schema["properties"]["service_defaults"]["$ref"] == "#/$defs/Service"
    told = [schema, *schema["$defs"].values()]
    silent = [
        (part["title"], key)
        for part in told
        for key, rule in part["properties"].items()
        if not rule.get("description") and "$ref" not in rule
    ]
    assert silent == []
