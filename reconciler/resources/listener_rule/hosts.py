"""Check that the certificate of a rule's listener is for the hosts of the rule."""

from collections.abc import Collection, Iterator

from reconciler.aws.reads import Reads
from reconciler.model.plan import PlanWarning
from reconciler.resources.listener.certificates import (
    Certificate,
    list_certificates,
    read_certificate,
)
from reconciler.resources.listener.spec import Listener
from reconciler.resources.listener_rule.spec import ListenerRule


def check_hosts(reads: Reads) -> Iterator[PlanWarning]:
    """Yield a warning for each desired rule with hosts that the certificate is not for. Raises `ReadFailed`."""
    listeners = reads.desired.of(Listener).items()
    certificates = {name: list_certificates(want) for name, want in listeners if want.given_certificate}
    for rule in reads.desired.of(ListenerRule).values():
        arns = certificates.get(rule.listener.name, []) if rule.hosts else []
        others: Collection[str] = rule.hosts if arns else ()
        for arn in arns:
            others = find_uncovered(read_certificate(reads, arn) or {}, others)
        if others:
            named = f"certificate {arns[0]} is" if len(arns) == 1 else f"certificates {', '.join(arns)} are"
            why = f"the {named} not for {', '.join(sorted(others))}: browsers will refuse it"
            yield PlanWarning(why, rule.address, "give the listener a certificate for all hosts of its routes")


def find_uncovered(certificate: Certificate, hosts: Collection[str]) -> list[str]:
    """Return the hosts that the certificate is not for; none if its names are unknown, as for those of IAM."""
    known = (certificate.get("DomainName"), *certificate.get("SubjectAlternativeNames", ()))
    names = {name.lower() for name in known if name}
    return sorted(host for host in hosts if names and not _covers(names, host.lower()))


def _covers(names: Collection[str], host: str) -> bool:
    """Tell whether one of the names is for the host, which may hold wildcards. A `*.` stands for one label."""
    return host in names or f"*.{host.partition('.')[2]}" in names
