"""Trust stores are made of a bundle in S3, and are there until no listener has them."""

import pytest
from botocore.exceptions import ClientError
from issued import issue_certificate
from makers import code_of
from refusals.balancing import Stage
from support import client

BUNDLE = {"CaCertificatesBundleS3Bucket": "authorities", "CaCertificatesBundleS3Key": "all.pem"}


@pytest.fixture
def stage(aws: object) -> Stage:
    return Stage()


@pytest.fixture
def store(stage: Stage) -> str:
    client("s3").create_bucket(Bucket="authorities")
    client("s3").put_object(Bucket="authorities", Key="all.pem", Body=b"-")
    (made,) = stage.elb.create_trust_store(Name="shop", **BUNDLE)["TrustStores"]
    return str(made["TrustStoreArn"])


def test_one_is_active_and_described_by_name_and_arn(stage: Stage, store: str) -> None:
    for asked in ({}, {"Names": ["shop"]}, {"TrustStoreArns": [store]}):
        (told,) = stage.elb.describe_trust_stores(**asked)["TrustStores"]
        assert (told["Name"], told["TrustStoreArn"], told["Status"]) == ("shop", store, "ACTIVE")


def test_what_cannot_be_is_refused(stage: Stage, store: str) -> None:
    elb = stage.elb
    for call, params, code in (
        (elb.create_trust_store, {"Name": "shop", **BUNDLE}, "DuplicateTrustStoreName"),
        (elb.create_trust_store, {"Name": "s" * 33, **BUNDLE}, "ValidationError"),
        (
            elb.create_trust_store,
            {"Name": "b", **BUNDLE, "CaCertificatesBundleS3Key": "none"},
            "CaCertificatesBundleNotFound",
        ),
        (elb.describe_trust_stores, {"TrustStoreArns": [f"{store}0"]}, "TrustStoreNotFound"),
        (elb.describe_trust_stores, {"Names": ["none"]}, "TrustStoreNotFound"),
        (elb.modify_trust_store, {"TrustStoreArn": f"{store}0", **BUNDLE}, "TrustStoreNotFound"),
        (elb.delete_trust_store, {"TrustStoreArn": f"{store}0"}, "TrustStoreNotFound"),
    ):
        with pytest.raises(ClientError) as refused:
            call(**params)
        assert code_of(refused) == code


def test_one_that_a_listener_has_is_not_deleted(stage: Stage, store: str) -> None:
    certificate = issue_certificate(client("acm"), client("route53"), "a.example")
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    secure = {
        "LoadBalancerArn": stage.alb,
        "Protocol": "HTTPS",
        "Port": 8443,
        "Certificates": [{"CertificateArn": certificate}],
        "DefaultActions": [answer],
        "MutualAuthentication": {"Mode": "verify", "TrustStoreArn": store},
    }
    (made,) = stage.elb.create_listener(**secure)["Listeners"]
    assert made["MutualAuthentication"]["TrustStoreArn"] == store
    with pytest.raises(ClientError) as refused:
        stage.elb.delete_trust_store(TrustStoreArn=store)
    assert code_of(refused) == "TrustStoreInUse"
    stage.elb.delete_listener(ListenerArn=made["ListenerArn"])
    stage.elb.delete_trust_store(TrustStoreArn=store)
    assert stage.elb.describe_trust_stores()["TrustStores"] == []
