"""The spec of a certificate, and the DNS records by which ACM validates its names."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

from reconciler.model.references import Ref
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec
from reconciler.resources.dns_zones import ZONES, parse_zones

MOST_OF_FIRST = 64  # characters of the first name, which becomes the common name (ACM API reference)


class Certificate(Spec):
    """A public certificate of ACM for the hosts of a listener, validated by records in a hosted zone."""

    kind: ClassVar[str] = "certificate"
    names: Annotated[frozenset[str], IMMUTABLE]
    """The names in DNS that it is for, in small letters; `*.` at the start stands for one label."""
    given_up: Annotated[str, IMMUTABLE] = ""
    """Live only: what ACM says of one that can be of no more use, such as VALIDATION_TIMED_OUT."""
    issued: bool = True
    """False: ACM waits for the records of its names."""
    has_validation_records: bool = True
    """False: of an issued one, records by which ACM validates its names again are not in the zone."""
    renewal: Annotated[str, UNCOMPARED] = ""
    """Live only: what keeps ACM from renewing it, in ACM's words; empty: nothing."""
    needed_records: Annotated[frozenset[str], UNCOMPARED] = frozenset()
    """Live only, of one to be deleted: the domains whose records other certificates of the account need."""

    @property
    def zone(self) -> str:
        """The id of the hosted zone that has its records."""
        return next(iter(parse_zones(self.tags.get(ZONES, ""))), "")

    @property
    def role(self) -> str:
        """The ARN of the role by which the records are changed; empty: without one."""
        return parse_zones(self.tags.get(ZONES, "")).get(self.zone, "")


def order_names(names: Iterable[str]) -> list[str]:
    """Return the names with one first that may be the common name: the shortest."""
    return sorted(names, key=lambda name: (len(name), name))


def domain_of(name: str) -> str:
    """Return the domain whose record validates a name: `*.x` and `x` have one in common."""
    return name.removeprefix("*.")


def domains_of(names: Iterable[str]) -> list[str]:
    """Return the domains whose records validate these names."""
    return sorted(set(map(domain_of, names)))


def record_of(certificate: Spec, domain: str) -> tuple[Ref, Ref]:
    """Return the name and the value of the CNAME record that validates a domain."""
    return certificate.ref(f"record {domain}"), certificate.ref(f"value {domain}")
