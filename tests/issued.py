"""Certificates that ACM has issued, as the owner of a domain gets them."""

from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def request_certificate(acm: Any, domain: str, **fields: Any) -> str:
    """Request a certificate that DNS validates, and return its ARN. It is pending."""
    asked = {"DomainName": domain, "ValidationMethod": "DNS", **fields}
    return str(acm.request_certificate(**asked)["CertificateArn"])


def validate_certificate(acm: Any, route53: Any, arn: str) -> None:
    """Make a hosted zone with the records that ACM asks for."""
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    zone = route53.create_hosted_zone(Name=found["DomainName"].removeprefix("*."), CallerReference=arn)
    records = {tuple(option["ResourceRecord"].values()) for option in found["DomainValidationOptions"]}
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": name,
                "Type": kind,
                "TTL": 60,
                "ResourceRecords": [{"Value": value}],
            },
        }
        for name, kind, value in records
    ]
    route53.change_resource_record_sets(HostedZoneId=zone["HostedZone"]["Id"], ChangeBatch={"Changes": changes})


def issue_certificate(acm: Any, route53: Any, domain: str) -> str:
    """Request a certificate and validate it, and return its ARN."""
    arn = request_certificate(acm, domain)
    validate_certificate(acm, route53, arn)
    return arn


def make_certificate(domain: str, until: datetime = datetime(2099, 1, 1, tzinfo=UTC)) -> dict[str, bytes]:
    """Return a self-signed certificate and its key, as ImportCertificate takes them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, domain)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_after(until)
    signed = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"Certificate": signed.public_bytes(Encoding.PEM), "PrivateKey": private}
