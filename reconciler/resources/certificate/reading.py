"""Read certificates: those that are ours, and one of a listener of ours that may be ours without its tags."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconciler.aws.indexed import indexed_tags
from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.resources import elb
from reconciler.resources.certificate.records import has_all_records, record_paths
from reconciler.resources.certificate.regions import find_needed_records, list_certificates, names_in
from reconciler.resources.certificate.spec import Certificate
from reconciler.resources.certificate.waiting import GIVEN_UP
from reconciler.resources.naming import plan_name

ABSENT = ("ResourceNotFoundException",)
RENEWAL_FAILS = ("PENDING_VALIDATION", "FAILED")

Raw = Mapping[str, Any]


def read_certificates(reads: Reads) -> Iterator[Live[Certificate]]:
    """Yield the certificates. Nothing is asked if none is desired and the tagging index shows none of ours."""
    if not (reads.desired.of(Certificate) or any(map(_is_arn_of_one, indexed_tags(reads)))):
        return
    candidates = [one["CertificateArn"] for one in list_certificates(reads) if _is_candidate(reads, one)]
    found = [live for live in reads.map(lambda arn: _read_live(reads, arn), candidates) if live]
    found = [_see_records(reads, live) for live in _name_as_desired(reads, found)]
    leaving = [live for live in found if is_to_go(reads, live)]
    needed = find_needed_records(reads, leaving) if leaving else frozenset()
    for live in found:
        yield replace(live, spec=live.spec.model_copy(update={"needed_records": needed}))


def _name_as_desired(reads: Reads, found: list[Live[Certificate]]) -> list[Live[Certificate]]:
    """Return them with their names in the plan, which a person may have changed in the tags of ours."""
    desired = reads.desired.of(Certificate)
    at = {want.names: name for name, want in desired.items()}
    present = Counter(live.spec.name for live in found if live.owner == reads.stack.name)
    named = []
    for live in found:
        name = plan_name(live.spec.name, at.get(live.spec.names), desired, present)
        is_ours = live.owner == reads.stack.name
        named.append(replace(live, spec=live.spec.model_copy(update={"name": name})) if is_ours else live)
    return named


def _see_records(reads: Reads, live: Live[Certificate]) -> Live[Certificate]:
    """Return it with what the desired zone has of its records; those of one to be issued are written anyway."""
    want = reads.desired.of(Certificate).get(live.spec.name)
    if not want or not live.spec.issued or live.owner != reads.stack.name:
        return live
    seen = {"has_validation_records": has_all_records(reads.assuming(want.role), want.zone, live)}
    return replace(live, spec=live.spec.model_copy(update=seen))


def _is_arn_of_one(arn: str) -> bool:
    return arn.split(":", 5)[2] == "acm"


def _is_candidate(reads: Reads, certificate: Raw) -> bool:
    if certificate["CertificateArn"] in indexed_tags(reads):
        return True
    wanted = reads.desired.of(Certificate).values()
    return any(want.names == names_in(certificate) for want in wanted) or (
        reads.index is None and certificate["CertificateArn"] in _list_arns_of_listeners(reads)
    )


def _list_arns_of_listeners(reads: Reads) -> set[str]:
    listeners = elb.list_listeners(reads)
    return {c["CertificateArn"] for listener in listeners for c in listener.get("Certificates", ())}


def _read_live(reads: Reads, arn: str) -> Live[Certificate] | None:
    """Return a certificate of ours, or one that a listener has and seems to be ours; else None."""
    told = reads.ask("acm", "describe_certificate", "Certificate", ABSENT, CertificateArn=arn)
    if told is None:
        return None
    asked = reads.ask("acm", "list_tags_for_certificate", "Tags || `[]`", ABSENT, CertificateArn=arn)
    resource_tags = tags.parse(asked)
    owner, name = tags.owner_of_nameless(resource_tags), resource_tags.get(tags.NAME)
    if owner != reads.stack.name:  # of the same names, issued by AWS, in use by a listener of ours
        name = next((n for n, want in reads.desired.of(Certificate).items() if _is_like(told, want)), None)
        name = name if name and arn in _list_arns_of_listeners(reads) else None
    outputs = {
        output: search(path, {"Certificate": told}) for output, path in record_paths(names_in(told)).items()
    }
    known = {output: value for output, value in outputs.items() if value}
    return Live(from_aws(name, resource_tags, told), {"id": arn, **known}, owner) if name else None


def _is_like(told: Raw, want: Certificate) -> bool:
    is_issued_by_aws = told.get("Type") == "AMAZON_ISSUED" and not told.get("ManagedBy")
    return is_issued_by_aws and names_in(told) == want.names


def from_aws(name: str, resource_tags: tags.Tags, told: Raw) -> Certificate:
    """Return the spec of a certificate of DescribeCertificate, with this name in the plan."""
    status, reason = told["Status"], told.get("FailureReason")
    renewal = told.get("RenewalSummary", {})
    fails = renewal.get("RenewalStatus") in RENEWAL_FAILS
    return Certificate(
        name=name,
        tags=resource_tags,
        names=names_in(told),
        given_up=(f"{status} ({reason})" if reason else status) if status in GIVEN_UP else "",
        issued=status == "ISSUED" or status in GIVEN_UP,
        renewal=(renewal.get("RenewalStatusReason") or renewal["RenewalStatus"]) if fails else "",
    )


def is_to_go(reads: Reads, live: Live[Certificate]) -> bool:
    """Tell whether one of ours is about to be deleted: it is not as desired, or nothing is."""
    if live.owner != reads.stack.name:
        return False
    want = reads.desired.of(Certificate).get(live.spec.name)
    return reads.destroying or want is None or want.immutable != live.spec.immutable
