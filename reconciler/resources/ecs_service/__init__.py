"""ECS services on Fargate, with rolling deployments."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.resources.ecs_cluster import share
from reconciler.resources.ecs_service.calls import ensure_service, remove
from reconciler.resources.ecs_service.images import running
from reconciler.resources.ecs_service.spec import COMPLETED, FAILED, IN_PROGRESS, STOPS, EcsService, Target
from reconciler.resources.kind import Kind
from reconciler.resources.running_services import delay, described, failure, primary

__all__ = ["KIND", "EcsService", "Target"]

DRAINING = " (draining)"  # after the name of one that is deleted and still has tasks
BREAKER = {(True, True): "rollback", (True, False): "enabled"}


def read(reads: Reads) -> Iterator[Live[EcsService]]:
    services = [s for s in described(reads) if s["status"] != "INACTIVE"]
    wanted = reads.wanted.get("ecs_service", {})
    images = {name: want.images for name, want in wanted.items() if isinstance(want, EcsService)}
    runs = running(reads, services, images)
    delays = reads.map(lambda s: delay(reads, s), services)
    for s, seconds in zip(services, delays, strict=True):
        owned = tags.parse(s.get("tags"))
        owner = tags.owner(owned)
        newest = primary(s)
        outputs = {"id": s["serviceName"], "arn": s["serviceArn"]} | (
            {"deployment": newest["id"]} if newest else {}
        )
        ours = owner == reads.stack.name
        spec = normal(s).model_copy(update={"stops_within": STOPS + seconds})
        if s["status"] == "ACTIVE":
            more = {"images": runs.get(spec.name), "deployment": _state(reads, s) if ours else COMPLETED}
            yield Live(spec.model_copy(update={"tags": owned, **more}), outputs, owner)
        elif ours:  # its name is not free yet, but it cannot be changed, nor deleted again
            gone = {"name": spec.name + DRAINING, "draining": True}
            yield Live(spec.model_copy(update=gone), outputs, owner)


def _state(reads: Reads, service: Mapping[str, Any]) -> str:
    """How its last deployment stands: one under way, of a run that was killed, is waited for by the next."""
    if why := failure(reads, service):
        return FAILED + why
    newest = primary(service) or {}
    return IN_PROGRESS if newest.get("rolloutState") == IN_PROGRESS else COMPLETED


def normal(service: Mapping[str, Any]) -> EcsService:
    """What DescribeServices tells, without what AWS fills in by itself."""
    network = service.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    deploys = service.get("deploymentConfiguration", {})
    breaker = deploys.get("deploymentCircuitBreaker", {})
    return EcsService(
        name=service["serviceName"],
        cluster=service["clusterArn"].rpartition("/")[2],
        task_definition=service.get("taskDefinition", ""),
        desired_count=service.get("desiredCount", 0),
        capacity_providers={
            i["capacityProvider"]: share(i) for i in service.get("capacityProviderStrategy", ())
        },
        subnets=frozenset(network.get("subnets", ())),
        security_groups=frozenset(network.get("securityGroups", ())),
        public_address=network.get("assignPublicIp") == "ENABLED",
        targets=frozenset(map(_target, service.get("loadBalancers", ()))),
        registries=frozenset(r["registryArn"] for r in service.get("serviceRegistries", ())),
        minimum_healthy_percent=deploys.get("minimumHealthyPercent", 100),
        maximum_percent=deploys.get("maximumPercent", 200),
        circuit_breaker=BREAKER.get((breaker.get("enable", False), breaker.get("rollback", False)), "off"),
        grace_period=service.get("healthCheckGracePeriodSeconds", 0),
        propagate_tags=service.get("propagateTags", "NONE"),
        managed_tags=service.get("enableECSManagedTags", False),
        execute_command=service.get("enableExecuteCommand", False),
    )


def _target(balancer: Mapping[str, Any]) -> Target:
    group = balancer.get("targetGroupArn") or balancer.get("loadBalancerName", "")
    container = balancer.get("containerName", "")
    return Target(target_group=group, container=container, port=balancer.get("containerPort", 0))


def clashes(live: EcsService, want: EcsService) -> bool:
    """Whether it has the name and the cluster of the other, also while it drains."""
    return live.name.removesuffix(DRAINING) == want.name and live.cluster == want.cluster


KIND = Kind(EcsService, read, ensure_service, remove, heading="services", tagging=tags.ECS, clashes=clashes)
