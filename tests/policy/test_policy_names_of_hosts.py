"""The policies are enough for the records of hosts, in a zone by its name or id or by a role, and no others."""

from pathlib import Path

import pytest
from crash import platforms
from crash.cloud import cloud, run
from crash.prerequisites import ZONE
from support import client
from uses import documents_of, granted, refused

from desired_state.platform import Platform
from reconciler.policy import Use
from reconciler.rights.further_writes import NAMES_OF_RECORDS
from reconciler.sandbox import CALM
from reconciler.sandbox.authorization.calls import recording
from reconciler.sandbox.authorization.decisions import Request, Target, evaluate

ROLE = "arn:aws:iam::210987654321:role/names"


def in_zone(folder: Path, **fields: str) -> Platform:
    platform = platforms.named(folder)
    assert platform.dns
    return platform.model_copy(update={"dns": platform.dns.model_copy(update=fields)})


@pytest.mark.parametrize("by_id", [False, True])
def test_records_are_made_and_deleted_with_exactly_these_rights(tmp_path, by_id):
    with cloud(CALM) as clock:
        (found,) = client("route53").list_hosted_zones()["HostedZones"]
        platform = in_zone(tmp_path, zone=found["Id"].rpartition("/")[2] if by_id else ZONE)
        with recording() as made:
            assert run(platform, clock).clean
        assert refused(platform, Use.APPLY, made) == []
        assert refused(platform, Use.PLAN, made)
        with recording() as deleted:
            assert run(platform, clock, destroy=True).clean
        assert refused(platform, Use.DESTROY, deleted) == []
        allowed = granted(documents_of(platform, Use.APPLY))
        names = {NAMES_OF_RECORDS.lower(): ("www.example.org",)}
        other = Target("arn:aws:route53:::hostedzone/Z9999999999", {})
        assert evaluate(allowed, Request("route53:ChangeResourceRecordSets", (other,), names)).why


def test_a_zone_of_another_account_takes_one_right_here(tmp_path):
    platform = in_zone(tmp_path, role=ROLE)
    allowed = granted(documents_of(platform, Use.PLAN))
    assert not evaluate(allowed, Request("sts:AssumeRole", (Target(ROLE, {}),), {})).why
    zone = Target("arn:aws:route53:::hostedzone/Z0123456789", {})
    assert evaluate(allowed, Request("route53:ListResourceRecordSets", (zone,), {})).why
