"""Which validation records stay when a certificate goes: ACM needs them to renew the others of a domain."""

from dataclasses import replace
from typing import Any

import pytest
from balancing import BALANCER, balancer
from scripted import ScriptedAws, refused
from support import OTHERS, OURS, make

from reconciler.aws.reads import open_reads
from reconciler.model.tags import NAME, STACK
from reconciler.resources.certificate import KIND, Certificate
from reconciler.resources.certificate.regions import KEY_TYPES

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/"
LISTENER = "alb-dev-https"
A, B, C = "a.example.com", "b.example.com", "c.example.com"


def listed(own_id: str, *hosts: str) -> dict[str, Any]:
    return {"CertificateArn": ARN + own_id, "DomainName": hosts[0], "SubjectAlternativeNameSummaries": hosts}


OURS_OF_A_AND_B = listed("ours", A, B)
LISTENING = {"ListenerArn": "arn:l", "LoadBalancerArn": "arn:lb", "Port": 443}


def find_needed(
    *here: dict[str, Any],
    elsewhere: Any = (),
    wanted: tuple[str, ...] = (),
    destroying: bool = False,
    at_listener: str = "ours",
) -> set[str]:
    """Return the domains whose records stay when ours of two hosts leaves, given what else the account has."""
    told = {one["CertificateArn"]: one for one in (OURS_OF_A_AND_B, *here)}
    regions = iter([told.values()])

    def list_certificates(Includes: Any) -> Any:  # noqa: N803  # AWS's word
        """Answer for this region first, and then for the other one."""
        assert Includes == {"keyTypes": KEY_TYPES}, "it tells no others than those of RSA with 2048 bits else"
        if isinstance(found := next(regions, elsewhere), Exception):
            raise found
        return {"CertificateSummaryList": [*found]}

    def describe(CertificateArn: str) -> Any:  # noqa: N803  # AWS's word
        one = told[CertificateArn]
        names = one["SubjectAlternativeNameSummaries"]
        return {
            "Certificate": {
                **one,
                "SubjectAlternativeNames": names,
                "Status": "ISSUED",
                "Type": "AMAZON_ISSUED",
            }
        }

    def list_tags(CertificateArn: str) -> Any:  # noqa: N803  # AWS's word
        stack = OURS if CertificateArn == OURS_OF_A_AND_B["CertificateArn"] else OTHERS
        return {"Tags": [{"Key": STACK, "Value": stack.name}, {"Key": NAME, "Value": LISTENER}]}

    indexed = {"ResourceARN": OURS_OF_A_AND_B["CertificateArn"], "Tags": []}
    aws = ScriptedAws(
        get_resources={"ResourceTagMappingList": [indexed]},
        describe_regions={"Regions": [{"RegionName": "us-east-1"}, {"RegionName": "eu-west-1"}]},
        list_certificates=list_certificates,
        describe_certificate=describe,
        list_tags_for_certificate=list_tags,
        describe_load_balancers={
            "LoadBalancers": [{"LoadBalancerArn": "arn:lb", "LoadBalancerName": BALANCER}]
        },
        describe_listeners={
            "Listeners": [LISTENING | {"Certificates": [{"CertificateArn": ARN + at_listener}]}]
        },
    )
    specs = [make(Certificate, LISTENER, names=frozenset(wanted)), balancer()] if wanted else []
    with open_reads(aws, OURS, specs) as reads:  # type: ignore[arg-type]  # it answers as an Aws does
        found = {live.outputs["id"]: live for live in KIND.read(replace(reads, destroying=destroying))}
    return set(found[OURS_OF_A_AND_B["CertificateArn"]].spec.needed_records)


def test_none_stays_where_no_certificate_is_left():
    assert find_needed() == set()


def test_those_of_another_certificate_stay_whoever_has_it():
    assert find_needed(listed("other", f"*.{A}", C)) == {A, C}


def test_those_of_a_certificate_in_another_region_stay():
    assert find_needed(elsewhere=[listed("other", B)]) == {B}


def test_those_of_the_one_that_takes_its_place_stay_but_not_if_all_goes():
    assert find_needed(wanted=(B, C)) == {B, C}
    assert find_needed(wanted=(A, B), destroying=True) == set()


def test_one_of_others_at_a_listener_of_ours_keeps_its_records_when_all_of_ours_goes():
    theirs = listed("other", A, B)
    assert find_needed(theirs, wanted=(A, B), destroying=True, at_listener="other") == {A, B}


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnrecognizedClientException"])
def test_all_stay_where_a_region_does_not_tell(code: str):
    assert find_needed(elsewhere=refused(code)) == {A, B}
