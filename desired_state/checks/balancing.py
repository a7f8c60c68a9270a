from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.service import Service


def check_balancing(wanted: Service) -> Iterator[Violation]:
    """Check what the target groups of one service are told together."""
    if wanted.slow_start and wanted.algorithm not in (None, "round_robin"):
        message = f"does not go with algorithm {wanted.algorithm}: leave one of them out"
        yield Violation(("slow_start",), message, depends_on=(("algorithm",),))
    versions = {port.version for port in wanted.routed_ports.values()}
    for_grpc = wanted.health_check.is_for_grpc
    where, on = ("health_check", "matcher"), (("routes",), ("ports",))
    if for_grpc and versions and "GRPC" not in versions:
        yield Violation(where, "has statuses of gRPC, and no routes lead to a port with grpc", depends_on=on)
    elif versions == {"GRPC"} and not for_grpc and "matcher" in wanted.health_check.model_fields_set:
        yield Violation(where, "has statuses of HTTP, and the port is gRPC: give 0 to 99", depends_on=on)
