"""Certificates of ACM for the hosts of listeners. AWS gives them no name, and cannot change their hosts."""

from collections.abc import Iterable, Iterator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.references import RUN, Text, digest
from reconciler.model.spec import Live
from reconciler.model.steps import BlockerQuery, Call, ErrorMatch, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.certificate.delegation import check_delegation
from reconciler.resources.certificate.reading import from_aws, read_certificates
from reconciler.resources.certificate.records import delete_records, write_records
from reconciler.resources.certificate.spec import Certificate, order_names
from reconciler.resources.certificate.waiting import wait_for_records, wait_until_issued, wait_until_unused
from reconciler.resources.drifting import DriftNotes, Severities
from reconciler.resources.kind import Kind, Relations, actions

__all__ = ["KIND", "Certificate", "ensure_certificate", "from_aws"]

ACM = tags.Tagging("acm", "add_tags_to_certificate", "CertificateArn", attr="id")
NOT_FOUND = ("ResourceNotFoundException",)
LET_GO_WITHIN = 1200.0  # seconds: a listener's old certificate is in use for 10 s or much longer (aws-cdk#4179)
IN_USE = (ErrorMatch("ResourceInUseException"), ErrorMatch("ConflictException"))


def read(reads: Reads) -> Iterator[Live[Certificate]]:
    yield from read_certificates(reads)


def ensure_certificate(want: Certificate, live: Live[Certificate] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(ACM, want, live)
    else:
        first, *others = order_names(want.names)
        params = {
            "DomainName": first,
            "ValidationMethod": "DNS",
            "IdempotencyToken": Text(f"{_digest(want)}{{}}", (want.ref(RUN),)),
            "Tags": tags.encode(want.tags),
        }
        params |= {"SubjectAlternativeNames": others} if others else {}
        yield Call("acm", "request_certificate", params, {"id": "CertificateArn"})
    if not live or not live.spec.issued:
        yield wait_for_records(want)
        yield write_records(want)
        yield wait_until_issued(want)
    elif not live.spec.has_validation_records:
        yield write_records(want)


def _digest(want: Certificate) -> str:
    """Return sixteen hexadecimal digits: with those of the run, a token has at most 32 (ACM API reference)."""
    return digest([want.tags.get(tags.STACK), want.name, want.names]).hex()[:16]


def remove(live: Live[Certificate]) -> Iterator[Step]:
    """Yield the calls that delete it, and before that its records: nothing tells of them once it has gone."""
    params = {"CertificateArn": live.outputs["id"]}
    users = BlockerQuery("acm", "describe_certificate", params, "Certificate.InUseBy", "load balancer")
    if records := [*delete_records(live)]:
        yield wait_until_unused(live.outputs["id"], users, LET_GO_WITHIN)
    yield from records
    yield Call(
        "acm",
        "delete_certificate",
        params,
        ignore=NOT_FOUND,
        retry=IN_USE,
        patience=LET_GO_WITHIN,
        blockers=(users,),
    )


def warn(_want: Certificate, live: Live[Certificate] | None) -> Iterable[str]:
    """Say that ACM cannot renew the certificate, which then expires."""
    if live and live.spec.renewal:
        yield (
            f"ACM cannot renew it: {live.spec.renewal}. It needs the records that have validated it: "
            f"aws acm describe-certificate --certificate-arn {live.outputs['id']} shows them"
        )


DRIFT_NOTES: DriftNotes[Certificate] = DriftNotes(
    instead=lambda diff: (
        "the zone lacks records that ACM needs to renew it" if diff.field == "has_validation_records" else ""
    )
)


KIND = Kind(
    Certificate,
    read,
    ensure_certificate,
    remove,
    relations=Relations(seamless=True),
    tagging=ACM,
    warn=warn,
    check=check_delegation,
    severities=Severities(
        dict.fromkeys(("names", "given_up", "has_validation_records"), Severity.AVAILABILITY)
    ),
    drift_notes=DRIFT_NOTES,
    indexed_as="acm:certificate/",
    touched_by=TouchedBy(
        "acm.amazonaws.com",
        {"certificateArn": "id"},
        made_by=("RequestCertificate",),
        deleted_by=("DeleteCertificate",),
        changed_by={TAGS: ("AddTagsToCertificate",)},
        nameless=True,
    ),
    actions=actions(
        "acm",
        "AddTagsToCertificate DeleteCertificate DescribeCertificate ListCertificates ListTagsForCertificate "
        "RequestCertificate",
    )
    | actions("ec2", "DescribeRegions")
    | actions("route53", "ChangeResourceRecordSets GetHostedZone ListHostedZonesByName ListResourceRecordSets"),
)
