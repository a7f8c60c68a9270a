"""The tagging index lags: it shows writes after a time, and deleted resources for a while."""

from dataclasses import replace
from typing import Any

import pytest
from makers import client_of

from reconciler.sandbox import CALM, Clock, install
from reconciler.sandbox.world import current

LAGGING = replace(CALM, name="lagging", index_lag=60)
TAGS = [{"Key": "stack", "Value": "ours"}]


@pytest.fixture
def ecr(aws) -> Any:
    install(clock=Clock(speed=0), profile=LAGGING)
    return client_of("ecr")


def shown() -> list[str]:
    found = client_of("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "stack"}])
    return [item["ResourceARN"].rpartition("/")[2] for item in found["ResourceTagMappingList"]]


def test_it_shows_a_new_resource_once_nothing_has_been_written_for_a_while(ecr):
    ecr.create_repository(repositoryName="web", tags=TAGS)
    assert shown() == []
    current().clock.advance(60)
    assert shown() == ["web"]


def test_it_shows_the_tags_of_before(ecr):
    tags = [*TAGS, {"Key": "team", "Value": "shop"}]
    arn = ecr.create_repository(repositoryName="web", tags=tags)["repository"]["repositoryArn"]
    current().clock.advance(60)
    ecr.untag_resource(resourceArn=arn, tagKeys=["stack"])
    assert shown() == ["web"]
    current().clock.advance(60)
    assert shown() == []


def test_it_shows_a_deleted_resource_for_ten_minutes(ecr):
    ecr.create_repository(repositoryName="web", tags=TAGS)
    current().clock.advance(60)
    ecr.delete_repository(repositoryName="web", force=True)
    current().clock.advance(599)
    assert shown() == ["web"]
    current().clock.advance(601)
    assert shown() == []


def test_a_page_has_a_hundred_resources_whatever_their_tags(aws):
    for number in range(60):
        tags = [*TAGS, {"Key": "number", "Value": str(number)}, {"Key": "team", "Value": "shop"}]
        client_of("ecr").create_repository(repositoryName=f"web-{number}", tags=tags)
    tagging = client_of("resourcegroupstaggingapi")
    assert len(tagging.get_resources(ResourcesPerPage=100)["ResourceTagMappingList"]) == 60
    assert len(tagging.get_resources(TagsPerPage=100)["ResourceTagMappingList"]) < 60
