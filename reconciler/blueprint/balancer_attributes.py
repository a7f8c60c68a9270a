"""The attributes of a load balancer that the file gives, by AWS's names."""

from collections.abc import Iterator

from desired_state.balancer_logs import BalancerLogs
from desired_state.load_balancer import LoadBalancer as Settings
from reconciler.resources.load_balancer import DROP_INVALID_HEADERS, HTTP2


def list_attributes(settings: Settings) -> dict[str, str]:
    """Return the attributes that the file gives; those that it leaves open are left out."""
    flags = {
        "deletion_protection.enabled": settings.deletion_protection,
        DROP_INVALID_HEADERS: settings.drop_invalid_headers,
        HTTP2: settings.http2,
    }
    logs = {
        "access_logs": settings.access_logs,
        "connection_logs": settings.connection_logs,
        "health_check_logs": settings.health_check_logs,
    }
    return {
        "idle_timeout.timeout_seconds": str(settings.idle_timeout),
        **{key: str(flag).lower() for key, flag in flags.items() if flag is not None},
        **dict(pair for kind, wanted in logs.items() if wanted for pair in _list_of_logs(kind, wanted)),
        **settings.attributes,
    }


def _list_of_logs(kind: str, wanted: BalancerLogs) -> Iterator[tuple[str, str]]:
    """Yield the attributes of one kind of logs. Those that are off keep the bucket that they had."""
    yield f"{kind}.s3.enabled", str(bool(wanted.bucket)).lower()
    if wanted.bucket:
        yield f"{kind}.s3.bucket", wanted.bucket
        yield f"{kind}.s3.prefix", wanted.prefix
