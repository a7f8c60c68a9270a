"""The dashboard, with the metrics of the load balancers and the services by the minute."""

from collections.abc import Iterator, Sequence
from typing import Any

from desired_state.load_balancer import NETWORK
from reconciler.blueprint.context import Context
from reconciler.blueprint.load_balancing import LoadBalancing
from reconciler.model.references import Json, Ref
from reconciler.resources.dashboard import Dashboard, make_mark_widget

METRIC_PERIOD = 60  # seconds
WIDGET_WIDTH, WIDGET_HEIGHT = 12, 6  # in grid units; a row is 24 wide
ELB, NETWORK_ELB, ECS = "AWS/ApplicationELB", "AWS/NetworkELB", "AWS/ECS"

Metric = list[Any]  # namespace, name, then dimension and value in turn
Widget = tuple[str, str, list[Metric]]  # title, statistic, metrics


def dashboard(context: Context, balancing: LoadBalancing) -> Dashboard:
    """Return the dashboard: two widgets in a row, below a line with the owner."""
    widgets = [
        make_mark_widget(context.stack, context.names.dashboard),
        *_place(
            [*_load_balancer_widgets(context, balancing), *_service_widgets(context)], context.facts.region
        ),
    ]
    return context.spec(Dashboard, context.names.dashboard, body=Json({"widgets": widgets}))


def _load_balancer_widgets(context: Context, balancing: LoadBalancing) -> Iterator[Widget]:
    network = {key for key, one in context.platform.balancers.items() if one.type == NETWORK}
    for key, balancer in balancing.balancers.items():
        dimension, of = ["LoadBalancer", balancer.dimension], f" {key}" if key else ""
        if key in network:
            yield f"NLB{of} New Flows", "Sum", [[NETWORK_ELB, "NewFlowCount", *dimension]]
            yield f"NLB{of} Processed Bytes", "Sum", [[NETWORK_ELB, "ProcessedBytes", *dimension]]
            continue
        yield f"ALB{of} Request Count", "Sum", [[ELB, "RequestCount", *dimension]]
        yield f"ALB{of} Target Response Time", "Average", [[ELB, "TargetResponseTime", *dimension]]
    groups = [
        [
            NETWORK_ELB if one.balancer in network else ELB,
            "TargetGroup",
            Ref("target_group", group.name, "dimension"),
            "LoadBalancer",
            balancing.balancers[one.balancer].dimension,
        ]
        for one, group in balancing.target_groups.items()
    ]
    if groups:
        for state in ("Healthy", "Unhealthy"):
            metric = "HealthyHostCount" if state == "Healthy" else "UnHealthyHostCount"
            metrics = [[namespace, metric, *dimensions] for namespace, *dimensions in groups]
            yield f"Target Group {state} Hosts", "Average", metrics


def _service_widgets(context: Context) -> Iterator[Widget]:
    for service in context.platform.services:
        name = context.names.service(service)
        for resource in ("CPU", "Memory"):
            metric = [
                ECS,
                f"{resource}Utilization",
                "ClusterName",
                context.platform.cluster_name,
                "ServiceName",
                name,
            ]
            yield f"{name} - {resource} Utilization", "Average", [metric]


def _place(widgets: Sequence[Widget], region: str) -> Iterator[dict[str, Any]]:
    """Yield the widgets in CloudWatch's form, placed from left to right and down."""
    for number, (title, statistic, metrics) in enumerate(widgets):
        row, column = divmod(number, 2)
        yield {
            "type": "metric",
            "x": column * WIDGET_WIDTH,
            "y": 1 + row * WIDGET_HEIGHT,
            "width": WIDGET_WIDTH,
            "height": WIDGET_HEIGHT,
            "properties": {
                "title": title,
                "view": "timeSeries",
                "region": region,
                "stat": statistic,
                "period": METRIC_PERIOD,
                "metrics": metrics,
            },
        }
