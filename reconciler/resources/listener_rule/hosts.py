"""Check that the certificate of a rule's listener is for the hosts of the rule."""

from collections.abc import Collection, Iterator

from reconciler.aws.reads import Reads
from reconciler.model.plan import PlanWarning
from reconciler.resources.listener.certificates import Certificate, read_certificate
from reconciler.resources.listener.spec import Listener
from reconciler.resources.listener_rule.spec import ListenerRule


def check_hosts(reads: Reads) -> Iterator[PlanWarning]:
    """Yield a warning for each desired rule with hosts that the certificate is not for. Raises `ReadFailed`."""
    certificates = {name: want.given_certificate for name, want in reads.desired.of(Listener).items()}
    for rule in reads.desired.of(ListenerRule).values():
        arn = certificates.get(rule.listener.name)
        certificate = read_certificate(reads, arn) if arn and rule.hosts else None
        if others := find_uncovered(certificate or {}, rule.hosts):
            why = f"the certificate {arn} is not for {', '.join(others)}: browsers will refuse it"
            yield PlanWarning(why, rule.address, "give the listener a certificate for all hosts of its routes")


def find_uncovered(certificate: Certificate, hosts: Collection[str]) -> list[str]:
    """Return the hosts that the certificate is not for; none if its names are unknown, as for those of IAM."""
    known = (certificate.get("DomainName"), *certificate.get("SubjectAlternativeNames", ()))
    names = {name.lower() for name in known if name}
    return sorted(host for host in hosts if names and not _covers(names, host.lower()))


def _covers(names: Collection[str], host: str) -> bool:
    """Tell whether one of the names is for the host, which may hold wildcards. A `*.` stands for one label."""
    return host in names or f"*.{host.partition('.')[2]}" in names
