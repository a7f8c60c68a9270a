"""Compute how urgent each change is: how long before the end of an apply it must begin, at AWS's rates.

The apply is laid out backwards. Each step ends just before what waits for it begins, and the calls of a token
bucket keep their distance from each other. So a hundred task definitions, at one a second, must begin one after
the other, and what each of them needs begins in the same order: the first service's role, policy and log groups
before the second's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from heapq import heappop, heappush

from reconciler.aws.buckets import Bucket, Buckets
from reconciler.model.plan import Change
from reconciler.model.steps import Call, Step

CALL_TAKES = 0.1  # seconds, usually
WAITS_TAKE = {  # seconds that AWS usually takes, where it is long
    "servicediscovery.operation_ended": 65.0,  # of a namespace (terraform-provider-aws)
    "ecs.service_inactive": 60.0,  # until its tasks are drained
    "elbv2.load_balancer_state": 150.0,
    "rollout": 110.0,  # until its tasks run and their targets are healthy
}


def urgencies(
    changes: Mapping[str, Change], graph: Mapping[str, Collection[str]], buckets: Buckets
) -> dict[str, float]:
    """Return the seconds before the end at which each node of the graph must begin at the latest.

    `graph` has the nodes that come before each node. A node that is no change takes no time, nor does clean-up.
    For settling steps, such as a rollout, only the end waits.
    """
    waiting, order = defaultdict[str, int](int), {key: -n for n, key in enumerate(changes)}
    for before in graph.values():
        for node in before:
            waiting[node] += 1
    found, ends = dict[str, float](), dict.fromkeys(graph, 0.0)
    used = dict[Bucket, float]()  # the seconds before the end at which the bucket's calls begin, so far
    ready = [(0.0, order.get(node, 0), node) for node in sorted(graph) if not waiting[node]]
    ready.sort()
    while ready:
        end, _, node = heappop(ready)
        takes_time = node in changes and not changes[node].is_clean_up
        found[node] = _begin(changes[node].steps, end, used, buckets) if takes_time else end
        for before in graph[node]:
            ends[before] = max(ends[before], found[node])
            waiting[before] -= 1
            if not waiting[before]:
                heappush(ready, (ends[before], order.get(before, 0), before))
    return found


def changes_something(step: Step) -> bool:
    """Tell whether a step is a write: others only read."""
    return isinstance(step, Call) and not step.reads


def write_bucket(step: Step, buckets: Buckets) -> Bucket | None:
    """Return the bucket of a step that changes something; None if it has none, or only reads."""
    return buckets.bucket_of(*step.asks[0]) if changes_something(step) else None


def _begin(steps: Collection[Step], end: float, used: dict[Bucket, float], buckets: Buckets) -> float:
    """Return the seconds before the end of all at which steps must begin that end `end` seconds before it."""
    end = max(end, sum(_takes(step) for step in steps if step.settling))
    for step in reversed([step for step in steps if not step.settling]):
        end += _takes(step)
        if bucket := write_bucket(step, buckets):
            end = used[bucket] = max(end, used.get(bucket, 0.0) + 1 / bucket[0].per_second)
    return end


def _takes(step: Step) -> float:
    """Return the seconds that a step usually takes."""
    return CALL_TAKES + WAITS_TAKE.get(step.title, 0.0)
