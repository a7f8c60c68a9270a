"""The resource types, one file for each, and the list of all of them."""

from reconciler.resources import (
    cloud_map_namespace,
    cloud_map_service,
    dashboard,
    ecr_repository,
    ecs_cluster,
    ecs_service,
    iam_role,
    image,
    internet_gateway,
    listener,
    listener_rule,
    load_balancer,
    log_group,
    route_table,
    scalable_target,
    schedule,
    schedule_group,
    security_group,
    security_group_rules,
    sqs_queue,
    subnet,
    target_group,
    task_definition,
    vpc,
)
from reconciler.resources.kind import Kinds

KINDS: Kinds = {
    kind.spec.kind: kind
    for kind in (
        vpc.KIND,
        subnet.KIND,
        internet_gateway.KIND,
        route_table.KIND,
        security_group.KIND,
        security_group_rules.KIND,
        iam_role.KIND,
        log_group.KIND,
        ecr_repository.KIND,
        image.KIND,
        ecs_cluster.KIND,
        cloud_map_namespace.KIND,
        cloud_map_service.KIND,
        load_balancer.KIND,
        target_group.KIND,
        listener.KIND,
        listener_rule.KIND,
        task_definition.KIND,
        ecs_service.KIND,
        scalable_target.KIND,
        dashboard.KIND,
        sqs_queue.KIND,
        schedule_group.KIND,
        schedule.KIND,
    )
}
