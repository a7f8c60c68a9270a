"""The states of a VPC endpoint that a run waits for. botocore has no waiters for them."""

from reconciler.resources.vpc_endpoint.spec import DEAD, GOING, NOT_FOUND

_STATE = {"matcher": "path", "argument": "VpcEndpoints[0].State"}


def _reaching(states: tuple[str, ...], outcome: str) -> list[dict[str, str]]:
    spelled = [spelling for state in states for spelling in (state, state.capitalize())]
    return [{**_STATE, "expected": spelling, "state": outcome} for spelling in spelled]


ENDPOINT_AVAILABLE = {
    "operation": "DescribeVpcEndpoints",
    "acceptors": [
        *_reaching(("available",), "success"),
        *_reaching((*GOING, *DEAD), "failure"),
        *({"matcher": "error", "expected": code, "state": "retry"} for code in NOT_FOUND),
    ],
}
ENDPOINT_DELETED = {
    "operation": "DescribeVpcEndpoints",
    "acceptors": [
        *_reaching(("deleted",), "success"),
        {"matcher": "path", "argument": "length(VpcEndpoints)", "expected": 0, "state": "success"},
        *({"matcher": "error", "expected": code, "state": "success"} for code in NOT_FOUND),
    ],
}
