"""Which validation records the certificates of an account need, in whatever region they are.

It is asked only where one of ours is to be deleted, by a call to each region (docs/decisions/0027).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reconciler.aws.errors import ACCESS_DENIED
from reconciler.aws.reads import Reads
from reconciler.model.spec import Live
from reconciler.resources.certificate.spec import Certificate, domains_of

KEY_TYPES = [  # unless they are named, ListCertificates tells those of RSA with up to 2048 bits only
    *("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096"),
    *("EC_prime256v1", "EC_secp384r1", "EC_secp521r1"),
]
CERTIFICATES = "CertificateSummaryList[]"
NOT_TOLD = (  # a region that the credentials, or the network, do not let ask
    *ACCESS_DENIED,
    *("UnrecognizedClient", "InvalidClientTokenId", "OptInRequired"),
    *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError"),
)

Raw = Mapping[str, Any]


def list_certificates(reads: Reads) -> list[Raw]:
    """Return the certificates of the account in the region of the reads, with their first hundred names."""
    return reads.pages("acm", "list_certificates", CERTIFICATES, Includes={"keyTypes": KEY_TYPES})


def names_in(certificate: Raw) -> frozenset[str]:
    """Return the names of a certificate, of a list or of DescribeCertificate."""
    others = certificate.get("SubjectAlternativeNames") or certificate.get("SubjectAlternativeNameSummaries")
    return frozenset(name.lower() for name in (certificate.get("DomainName"), *(others or ())) if name)


def find_needed_records(reads: Reads, leaving: Collection[Live[Certificate]]) -> frozenset[str]:
    """Return the domains whose records others need than the certificates that leave.

    Where a region does not tell its certificates, that are all domains.
    """
    desired = () if reads.destroying else reads.desired.of(Certificate).values()
    needed = {domain for want in desired for domain in domains_of(want.names)}
    gone = {live.outputs["id"] for live in leaving}
    regions = reads.pages("ec2", "describe_regions", "Regions[].RegionName")
    for found in reads.map(lambda region: _list_in(reads, region), regions):
        if found is None:
            return frozenset(domain for live in leaving for domain in domains_of(live.spec.names))
        needed |= _domains_of_others(found, gone)
    return frozenset(needed)


def _domains_of_others(found: Iterable[Raw], gone: Collection[str]) -> set[str]:
    others = (certificate for certificate in found if certificate["CertificateArn"] not in gone)
    return {domain for certificate in others for domain in domains_of(names_in(certificate))}


def _list_in(reads: Reads, region: str) -> list[Raw] | None:
    """Return the certificates of a region; None if it does not tell."""
    if region == reads.aws.region:
        return list_certificates(reads)
    there, types = reads.in_region(region), {"keyTypes": KEY_TYPES}
    pages = there.pages("acm", "list_certificates", "[@]", NOT_TOLD, Includes=types)
    return [one for page in pages for one in page["CertificateSummaryList"]] if pages else None
