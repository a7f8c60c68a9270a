"""Words of AWS Copilot's manifests (aws.github.io/copilot-cli/docs/manifest)."""

from collections.abc import Mapping

_OTHER_FILE = "write environments/NAME.yaml beside this file for what differs in an environment"
_CIRCUIT = "write `circuit_breaker`, `minimum_healthy_percent` or `maximum_percent`"

WORDS: Mapping[str, Mapping[str, str]] = {
    "Platform": {
        "environments": _OTHER_FILE,
        "http": "write `load_balancer` for listeners, and `services.NAME.routes` for paths and hosts",
        "observability": "write `cluster.container_insights`, or `services.NAME.tracing`",
        "sidecars": "not supported yet: a task has one container of yours, and the X-Ray daemon",
        "type": "leave it out: a service with `services.NAME.routes` is behind the load balancer, others are not",
        "variables": "write `services.NAME.environment`",
    },
    "Service": {
        "count": "write `desired_count`, or `scaling` for a range",
        "environments": _OTHER_FILE,
        "exec": "write `execute_command`",
        "http": "write `routes`, such as [{priority: 1, paths: [/api/*]}], and `health_check`",
        "network": "write `placement`, public or private, and `security_groups` for further ones",
        "nlb": "not supported yet: there is an application load balancer (`routes`)",
        "observability": "write `tracing`",
        "publish": "not supported yet: make topics elsewhere, and give rights in `permissions`",
        "storage": "write `ephemeral_storage`, in GiB, and `read_only`; volumes are not supported yet",
        "subscribe": "not supported yet: make queues elsewhere, and give rights in `permissions`",
        "taskdef_overrides": "not supported: the engine compares the whole task definition",
        "type": "leave it out: a service with `routes` is behind the load balancer, others are not",
        "variables": "write `environment`",
    },
    "Image": {
        "credentials": "not supported: tasks pull from ECR and from public registries",
        "depends_on": "not supported yet: a task has one container of yours",
        "dockerfile": "not supported yet: build and push the image yourself",
        "healthcheck": "write `services.NAME.container_health_check`",
        "location": "write `uri`",
        "port": "write `services.NAME.port`, or `services.NAME.ports` for several",
    },
    "Network": {
        "connect": "not supported yet: services find each other by DNS",
        "id": "write `existing.vpc` and `existing.subnets`",
        "security_group": "write `services.NAME.security_groups` for further ones: all tasks share one group of the stack",
        "vpc": "write `cidr`, or `existing` for a VPC that exists; and `services.NAME.placement`",
    },
    "Route": {
        "alias": "write `hosts`",
        "allowed_source_ips": "write `source`, a list of ranges",
        "deregistration_delay": "write it beside routes: `services.NAME.deregistration_delay`",
        "healthcheck": "write it beside routes: `services.NAME.health_check`",
        "target_port": "write `port`, a name of `services.NAME.ports`",
        "host": "write `hosts`, a list",
        "path": "write `paths`, a list",
        "stickiness": "write `sticky`, a duration such as 1h",
        "target_container": "not supported yet: a task has one container of yours",
        "version": "write `services.NAME.ports.NAME.protocol`, http2 or grpc",
    },
    "HealthCheck": {
        "healthy_threshold": "write `healthy`",
        "unhealthy_threshold": "write `unhealthy`",
        "success_codes": "write `matcher`",
    },
    "Deployment": {"rolling": _CIRCUIT, "rollback_alarms": "not supported yet: write `circuit_breaker`"},
    "Scaling": {
        "range": "write `min` and `max`",
        "cpu_percentage": "write `cpu`",
        "memory_percentage": "write `memory`",
        "cooldown": "write `scale_in_cooldown` and `scale_out_cooldown`",
        "queue_delay": "not supported yet: write `cpu` or `memory`, in percent",
        "response_time": "not supported yet: write `cpu` or `memory`, in percent",
        "spot_from": "write `services.NAME.capacity_providers`, with a base for FARGATE",
        "value": "write `cpu` or `memory`, in percent, or `requests`",
    },
    "Logs": {
        "configFilePath": "not supported yet: logs go to CloudWatch Logs",
        "destination": "not supported yet: logs go to CloudWatch Logs",
        "enableMetadata": "not supported yet: logs go to CloudWatch Logs",
        "retention": "write `retention_days`",
    },
    "Secret": {
        "secretsmanager": "write `secret`, and `key` for a part of it",
        "from_cfn": "write {cloudformation:STACK.OUTPUT} in place of the whole, with the output that has the ARN",
    },
}
