"""Check the certificates of listeners, which a person gives, before anything is made for them."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.resources import elb
from reconciler.resources.listener.spec import Listener

CHECK_ARN = "check its ARN; aws acm list-certificates shows those of a region"
GIVE_ANOTHER = "give the listener another `certificate:`, or renew this one"

Certificate = Mapping[str, Any]  # of DescribeCertificate, or GetServerCertificate


def check_certificates(reads: Reads) -> Iterator[Conflict | PlanWarning]:
    """Yield what is wrong with the certificates of the desired listeners. Raises `ReadFailed`.

    What a listener uses already goes on whatever has become of it: that is a warning.
    """
    named = [(want, arn) for want in reads.desired.of(Listener).values() for arn in list_certificates(want)]
    listeners = elb.list_listeners(reads) if named else ()
    in_use = {c["CertificateArn"] for listener in listeners for c in listener.get("Certificates", ())}
    for want, arn in named:
        if problem := find_problem(arn, read_certificate(reads, arn), reads.aws.region):
            why, remedy = f"its certificate {arn} {problem[0]}", problem[1]
            if arn in in_use:
                yield PlanWarning(why, want.address, remedy)
            else:
                yield Conflict(want.address, why, remedy)


def list_certificates(want: Listener) -> list[str]:
    """Return the ARNs of a listener's certificates that a person has given, the default one first."""
    default = [want.given_certificate] if want.given_certificate else []
    return [*default, *sorted((want.certificates or frozenset()) - {*default})]


def read_certificate(reads: Reads, arn: str) -> Certificate | None:
    """Return the certificate, which ACM or IAM has; None if it is not there, or in a region not asked."""
    service, region, resource = _parse(arn)
    answer: Certificate | None
    if service == "iam":
        name = resource.rpartition("/")[2]
        answer = reads.ask(
            "iam",
            "get_server_certificate",
            "ServerCertificate.ServerCertificateMetadata",
            ("NoSuchEntity",),
            ServerCertificateName=name,
        )
        return answer if answer and answer["Arn"] == arn else None
    if service != "acm" or region != reads.aws.region:
        return None
    not_found = ("ResourceNotFoundException", "ValidationException", "InvalidArnException")
    answer = reads.ask("acm", "describe_certificate", "Certificate", not_found, CertificateArn=arn)
    return answer


def _parse(arn: str) -> tuple[str, str, str]:
    """Return service, region and resource of an ARN; empty strings for what is none."""
    _, _, service, region, _, resource, *_ = (*arn.split(":", 5), *[""] * 6)
    return service, region, resource


def find_problem(arn: str, certificate: Certificate | None, region: str) -> tuple[str, str] | None:
    """Return why a load balancer of this region would not take the certificate, and the remedy; or None.

    All certificates of IAM are taken: they have no status.
    """
    service, its_region, _ = _parse(arn)
    if service == "acm" and its_region != region:
        return f"is in {its_region}, and the load balancer in {region}", CHECK_ARN
    if certificate is None:
        return "does not exist", CHECK_ARN if service == "acm" else "aws iam list-server-certificates shows all"
    status = certificate.get("Status", "ISSUED")
    if status == "ISSUED":
        return None
    reason = certificate.get("FailureReason")
    why = f"is {status}" + (f" ({reason})" if reason else "")
    return why, describe_validation(certificate) if status == "PENDING_VALIDATION" else GIVE_ANOTHER


def describe_validation(certificate: Certificate) -> str:
    """Return what validates a certificate that waits for it."""
    options = certificate.get("DomainValidationOptions", ())
    records = sorted(
        {"{Name} {Type} {Value}".format(**o["ResourceRecord"]) for o in options if "ResourceRecord" in o}
    )
    if records:
        return f"make these DNS records, wait until ACM has issued it, and run again: {'; '.join(records)}"
    return "validate it, wait until ACM has issued it, and run again"
