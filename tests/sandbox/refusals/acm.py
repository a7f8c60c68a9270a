"""Refused calls of ACM."""

from typing import Any

from issued import make_certificate
from makers import client_of

from refusals.balancing import CERTIFICATE, MANY, TAG, Params, Stage, absent, pending
from refusals.probe import Probe

OPERATIONS = (
    "AddTagsToCertificate",
    "DeleteCertificate",
    "DescribeCertificate",
    "GetCertificate",
    "ImportCertificate",
    "ListCertificates",
    "ListTagsForCertificate",
    "RemoveTagsFromCertificate",
    "RequestCertificate",
)
RESERVED = [{"Key": "aws:k", "Value": "v"}]
NO_ARN = "arn:aws:nothing:1234567890"


def imported() -> str:
    made = client_of("acm").import_certificate(**make_certificate("shop.example"))
    return str(made["CertificateArn"])


def used() -> Params:
    arn = imported()
    Stage().secure(arn)
    return {"CertificateArn": arn}


def request(**fields: Any) -> Any:
    return absent(DomainName="shop.example", **fields)


def full_of_tags() -> Params:
    arn = imported()
    client_of("acm").add_tags_to_certificate(CertificateArn=arn, Tags=MANY[:50])
    return {"CertificateArn": arn, "Tags": MANY[50:]}


PROBES = [
    *(
        Probe(operation, code, absent(CertificateArn=arn, **other))
        for operation, other in (
            ("AddTagsToCertificate", {"Tags": TAG}),
            ("DeleteCertificate", {}),
            ("DescribeCertificate", {}),
            ("GetCertificate", {}),
            ("ListTagsForCertificate", {}),
            ("RemoveTagsFromCertificate", {"Tags": TAG}),
        )
        for code, arn in (("ResourceNotFoundException", CERTIFICATE), ("ValidationException", NO_ARN))
    ),
    Probe("AddTagsToCertificate", "TooManyTagsException", full_of_tags),
    Probe(
        "AddTagsToCertificate", "InvalidTagException", lambda: {"CertificateArn": imported(), "Tags": RESERVED}
    ),
    Probe(
        "RemoveTagsFromCertificate",
        "InvalidTagException",
        lambda: {"CertificateArn": imported(), "Tags": RESERVED},
    ),
    Probe("DeleteCertificate", "ResourceInUseException", used, "is in use"),
    Probe("GetCertificate", "RequestInProgressException", lambda: {"CertificateArn": pending()}),
    Probe(
        "ImportCertificate",
        "ResourceNotFoundException",
        lambda: {"CertificateArn": CERTIFICATE, **make_certificate("shop.example")},
    ),
    Probe(
        "ImportCertificate",
        "ValidationException",
        lambda: make_certificate("a.example") | {"PrivateKey": make_certificate("b.example")["PrivateKey"]},
        "does not match",
    ),
    Probe(
        "ImportCertificate", "InvalidTagException", lambda: {**make_certificate("a.example"), "Tags": RESERVED}
    ),
    Probe("ListCertificates", "InvalidArgsException", absent(NextToken="none")),
    Probe("ListCertificates", "ValidationException", absent(MaxItems=1001)),
    Probe(
        "RequestCertificate",
        "InvalidParameterException",
        absent(DomainName=f"{'a' * 60}.example"),
        "no longer than 64",
    ),
    Probe("RequestCertificate", "InvalidTagException", request(Tags=RESERVED)),
    Probe(
        "RequestCertificate",
        "LimitExceededException",
        request(SubjectAlternativeNames=[f"{n}.shop.example" for n in range(10)]),
    ),
    Probe(
        "RequestCertificate",
        "InvalidDomainValidationOptionsException",
        request(DomainValidationOptions=[{"DomainName": "shop.example", "ValidationDomain": "other.example"}]),
    ),
]
