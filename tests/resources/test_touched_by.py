"""Each resource type says by which events CloudTrail tells who changed it, so that no call is forgotten."""

import pytest

from reconciler.aws.iam_actions import IAM_SERVICES
from reconciler.resources import KINDS
from reconciler.sandbox.cloudtrail.sources import source_of

READS = ("Describe", "Get", "List")
NOT_ITS_OWN = {  # writes that change something else, or that AWS makes in the caller's name
    "certificate": {"route53:ChangeResourceRecordSets"},
    "cloud_map_namespace": {
        "route53:ChangeResourceRecordSets",
        "route53:CreateHostedZone",
        "route53:DeleteHostedZone",
    },
    "cloud_map_service": {"route53:ChangeResourceRecordSets"},
    "load_balancer": {  # of its web ACL: WAF's own events
        "elasticloadbalancing:SetWebACL",
        "wafv2:AssociateWebACL",
        "wafv2:DisassociateWebACL",
    },
    "vpc_endpoint": {"route53:AssociateVPCWithHostedZone"},
}
NO_CALLS = {"iam:CreateServiceLinkedRole", "iam:PassRole"}  # of the account, and never an event
SERVICES = {spelt: name for name, spelt in IAM_SERVICES.items()}


def writes(kind: str) -> set[str]:
    actions = {action for action in KINDS[kind].actions if not action.partition(":")[2].startswith(READS)}
    return actions - NO_CALLS - NOT_ITS_OWN.get(kind, set())


@pytest.mark.parametrize("kind", KINDS)
def test_each_write_of_a_type_is_among_its_events(kind: str):
    touched, own = KINDS[kind].touched_by, writes(kind)
    if touched is None:
        assert not own
        return
    found = {
        f"{source_of(SERVICES.get(s, s))}/{name}" for s, _, name in (action.partition(":") for action in own)
    }
    assert found <= {f"{touched.source}/{name}" for name in touched.events}


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_names_is_there(kind: str):
    touched = KINDS[kind].touched_by
    if touched is None:
        return
    fields = {*KINDS[kind].spec.model_fields, ""}
    assert {*touched.changed_by} <= fields
    assert {*touched.parameters} <= fields
    assert touched.named_by
    assert not touched.is_global or touched.found_by or touched.within
