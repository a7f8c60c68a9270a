"""The prerequisites in an account: a certificate, a zone, a client secret, a CI that pushes `v2` too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.ecr.models import ECRBackend
from support import client

from reconciler.sandbox.ecr.images import manifest

CERTIFICATE = "arn:aws:iam::123456789012:server-certificate/crash"
ZONE = "example.com"
SECRET = "crash/login"
TAG = "v2"


@contextmanager
def provide_prerequisites() -> Iterator[None]:
    """Provide the certificate, the zone, the secret and the CI in the embedded AWS of this process."""
    pem = {"CertificateBody": "-", "PrivateKey": "-"}
    client("iam").upload_server_certificate(ServerCertificateName=CERTIFICATE.rpartition("/")[2], **pem)
    client("secretsmanager").create_secret(Name=SECRET, SecretString="crash")
    client("route53").create_hosted_zone(Name=ZONE, CallerReference="crash")
    create = ECRBackend.create_repository

    def with_tag(ecr: Any, repository_name: str, *args: Any, **kwargs: Any) -> Any:
        repository = create(ecr, repository_name, *args, **kwargs)
        ecr.put_image(repository_name, manifest(f"{repository_name}:{TAG}"), TAG)
        return repository

    with patch.object(ECRBackend, "create_repository", with_tag):
        yield
