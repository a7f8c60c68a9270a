"""Find default quotas of AWS that a platform passes. AWS raises them on request: they are no mistakes."""

from collections.abc import Iterator

from desired_state.platform import Platform
from desired_state.warnings.file_warning import FileWarning

RULES_PER_LOAD_BALANCER = (
    100  # without default rules (ELB user guide, "Quotas for your Application Load Balancers")
)


def find_passed_quotas(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each default quota that this file passes."""
    rules = sum(len(service.routes) for service in platform.services.values())
    if rules > RULES_PER_LOAD_BALANCER:
        message = (
            f"{rules} routes; an account has a quota of {RULES_PER_LOAD_BALANCER} rules for a load balancer, "
            "until it is raised in Service Quotas"
        )
        yield FileWarning(("services",), message)
