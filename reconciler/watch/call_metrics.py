"""Count the requests to AWS, each try of its own: a retry costs AWS's rates too."""

from typing import Any

from reconciler.aws.errors import THROTTLING_CODES
from reconciler.watch.metrics import Metrics


def count_calls(metrics: Metrics, events: Any) -> None:
    """Count the requests of the clients created from now on; `events` are those of a boto3 session."""

    def count(event_name: str, parsed_response: Any = None, **_: Any) -> None:
        service, operation = event_name.split(".")[1:]
        outcome = _outcome(parsed_response)
        metrics.calls.labels(service, operation, outcome).inc()
        if outcome == "throttled":
            metrics.throttles.labels(service).inc()

    events.register("response-received.*.*", count)


def _outcome(response: Any) -> str:
    if response is None:
        return "no answer"
    code = response.get("Error", {}).get("Code")
    if code in THROTTLING_CODES:
        return "throttled"
    return "refused" if code else "done"
