"""The number of widgets of a dashboard (CloudWatch user guide, "CloudWatch service quotas")."""

from collections.abc import Iterator

from desired_state.platform import Platform
from reconciler.blueprint.limits.excess import Excess
from reconciler.resources.dashboard import Dashboard

MAX_WIDGETS = 500
WIDGETS_OF_A_SERVICE = 2


def find_excess(dashboard: Dashboard, platform: Platform) -> Iterator[Excess]:
    """Yield the excess of a dashboard with too many widgets."""
    widgets, services = len(dashboard.body.value["widgets"]), len(platform.services)
    if widgets > MAX_WIDGETS:
        of_services = WIDGETS_OF_A_SERVICE * services
        yield Excess(
            ("dashboard",),
            f"the dashboard would have {widgets} widgets, and CloudWatch takes {MAX_WIDGETS}: {of_services} of "
            f"{services} services, {widgets - of_services} of the platform; "
            "write `dashboard: false`, or make two platforms of this one",
        )
