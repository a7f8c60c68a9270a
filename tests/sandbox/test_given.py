"""What a rehearsed file names and no run makes is there."""

import boto3
import pytest
from botocore.exceptions import ClientError
from makers import code_of

from reconciler.sandbox import CALM
from reconciler.sandbox.private import private

ACM = "arn:aws:acm:us-east-1:999456789012:certificate/a"
IAM = "arn:aws:iam::999456789012:server-certificate/path/shop"


def client(service):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, region_name="us-east-1", **keys)


def test_certificates_are_there_that_nobody_made():
    with private(CALM, given=frozenset({ACM, IAM})):
        assert client("acm").describe_certificate(CertificateArn=ACM)["Certificate"]["Status"] == "ISSUED"
        found = client("iam").get_server_certificate(ServerCertificateName="shop")["ServerCertificate"]
        assert found["ServerCertificateMetadata"]["Arn"] == IAM


def test_other_certificates_are_not():
    with private(CALM, given=frozenset({IAM})):
        with pytest.raises(ClientError) as refused:
            client("acm").describe_certificate(CertificateArn=ACM)
        assert code_of(refused) == "ResourceNotFoundException"
        with pytest.raises(ClientError) as refused:
            client("iam").get_server_certificate(ServerCertificateName="other")
        assert code_of(refused) == "NoSuchEntity"
