"""An environment without an overlay, of a name that is near to one that has one, is perhaps a slip."""

import pytest
from platform_files import HEAD

from desired_state import load


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("prd", "prod"),
        ("pord", "prod"),
        ("production", "prod"),
        ("prods", "prod"),
        ("stage", "staging"),
        ("dve", "dev"),
        ("prod", None),
        ("dev", None),
        ("qa", None),
        ("prod2", None),
        ("dev123", None),
        ("dev-anna", None),
        ("pre-prod", None),
        ("prod-eu", None),
    ],
)
def test_a_name_that_may_be_a_slip_of_another_one_has_that_one_near(files, name, near):
    platform = files.load(HEAD, name, prod="tags: {a: b}", staging="")
    assert platform.near_environment == near


def test_it_does_not_matter_where_the_name_comes_from(files):
    files.write(HEAD.replace("dev", "prd"), prod="")
    assert load(files.path, environ={}).near_environment == "prod"
    assert load(files.path, environ={"RECONCILER_ENV": "prdo"}).near_environment == "prod"
    assert load(files.path, "dev", environ={"RECONCILER_ENV": "prdo"}).near_environment is None


def test_the_environment_of_the_file_counts_though_it_has_no_overlay(files):
    assert files.load(HEAD, "dve").near_environment == "dev"
    assert files.load(HEAD).near_environment is None


def test_the_region_of_the_aws_configuration_does_not_lose_it(files):
    files.write("platform: shop\nenvironment: prd\n", prod="")
    assert load(files.path, environ={}).with_region("us-east-1").near_environment == "prod"
