"""The buckets that load balancers write logs into are looked at before anything is made for them."""

import json
from typing import Any

import pytest
from balancing import balancer, id_of, zones
from botocore.exceptions import ClientError
from scripted import ScriptedAws, refused
from support import OURS, client, look, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.render.explain_error import explain_error
from reconciler.resources import KINDS
from reconciler.resources.kind import check_all
from reconciler.resources.load_balancer.bucket_policy import WRITER, lets_write, needed_statement

BUCKET, REGION = "shop-logs", "us-east-1"
ARN = f"arn:aws:s3:::{BUCKET}/web/AWSLogs/123456789012"
LOGGING = {
    "access_logs.s3.enabled": "true",
    "access_logs.s3.bucket": BUCKET,
    "access_logs.s3.prefix": "web",
}
NEEDED = json.loads(needed_statement(ARN))


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements]})


def but(**changes: Any) -> dict[str, Any]:
    return {**NEEDED, **changes}


@pytest.mark.parametrize(
    ("statements", "is_enough"),
    [
        ([NEEDED], True),
        ([], False),
        ([but(Action=["s3:GetObject", "s3:Put*"], Resource=[f"arn:aws:s3:::{BUCKET}/*"])], True),
        ([but(Principal={"AWS": "arn:aws:iam::127311923021:root"})], True),
        ([but(Principal={"AWS": ["127311923021"]})], True),
        ([but(Principal="*")], True),
        ([but(Principal={"AWS": "arn:aws:iam::156460612806:root"})], False),  # that of eu-west-1
        ([but(Principal={"Service": "delivery.logs.amazonaws.com"})], False),
        ([but(Action="s3:GetObject")], False),
        ([but(Resource=f"arn:aws:s3:::{BUCKET}/AWSLogs/*")], False),
        ([but(NotAction="s3:GetObject", Action=[])], True),
        ([NEEDED, but(Effect="Deny", Principal="*")], False),
        (
            [NEEDED, but(Effect="Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})],
            True,
        ),
        (
            [NEEDED, {"Effect": "Deny", "NotPrincipal": {"Service": WRITER}, "Action": "*", "Resource": "*"}],
            True,
        ),
    ],
)
def test_a_policy_is_enough_if_it_lets_elb_write_under_the_prefix(statements, is_enough):
    assert lets_write(policy(*statements), ARN, REGION) is is_enough


def test_a_bucket_without_a_policy_lets_nobody_write():
    assert not lets_write(None, ARN, REGION)


def check(attributes: dict[str, str] = LOGGING, **answers: Any) -> list[Any]:
    aws = ScriptedAws(
        **{
            "get_bucket_policy": {"Policy": policy(NEEDED)},
            "get_bucket_location": {"LocationConstraint": None},
            "get_caller_identity": {"Account": "123456789012", "Arn": "arn"},
            **answers,
        }
    )
    with open_reads(aws, OURS, [balancer(attributes=attributes)]) as reads:  # type: ignore[arg-type]
        return list(check_all(reads, KINDS))


def test_a_bucket_that_lets_it_write_is_all_right():
    assert check() == []


def test_without_logs_no_bucket_is_asked_for():
    asked = AssertionError("asked")
    assert check({"access_logs.s3.enabled": "false"}, get_bucket_policy=asked, get_caller_identity=asked) == []


@pytest.mark.parametrize(
    ("answers", "why", "remedy"),
    [
        (
            {"get_bucket_policy": refused("NoSuchBucketPolicy")},
            f"the policy of the bucket {BUCKET} does not let it write its logs",
            f"add this statement to the bucket's policy: {needed_statement(ARN)}",
        ),
        (
            {"get_bucket_policy": refused("NoSuchBucket")},
            f"the bucket of its logs, {BUCKET}, does not exist",
            "make it, or name another",
        ),
        (
            {"get_bucket_location": {"LocationConstraint": "EU"}},
            f"the bucket of its logs, {BUCKET}, is in eu-west-1, and the load balancer in us-east-1",
            "name a bucket of us-east-1",
        ),
    ],
)
def test_what_elb_could_not_write_into_is_a_conflict(answers, why, remedy):
    (found,) = check(**answers)
    assert isinstance(found, Conflict)
    assert (found.why, found.remedy) == (why, remedy)


def test_the_needed_statement_names_elb_the_prefix_and_the_account():
    assert {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/web/AWSLogs/123456789012/*",
    } == NEEDED


@pytest.mark.parametrize("denied", ["AccessDenied", "MethodNotAllowed"])
def test_a_bucket_that_may_not_be_looked_at_is_a_warning(denied: str):
    (found,) = check(get_bucket_policy=refused(denied))
    assert isinstance(found, PlanWarning)
    assert f"cannot be checked: {denied}" in found.why
    assert needed_statement(ARN) in found.remedy


def test_logs_that_are_on_go_on_with_a_warning():
    there = {"LoadBalancers": [{"LoadBalancerArn": "arn:lb", "LoadBalancerName": "alb-dev"}]}
    on = {"Attributes": [{"Key": key, "Value": value} for key, value in LOGGING.items()]}
    (found,) = check(
        get_bucket_policy=refused("NoSuchBucketPolicy"),
        describe_load_balancers=there,
        describe_load_balancer_attributes=on,
    )
    assert isinstance(found, PlanWarning)
    both = {**LOGGING, **{key.replace("access_", "connection_"): value for key, value in LOGGING.items()}}
    (found,) = check(
        both,
        get_bucket_policy=refused("NoSuchBucketPolicy"),
        describe_load_balancers=there,
        describe_load_balancer_attributes=on,
    )
    assert isinstance(found, Conflict), "AWS would refuse the second kind"


def front(attributes: dict[str, str]) -> list[Any]:
    return [*zones(), balancer(attributes=attributes)]


def make_bucket(*statements: dict[str, Any]) -> None:
    client("s3").create_bucket(Bucket=BUCKET)
    if statements:
        client("s3").put_bucket_policy(Bucket=BUCKET, Policy=policy(*statements))


def on_aws() -> dict[str, str]:
    told = client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=id_of(balancer()))
    return {pair["Key"]: pair["Value"] for pair in told["Attributes"]}


@pytest.mark.usefixtures("aws")
def test_logs_are_turned_on_and_off_in_place():
    make_bucket(NEEDED)
    settle(front({}))
    assert settle(front(LOGGING)) == ["update load_balancer.alb-dev"]
    assert LOGGING.items() <= on_aws().items()
    (left,) = see(front({})).not_in_file
    assert (left.field, left.key) == ("attributes.access_logs.s3.enabled", "load_balancer.access_logs")
    assert settle(front({"access_logs.s3.enabled": "false"})) == ["update load_balancer.alb-dev"]
    assert on_aws()["access_logs.s3.enabled"] == "false"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("statements", [(), (but(Principal={"Service": "delivery.logs.amazonaws.com"}),)])
def test_elb_tries_the_bucket_and_what_it_says_is_explained(statements):
    make_bucket(*statements)
    settle(front({}))
    (arn,) = [live.outputs["id"] for live in look(front({})) if live.spec.kind == "load_balancer"]
    pairs = [{"Key": key, "Value": value} for key, value in LOGGING.items()]
    with pytest.raises(ClientError) as refusal:
        client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=pairs)
    assert "bucket's policy does not let ELB write" in str(explain_error(refusal.value))
