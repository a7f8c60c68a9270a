"""Keys that this file will have; until then they are refused, and never passed over."""

from collections.abc import Mapping

_YET = "not supported yet"
_CONTAINERS = f"{_YET}: a task has one container of yours, and the X-Ray daemon (`tracing`)"
_SQS = (
    f"{_YET}: make queues and topics elsewhere, and give rights in `permissions` and addresses in `environment`"
)

_CONNECT = f"{_YET}: services find each other by DNS, as NAME.NAMESPACE (`discovery.namespace`)"

WORDS: Mapping[str, Mapping[str, str]] = {
    "Platform": {
        "jobs": f"{_YET}: there are services only, which run all the time",
        "alarms": f"{_YET}: there is a `dashboard`",
        "queues": _SQS,
        "topics": _SQS,
        "service_connect": _CONNECT,
        "nat": "write `network.nat`",
        "endpoints": "write `network.endpoints`",
        "addons": f"{_YET}: make other resources elsewhere, and give rights in `services.NAME.permissions`",
        "protect": f"{_YET} for the whole platform: write `services.NAME.protect`, or `service_defaults.protect`",
    },
    "Network": {
        "isolation": f"{_YET}: all tasks share one security group",
    },
    "LoadBalancer": {},
    "Roles": {
        "execution": "write `services.NAME.roles`, or `service_defaults.roles`",
        "task": "write `services.NAME.roles`, or `service_defaults.roles`",
    },
    "Service": {
        "alarms": f"{_YET}: there is a `dashboard`",
        "calls": f"{_YET}: all tasks of the platform may connect to each other",
        "connect": _CONNECT,
        "service_connect": _CONNECT,
        "schedule": f"{_YET}: a service runs all the time; `scaling.schedules` says when it has how many tasks",
        "queues": _SQS,
        "topics": _SQS,
        "depends_on": f"{_YET}: all services start at once; let each one try again until it reaches the others",
        "docker_labels": f"{_YET}: write `tags` for the platform, at the top",
        "mounts": f"{_YET}: tasks have no volumes",
        "new": "leave it out: only an overlay says it of a service",
        "publishes": _SQS,
        "queue": _SQS,
        "route_to": _CONTAINERS,
        "sidecars": _CONTAINERS,
        "subscribes": _SQS,
        "volumes": f"{_YET}: tasks have no volumes, only `ephemeral_storage`, which goes when they stop",
    },
    "Image": {
        "build": f"{_YET}: build and push it yourself to the repository that the command outputs shows",
    },
    "Deployment": {
        "strategy": f"{_YET}: deployments are rolling; write `minimum_healthy_percent` and `maximum_percent`",
        "bake": f"{_YET}: deployments are rolling",
        "canary": f"{_YET}: deployments are rolling",
        "linear": f"{_YET}: deployments are rolling",
        "test_listener": f"{_YET}: deployments are rolling",
        "pause_before": f"{_YET}: deployments are rolling",
        "alarms": f"{_YET}: write `circuit_breaker`",
        "before": f"{_YET}: run it before apply",
    },
    "Scaling": {
        "backlog": f"{_YET}: write `cpu` or `memory`, in percent, or `requests`",
    },
    "Logs": {
        "driver": f"{_YET}: logs go to CloudWatch Logs",
        "options": f"{_YET}: logs go to CloudWatch Logs",
        "image": f"{_YET}: logs go to CloudWatch Logs",
    },
    "Tracing": {"otel": f"{_YET}: write `xray`"},
}
