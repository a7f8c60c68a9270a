"""The headings under which a plan shows its changes."""

from reconciler.model.plan import Change

HEADINGS = {  # of resources that belong to no service of the platform, by kind
    "vpc": "network",
    "subnet": "network",
    "internet_gateway": "network",
    "egress_only_internet_gateway": "network",
    "elastic_ip": "network",
    "nat_gateway": "network",
    "vpc_endpoint": "network",
    "flow_log": "network",
    "route_table": "network",
    "security_group": "network",
    "security_group_rules": "network",
    "ecs_cluster": "cluster",
    "cloud_map_namespace": "cluster",
    "iam_role": "roles",
    "load_balancer": "load balancing",
    "listener": "load balancing",
    "listener_rule": "load balancing",
    "target_group": "load balancing",
    "certificate": "load balancing",
    "dns_record": "load balancing",
    "ecr_repository": "images",
    "image": "images",
    "log_group": "logs",
    "task_definition": "task definitions",
    "cloud_map_service": "services",
    "ecs_service": "services",
    "scalable_target": "services",
    "dashboard": "monitoring",
    "event_rule": "monitoring",
    "schedule_group": "schedules",
    "schedule": "schedules",
    "sqs_queue": "queues",
}
FIRST, LAST = ("network", "cluster", "roles", "load balancing"), ("monitoring",)  # the services are between


def heading(change: Change) -> str:
    """Return `service NAME`, or the heading of the resource's kind."""
    return heading_of(change.address.kind, change.service)


def heading_of(kind: str, service: str | None) -> str:
    """Return the heading of a resource, given its kind and the service that it belongs to."""
    return f"service {service}" if service else HEADINGS.get(kind, "other")


def rank(heading: str) -> tuple[int, int, str]:
    """Return a sort key for headings: the network first, then services, monitoring last."""
    if heading in FIRST:
        return 0, FIRST.index(heading), heading
    return (2, LAST.index(heading), heading) if heading in LAST else (1, 0, heading)
