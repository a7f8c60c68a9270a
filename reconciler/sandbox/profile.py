"""How an embedded AWS behaves: how long things take, what it limits, how often it fails."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """Durations are virtual seconds (see Clock); rates are probabilities of a single request."""

    name: str
    load_balancer: float = 0  # provisioning -> active
    namespace_operation: float = 0  # SUBMITTED -> PENDING at a third of it -> SUCCESS
    task_start: float = 0  # launched -> PENDING at a third of it -> RUNNING
    task_stop: float = 0  # ordered to stop -> STOPPED, after its connections have drained; 0: these neither
    target_healthy: float = 0  # registered -> healthy
    deployment_settles: float = 0  # all tasks healthy -> COMPLETED
    drain: float = 0  # a service is DRAINING so long before it is INACTIVE
    interface_lingers: float = 0  # a network interface outlives its load balancer or task
    capacity_providers: float = 0  # association ACTIVE
    lag: float = 0  # a new thing is not visible to reads for up to so long
    iam_propagation: float = 0  # a new role cannot be assumed, a new policy is not in force, for so long
    needs: bool = False  # a task starts only if its roles, their permissions and its way out are in place
    limits: bool = False  # token buckets are enforced
    throttled: float = 0  # rate of requests refused without cause
    failed: float = 0  # rate of 500s and resets before the work was done
    lost: float = 0  # rate of answers lost after the work was done


CALM = Profile("calm")
REAL = Profile(
    "real",
    load_balancer=150,
    namespace_operation=65,
    task_start=35,
    task_stop=10,
    target_healthy=60,
    deployment_settles=15,
    drain=60,
    interface_lingers=45,
    capacity_providers=10,
    lag=3,
    iam_propagation=10,
    needs=True,
    limits=True,
)
HARSH = Profile(
    **{k: v for k, v in REAL.__dict__.items() if k != "name"}
    | {"lag": 8, "throttled": 0.05, "failed": 0.03, "lost": 0.03},
    name="harsh",
)
PROFILES = {p.name: p for p in (CALM, REAL, HARSH)}
