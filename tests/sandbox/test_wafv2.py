"""Web ACLs of load balancers: one each, and only before application load balancers that are active."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from makers import code_of
from refusals.balancing import Stage
from support import client

from reconciler.sandbox import CALM
from reconciler.sandbox.planted import plant
from reconciler.sandbox.private import private

START = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl"
ONE, OTHER = f"{START}/one/0a", f"{START}/other/0b"


@pytest.fixture
def stage(aws: object) -> Stage:
    return Stage()


@pytest.fixture
def stage_with_acls(stage: Stage) -> Stage:
    plant([{"type": "web_acl", "arn": arn} for arn in (ONE, OTHER)], None, "us-east-1")
    return stage


def before(arn: str) -> str | None:
    found = client("wafv2").get_web_acl_for_resource(ResourceArn=arn).get("WebACL") or {}
    return found.get("ARN")


def test_another_one_takes_the_place_of_the_first_and_leaves_none(stage_with_acls: Stage) -> None:
    waf, alb = client("wafv2"), stage_with_acls.alb
    assert before(alb) is None
    for arn in (ONE, OTHER):
        waf.associate_web_acl(WebACLArn=arn, ResourceArn=alb)
        assert before(alb) == arn
    waf.disassociate_web_acl(ResourceArn=alb)
    assert before(alb) is None


def test_what_is_not_there_is_refused(stage_with_acls: Stage) -> None:
    waf, alb = client("wafv2"), stage_with_acls.alb
    for call, params in (
        (waf.associate_web_acl, {"WebACLArn": f"{START}/none/0c", "ResourceArn": alb}),
        (waf.associate_web_acl, {"WebACLArn": ONE, "ResourceArn": f"{alb}0"}),
        (waf.get_web_acl_for_resource, {"ResourceArn": f"{alb}0"}),
        (waf.disassociate_web_acl, {"ResourceArn": alb}),
    ):
        with pytest.raises(ClientError) as refused:
            call(**params)
        assert code_of(refused) == "WAFNonexistentItemException"


def test_waf_does_not_know_a_load_balancer_that_is_still_made() -> None:
    with private(replace(CALM, load_balancer=60)):
        plant([{"type": "web_acl", "arn": ONE}], None, "us-east-1")
        alb = Stage().alb
        with pytest.raises(ClientError) as refused:
            client("wafv2").associate_web_acl(WebACLArn=ONE, ResourceArn=alb)
        assert code_of(refused) == "WAFUnavailableEntityException"
