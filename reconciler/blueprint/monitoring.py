"""The dashboard: what the load balancer and the services do, minute by minute."""

from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.blueprint.context import Context
from reconciler.blueprint.load_balancing import LoadBalancing
from reconciler.model.references import Json, Ref
from reconciler.resources.dashboard import Dashboard, make_mark_widget

PERIOD = 60  # seconds
WIDTH, HEIGHT = 12, 6  # of a widget; a row is 24 wide
ELB, ECS = "AWS/ApplicationELB", "AWS/ECS"

Metric = list[Any]  # namespace, name, then dimension and value in turn
Widget = tuple[str, str, list[Metric]]  # title, statistic, metrics


def dashboard(context: Context, balancing: LoadBalancing) -> Dashboard:
    """Two widgets to a row, under a line that says whose the dashboard is."""
    widgets = [
        make_mark_widget(context.stack, context.names.dashboard),
        *_placed([*_of_the_load_balancer(balancing), *_of_the_services(context)], context.facts.region),
    ]
    return context.spec(Dashboard, context.names.dashboard, body=Json({"widgets": widgets}))


def _of_the_load_balancer(balancing: LoadBalancing) -> Iterator[Widget]:
    balancer = Ref("load_balancer", balancing.load_balancer.name, "dimension")
    on = ["LoadBalancer", balancer]
    yield "ALB Request Count", "Sum", [[ELB, "RequestCount", *on]]
    yield "ALB Target Response Time", "Average", [[ELB, "TargetResponseTime", *on]]
    groups = [Ref("target_group", group.name, "dimension") for group in balancing.target_groups.values()]
    if groups:
        for state in ("Healthy", "Unhealthy"):
            metric = "HealthyHostCount" if state == "Healthy" else "UnHealthyHostCount"
            metrics = [[ELB, metric, "TargetGroup", group, *on] for group in groups]
            yield f"Target Group {state} Hosts", "Average", metrics


def _of_the_services(context: Context) -> Iterator[Widget]:
    for service in context.platform.services:
        name = context.names.service(service)
        for resource in ("CPU", "Memory"):
            metric = [ECS, f"{resource}Utilization", "ClusterName", context.names.cluster, "ServiceName", name]
            yield f"{name} - {resource} Utilization", "Average", [metric]


def _placed(widgets: Sequence[Widget], region: str) -> Iterator[dict[str, Any]]:
    for number, (title, statistic, metrics) in enumerate(widgets):
        row, column = divmod(number, 2)
        yield {
            "type": "metric",
            "x": column * WIDTH,
            "y": 1 + row * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": title,
                "view": "timeSeries",
                "region": region,
                "stat": statistic,
                "period": PERIOD,
                "metrics": metrics,
            },
        }
