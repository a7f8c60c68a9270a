"""The spec of a security group's rules."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, model_validator

from reconciler.model.aws_default import AwsDefault
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, Part, Spec
from reconciler.resources.vpc import Cidr

PROTOCOL_NAMES = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}  # how EC2 gives them back
ALL_PROTOCOLS = ("-1", "all")
NO_DESCRIPTION = ""

Protocol = Annotated[str, BeforeValidator(lambda v: PROTOCOL_NAMES.get(str(v), str(v)))]
GroupRef = Annotated[Ref, refers_to("security_group")]


class Rule(Part):
    """Allowed traffic from or to one peer: an address range, a prefix list or a security group."""

    protocol: Protocol = "tcp"
    """Its name, or its number where EC2 has no name for it; -1: all."""
    from_port: int | None = None
    """The first port of the range, or the ICMP type; None: all."""
    to_port: int | None = None
    """The last port of the range, or the ICMP code; None: all."""
    cidr: Cidr | None = None
    prefix_list: str | None = None
    group: GroupRef | None = None
    account: str | None = None
    """The account that a group across a peering belongs to; else None."""
    description: Annotated[str | None, DECLARED, AwsDefault(NO_DESCRIPTION)] = None
    """The description, which is not part of the rule's identity. None: it is not managed."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_ports_of_all(cls, given: Any) -> Any:
        """Drop the ports of a rule for all protocols, as EC2 does."""
        if not isinstance(given, Mapping) or str(given.get("protocol")) not in ALL_PROTOCOLS:
            return given
        return {k: v for k, v in given.items() if k not in ("from_port", "to_port")}

    def __str__(self) -> str:
        """Return protocol, ports and peer: `tcp 8080 alb-dev`, `tcp 0-65535 ecs-tasks-dev`, `all 0.0.0.0/0`."""
        ports = sorted({p for p in (self.from_port, self.to_port) if p is not None})
        peer = self.cidr or self.prefix_list or (self.group.name if self.group else "")
        words = ("all" if self.protocol == "-1" else self.protocol, "-".join(map(str, ports)), peer)
        return " ".join(filter(None, (*words, self.description and f"({self.description})")))

    @property
    def peer(self) -> tuple[Any, ...]:
        """The address range, prefix list or group that the traffic comes from or goes to."""
        return self.cidr, self.prefix_list, self.group, self.account

    @property
    def without_description(self) -> "Rule":
        """The rule as EC2 tells rules apart: two that differ in their descriptions only are one."""
        return self.model_copy(update={"description": None})


ALL_TRAFFIC = Rule(protocol="-1", cidr="0.0.0.0/0")
ALL_TRAFFIC_V6 = Rule(protocol="-1", cidr="::/0")


class SecurityGroupRules(Spec):
    """The rules of a security group. Rules that the spec does not list are revoked."""

    kind: ClassVar[str] = "security_group_rules"
    group: Annotated[Ref, refers_to("security_group"), IMMUTABLE]
    ingress: Annotated[frozenset[Rule], DECLARED] = frozenset()
    egress: Annotated[frozenset[Rule], DECLARED] = frozenset({ALL_TRAFFIC})
