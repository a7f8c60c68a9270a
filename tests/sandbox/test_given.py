"""What a rehearsed file names and no run makes is there."""

import boto3
import pytest
from botocore.exceptions import ClientError
from makers import code_of

from reconciler.sandbox import CALM
from reconciler.sandbox.ecr.images import find_digest
from reconciler.sandbox.private import private

ACM = "arn:aws:acm:us-east-1:999456789012:certificate/a"
IAM = "arn:aws:iam::999456789012:server-certificate/path/shop"


def client(service, key="test"):
    keys = {"aws_access_key_id": key, "aws_secret_access_key": "test"}
    return boto3.client(service, region_name="us-east-1", **keys)


def test_certificates_are_there_that_nobody_made():
    with private(CALM, given=frozenset({ACM, IAM})):
        assert client("acm").describe_certificate(CertificateArn=ACM)["Certificate"]["Status"] == "ISSUED"
        found = client("iam").get_server_certificate(ServerCertificateName="shop")["ServerCertificate"]
        assert found["ServerCertificateMetadata"]["Arn"] == IAM


def test_images_elsewhere_are_there_whose_repositories_nobody_made():
    image, other = (f"999988887777.dkr.ecr.us-east-1.amazonaws.com/shop/{name}:1" for name in ("web", "other"))
    with private(CALM, given=frozenset({image})):
        assert find_digest(image)
        assert find_digest(other) is None
        assert find_digest("ghcr.io/shop/web:1")


@pytest.mark.parametrize(("given", "account"), [(None, "123456789012"), ("210987654321", "210987654321")])
def test_the_account_is_the_files_unless_an_access_key_names_another(given, account):
    with private(CALM, account=given):
        assert client("sts").get_caller_identity()["Account"] == account
        cluster = client("ecs").create_cluster(clusterName="c")["cluster"]
        assert cluster["clusterArn"] == f"arn:aws:ecs:us-east-1:{account}:cluster/c"
        assert client("ecs", account).list_clusters()["clusterArns"] == [cluster["clusterArn"]]
        assert client("ecs", "111122223333").list_clusters()["clusterArns"] == []


def test_other_certificates_are_not():
    with private(CALM, given=frozenset({IAM})):
        with pytest.raises(ClientError) as refused:
            client("acm").describe_certificate(CertificateArn=ACM)
        assert code_of(refused) == "ResourceNotFoundException"
        with pytest.raises(ClientError) as refused:
            client("iam").get_server_certificate(ServerCertificateName="other")
        assert code_of(refused) == "NoSuchEntity"


def test_the_permissions_boundary_is_there_that_nobody_made():
    guard, other = (f"arn:aws:iam::123456789012:policy/{name}" for name in ("team/guard", "other"))
    trust = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}'
    with private(CALM, given=frozenset({guard})):
        iam, role = client("iam"), {"RoleName": "r"}
        iam.create_role(**role, AssumeRolePolicyDocument=trust, PermissionsBoundary=guard)
        iam.put_role_permissions_boundary(**role, PermissionsBoundary=guard)
        assert iam.get_role(**role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == guard
        with pytest.raises(ClientError) as refused:
            iam.put_role_permissions_boundary(**role, PermissionsBoundary=other)
        assert code_of(refused) == "NoSuchEntity"
