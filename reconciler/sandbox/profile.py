"""Profiles of the embedded AWS: its durations, limits and rates of failures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The behaviour of an embedded AWS: durations in virtual seconds (see Clock), rates as probabilities."""

    name: str
    load_balancer: float = 0  # from provisioning to active
    namespace_operation: float = 0  # from SUBMITTED to SUCCESS, PENDING after a third of it
    task_start: float = 0  # from launch to RUNNING, PENDING after a third of it
    task_stop: float = (
        0  # from the end of connection draining to STOPPED; with 0, draining takes no time either
    )
    target_healthy: float = 0  # from registration to healthy
    deployment_settles: float = 0  # from all tasks healthy to COMPLETED
    drain: float = 0  # the least time that a deleted service is DRAINING before it is INACTIVE
    interface_lingers: float = 0  # how long a network interface outlives its load balancer or task, at most
    service_linked_role: float = (
        0  # until ECS can assume its role in an account with its first cluster, at most
    )
    nat_gateway: float = 0  # until a NAT gateway is available, and again until a deleted one is gone
    address_held: float = 0  # until the address of a deleted NAT gateway can be released
    endpoint: float = 0  # until an interface endpoint is available, and again until a deleted one is gone
    capacity_providers: float = 0  # until providers are associated with a cluster
    certificate: float = 0  # from the record that validates a certificate to ISSUED
    certificate_held: float = 0  # how long one is in use after its last listener has let it go
    dns_change: float = 0  # until a change of a zone is INSYNC
    zone_busy: float = 0  # how long a zone refuses a change after another (PriorRequestNotComplete)
    schedule_group: float = 0  # how long a deleted group of schedules is DELETING
    queue_names_kept: bool = False  # the name of a deleted queue is refused for a minute
    table: float = 0  # until a DynamoDB table is ACTIVE, and again until a deleted one is gone
    lag: float = 0  # the longest time until every read sees a new resource
    index_lag: float = 0  # seconds without writes until the tagging index shows what was written
    trail_delay: float = 0  # until CloudTrail's event history shows a call, at most
    iam_propagation: float = 0  # until a new role can be assumed and a new policy is in force, at most
    needs: bool = True  # tasks start only with their roles, permissions and a route to the registries
    limits: bool = False  # request rates are limited by token buckets
    quotas: bool = True  # EC2 refuses what would be more than a new account may have
    throttled: float = 0  # rate of requests throttled though the rate is not exceeded
    failed: float = 0  # rate of requests answered 500 or cut off before the work
    lost: float = 0  # rate of requests cut off after the work: the answer is lost


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
    interface_lingers=600,
    service_linked_role=20,
    nat_gateway=90,
    address_held=10,
    endpoint=60,
    capacity_providers=10,
    certificate=120,
    certificate_held=15,
    dns_change=40,
    zone_busy=1,
    schedule_group=20,
    queue_names_kept=True,
    table=10,
    lag=3,
    index_lag=60,
    iam_propagation=10,
    trail_delay=450,
    limits=True,
)
HARSH = Profile(
    **{k: v for k, v in REAL.__dict__.items() if k != "name"}
    | {"lag": 8, "iam_propagation": 180, "trail_delay": 1500, "throttled": 0.05, "failed": 0.03, "lost": 0.03},
    name="harsh",
)
PROFILES = {p.name: p for p in (CALM, REAL, HARSH)}
