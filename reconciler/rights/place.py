"""Where a policy's resources are, and the names that they have there."""

from collections.abc import Mapping
from dataclasses import dataclass

from desired_state.platform import Platform


@dataclass(frozen=True)
class Place:
    """A stack in an account and a region, and the patterns that the names of its resources match."""

    words: Mapping[str, str]

    def fill(self, text: str) -> str:
        """Return the text with its {words} filled in."""
        return text.format_map(self.words)

    def arn(self, service: str, end: str) -> str:
        """Return the filled ARN, given all of it or its end; `*` is every resource."""
        if end == "*" or end.startswith("arn:"):
            return self.fill(end)
        region = "" if service == "iam" else "{region}"
        return self.fill(f"arn:{{partition}}:{service}:{region}:{{account}}:{end}")


def place_of(platform: Platform, *, partition: str, region: str, account: str) -> Place:
    """Return the place of a platform. The patterns also match names of services that have left the file."""
    names = platform.names
    return Place(
        {
            "partition": partition,
            "region": region,
            "account": account,
            "stack": platform.stack,
            "suffix": platform.suffix,
            "cluster": platform.cluster_name,
            "service": names.service("*"),
            "family": names.family("*"),
            "role": names.task_role("*"),
            "flow_logs_role": names.flow_logs_role,
            "schedule_role": names.schedule_role,
            "schedule": names.schedule_group,
            "letters": names.dead_letters,
            "events": names.drift_events,
            "balancer": names.load_balancer,
            "repository": names.repository("*"),
            "log_group": names.log_group("*"),
            "dashboard": names.dashboard,
            "namespace": platform.discovery.namespace,
        }
    )
