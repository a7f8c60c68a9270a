"""The web ACL of WAF before a load balancer is the file's, if the file names one or says that there is none."""

from typing import Any

import pytest
from balancing import balancer, id_of, zones
from scripted import ScriptedAws
from support import OURS, calls, client, connection, differences, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.plan import Conflict
from reconciler.model.spec import Live
from reconciler.resources.load_balancer import KIND
from reconciler.resources.load_balancer.web_acl import check_web_acls
from reconciler.sandbox.planted import plant

START = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl"
OURS_ACL, THEIRS = f"{START}/shop/0a", f"{START}/firewall-manager/0b"


@pytest.fixture
def acls(aws: None) -> None:
    plant([{"type": "web_acl", "arn": arn} for arn in (OURS_ACL, THEIRS)], None, "us-east-1")


def front(**fields: Any) -> list[Any]:
    return [*zones(), balancer(**fields)]


def before_it() -> str:
    found = client("wafv2").get_web_acl_for_resource(ResourceArn=id_of(balancer())).get("WebACL") or {}
    return str(found.get("ARN", ""))


@pytest.mark.usefixtures("acls")
def test_it_comes_changes_and_goes_in_place():
    settle(front(web_acl=OURS_ACL))
    assert before_it() == OURS_ACL
    settle(front(web_acl=THEIRS))
    assert before_it() == THEIRS
    settle(front(web_acl=""))
    assert before_it() == ""


@pytest.mark.usefixtures("acls")
def test_another_one_is_left_alone_where_the_file_says_nothing_and_told_where_it_says_something():
    settle(front())
    client("wafv2").associate_web_acl(WebACLArn=THEIRS, ResourceArn=id_of(balancer()))
    assert not see(front()).changes
    todo = see(front(web_acl=OURS_ACL))
    assert differences(todo) == {"load_balancer.alb-dev": ["web_acl"]}
    (field,) = next(change.fields for change in todo.changes)
    assert (field.live, field.want) == (THEIRS, OURS_ACL)
    assert any(f"the web ACL {THEIRS} is before it" in warning.why for warning in todo.warnings)
    settle(front(web_acl=OURS_ACL))


@pytest.mark.usefixtures("acls")
def test_without_the_key_waf_is_not_asked():
    settle(front())
    aws = ScriptedAws(get_web_acl_for_resource=AssertionError("asked"))
    with open_reads(aws, OURS, front()) as reads:  # type: ignore[arg-type]
        assert not [*check_web_acls(reads)]
    assert aws.asked["get_web_acl"] == 0


def test_waf_is_asked_again_while_the_load_balancer_is_new():
    *_, associate = KIND.ensure(balancer(web_acl=OURS_ACL), None)
    assert calls([associate]) == [
        ("associate_web_acl", {"WebACLArn": OURS_ACL, "ResourceArn": balancer().ref()})
    ]
    assert {"WAFUnavailableEntityException", "WAFNonexistentItemException"} <= {*associate.retry}
    assert (associate.patience, associate.settling) == (600, True)
    *_, later = KIND.ensure(balancer(web_acl=OURS_ACL), Live(balancer(web_acl=""), {"id": "arn"}))
    assert "WAFNonexistentItemException" not in later.retry
    *_, taken = KIND.ensure(balancer(web_acl=""), Live(balancer(web_acl=OURS_ACL), {"id": "arn"}))
    assert (taken.title, taken.ignore) == ("wafv2.disassociate_web_acl", ("WAFNonexistentItemException",))


@pytest.mark.usefixtures("acls")
def test_one_that_is_not_there_is_a_conflict():
    for arn, wrong in ((OURS_ACL, []), (f"{START}/none/0c", [Conflict])):
        with open_reads(connection(), OURS, [balancer(web_acl=arn)]) as reads:
            assert [type(found) for found in check_web_acls(reads)] == wrong
