"""The spec of the records of one host."""

from typing import Annotated, ClassVar

from reconciler.model.references import Address, Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec

ALIASES = frozenset({"A", "AAAA"})


class DnsRecord(Spec):
    """The alias records of a host, which lead to a load balancer, and the record beside them that is its mark.

    Its name in the plan is the host, such as shop.example.com or *.example.com.
    """

    kind: ClassVar[str] = "dns_record"
    zone: Annotated[str, IMMUTABLE]
    """The id of the hosted zone."""
    target: Annotated[Ref, refers_to("load_balancer", "dns")]
    """The name in DNS of the load balancer. Live: also what else the host leads to, or `nothing`."""
    target_zone: Annotated[Ref | None, UNCOMPARED] = None
    """The zone that the load balancer's name is in. Desired only."""
    types: frozenset[str] = frozenset({"A"})
    """A for IPv4 and AAAA for IPv6. Live: also CNAME, or one of several records with an identifier."""
    evaluates_health: bool = False
    """Whether the alias counts as dead if one group of the load balancer is empty."""
    role: Annotated[str, UNCOMPARED] = ""
    """ARN of the role by which the zone is read and changed; empty: the run's own credentials do."""
    private: Annotated[bool, UNCOMPARED] = False
    """Desired only: whether the zone is private, and answers only in VPCs that are associated with it."""
    stack: Annotated[str, UNCOMPARED] = ""
    """The stack whose mark it gets. Desired only."""
    served_by: Annotated[Address | None, UNCOMPARED] = None
    """The ECS service of its route, whose rollout comes before a move to another load balancer."""
    found: Annotated[str, UNCOMPARED] = "[]"
    """Live only: its record sets and its mark as Route 53 tells them, in JSON: a deletion names them all."""
