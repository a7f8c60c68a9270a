"""What a new certificate is waited for: that ACM tells its records, and that it is issued."""

from reconciler.model.steps import BlockerQuery, Step, Wait
from reconciler.resources.certificate.records import record_paths
from reconciler.resources.certificate.spec import Certificate

TOLD_WITHIN = 300.0  # seconds until ACM tells all records; Terraform gives it as many
ISSUED_WITHIN = 1800.0  # seconds; some minutes are usual, and then it waits for a person
GIVEN_UP = ("FAILED", "VALIDATION_TIMED_OUT", "EXPIRED", "INACTIVE", "REVOKED")  # for good
CHECK_DELEGATION = (
    "the world does not see these records: let the name servers of the zone be those that its domain has at the "
    "registrar, or that the zone above delegates to, and apply again"
)

_STATUS = {"matcher": "path", "argument": "Certificate.Status"}
_OPTIONS = "Certificate.DomainValidationOptions"
_OTHERS = (
    *({**_STATUS, "expected": status, "state": "failure"} for status in GIVEN_UP),
    {"matcher": "error", "expected": "ResourceNotFoundException", "state": "retry"},
)
CERTIFICATE_ISSUED = {
    "operation": "DescribeCertificate",
    "acceptors": [{**_STATUS, "expected": "ISSUED", "state": "success"}, *_OTHERS],
}
_MISSING = f"{_OPTIONS}[?ValidationStatus=='PENDING_VALIDATION' && ResourceRecord].ResourceRecord"
WHY = f"[Certificate.FailureReason, Certificate.Status, join('; ', {_MISSING}.join(' ', [Name, Type, Value]))]"


def wait_for_records(want: Certificate) -> Step:
    """Return the wait until ACM tells the records of all names, which are its outputs."""
    told = {"matcher": "path", "argument": f"length({_OPTIONS}[?ResourceRecord])", "state": "success"}
    model = {
        "operation": "DescribeCertificate",
        "acceptors": [{**told, "expected": len(want.names)}, *_OTHERS],
    }
    return Wait(
        "acm",
        "validation_records_told",
        {"CertificateArn": want.ref()},
        model,
        record_paths(want.names),
        why="Certificate.[FailureReason, Status]",
        for_outputs=True,
        patience=TOLD_WITHIN,
    )


def wait_until_issued(want: Certificate) -> Step:
    """Return the wait until the certificate is issued. After half an hour a person has to look."""
    return Wait(
        "acm",
        "certificate_issued",
        {"CertificateArn": want.ref()},
        CERTIFICATE_ISSUED,
        why=WHY,
        patience=ISSUED_WITHIN,
        remedy=CHECK_DELEGATION,
    )


def wait_until_unused(arn: str, users: BlockerQuery, patience: float) -> Step:
    """Return the wait until no load balancer has the certificate, for some seconds at most after it let go."""
    unused = {"matcher": "path", "argument": "length(Certificate.InUseBy || `[]`)", "expected": 0}
    gone = {"matcher": "error", "expected": "ResourceNotFoundException"}
    acceptors = [{**unused, "state": "success"}, {**gone, "state": "success"}]
    return Wait(
        "acm",
        "certificate_unused",
        {"CertificateArn": arn},
        {"operation": "DescribeCertificate", "acceptors": acceptors},
        why="join(', ', Certificate.InUseBy)",
        patience=patience,
        blockers=(users,),
    )
