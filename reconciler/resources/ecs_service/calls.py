"""The calls that make an ECS service and change it. An update sends only what differs."""

from collections.abc import Iterator
from typing import Any

from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Rollout, Step, Wait
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.ecs_service.parameters import NEW_DEPLOYMENT_FIELDS, PARAMETERS
from reconciler.resources.ecs_service.spec import IN_PROGRESS, EcsService

# ECS gives one code to what passes and to what does not (terraform-provider-aws, ecs/service.go).
BRIEF = 240  # seconds of the races with load balancing and IAM
NOT_LINKED = (
    ErrorMatch("InvalidParameterException", "does not have an associated load balancer", BRIEF),
    ErrorMatch("InvalidParameterException", "Unable to assume the service linked role", BRIEF),
)
NOT_YET = (
    *NOT_LINKED,
    ErrorMatch(
        "InvalidParameterException", "verify that the ECS service role being passed has the proper", BRIEF
    ),
    ErrorMatch("ClusterNotFoundException", "", BRIEF),
    ErrorMatch("InvalidParameterException", "draining"),
)
STOPPING = (
    ErrorMatch("InvalidParameterException", "cannot be stopped while deployments are active"),
    ErrorMatch("InvalidParameterException", "cannot be stopped while it is scaled above 0"),
    ErrorMatch("DependencyViolation", "has a dependent object"),
)
GONE = ("ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException")
INACTIVE = {
    "operation": "DescribeServices",
    "acceptors": [
        {"matcher": "path", "argument": "services[0].status", "expected": "INACTIVE", "state": "success"},
        {"matcher": "path", "argument": "failures[0].reason", "expected": "MISSING", "state": "success"},
        {"matcher": "error", "expected": "ClusterNotFoundException", "state": "success"},
    ],
}
ALL = 100  # percent of the wanted count
PRIMARY = "service.deployments[?status=='PRIMARY'].id | [0]"


def ensure_service(want: EcsService, live: Live[EcsService] | None) -> Iterator[Step]:
    on: dict[str, Any] = {"cluster": want.cluster}
    if not live:
        # No clientToken: after a delete by hand the same one would come again, and mean the service that is gone.
        # What it is for, a name that is unique in its cluster and the look for a lost answer do.
        params = on | {"serviceName": want.name} | _created(want)
        params |= {"tags": tags.encode(want.tags, "key")} if want.tags else {}
        outputs = {"id": "service.serviceName", "arn": "service.serviceArn", "deployment": PRIMARY}
        yield Call("ecs", "create_service", params, outputs, retry=NOT_YET, patience=want.stops_within)
    else:
        yield from tags.retag(tags.ECS, want, live)
        changed = _changed(want, live.spec)
        if changed:
            params = on | {"service": want.ref()} | changed
            yield Call(
                "ecs", "update_service", params, {"deployment": PRIMARY}, retry=NOT_LINKED, patience=BRIEF
            )
        elif live.spec.deployment != IN_PROGRESS:
            return
    deployment = {"cluster": want.cluster, "service": want.ref(), "deployment": want.ref("deployment")}
    yield Rollout(deployment, want.settles_within, balanced=bool(want.targets))


def _created(want: EcsService) -> dict[str, Any]:
    params = {row.name: row.encode(want) for row in PARAMETERS} | _rebalancing(want)
    if params["desiredCount"] is None:
        params["desiredCount"] = want.initial_count
    if not want.targets:
        params["healthCheckGracePeriodSeconds"] = None
    return {name: value for name, value in params.items() if value not in (None, [])}


def _changed(want: EcsService, live: EcsService) -> dict[str, Any]:
    """Return what differs. Load balancers that did not change are never sent: ECS would act on them.

    See kayac/ecspresso#936.
    """

    def differs(field: str) -> bool:
        new, old = getattr(want, field), getattr(live, field)
        unknown = (field == "images" and old is None) or (field == "deployment" and old == IN_PROGRESS)
        return new is not None and new != old and not unknown

    changed = {row.name: row.encode(want) for row in PARAMETERS if any(map(differs, row.fields))}
    changed |= {"forceNewDeployment": True} if any(map(differs, NEW_DEPLOYMENT_FIELDS)) else {}
    return changed | (_rebalancing(want, live) if "deploymentConfiguration" in changed else {})


def _rebalancing(want: EcsService, live: EcsService | None = None) -> dict[str, str]:
    """Turn it off where nothing may run beside the desired count: ECS refuses both together (aws-cdk#32259)."""
    if want.maximum_percent <= ALL:
        return {"availabilityZoneRebalancing": "DISABLED"}
    return {"availabilityZoneRebalancing": "ENABLED"} if live and live.maximum_percent <= ALL else {}


def remove(live: Live[EcsService]) -> Iterator[Step]:
    cluster, name, patience = live.spec.cluster.name, live.outputs["id"], live.spec.stops_within
    if not live.spec.draining:  # one that drains would be refused for ever
        params = {"cluster": cluster, "service": name, "force": True}
        yield Call("ecs", "delete_service", params, ignore=GONE, retry=STOPPING, patience=patience)
    params = {"cluster": cluster, "services": [name]}
    why = "services[0].[status, events[0].message]"
    by = (in_use.stopping_tasks(cluster, name),)
    yield Wait("ecs", "service_inactive", params, model=INACTIVE, why=why, patience=patience, blockers=by)
