from collections.abc import Iterator, Sequence

from desired_state.checks.violation import Violation
from desired_state.platform import Platform

# AWS raises neither: ECS API reference, AwsVpcConfiguration, less the group of all tasks; IAM user guide, "IAM
# and AWS STS quotas".
_MOST = {"security_groups": 5 - 1, "policies": 20}
_WHY = {"security_groups": "besides the one that all tasks are in", "policies": "on its task role"}


def check_attached(platform: Platform) -> Iterator[Violation]:
    """Check that AWS takes as many groups and policies of others for a service as the file names."""
    for name, service in platform.services.items():
        for key, most in _MOST.items():
            named: Sequence[str] = getattr(service, key)
            if len(named) > most:
                message = f"{len(named)} are too many: a service takes {most}, {_WHY[key]}"
                yield Violation(("services", name, key), message)
