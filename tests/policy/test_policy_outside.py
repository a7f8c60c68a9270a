"""Who reads values that others keep in AWS may read those that the file refers to, and no others."""

import pytest
from uses import why_not

from desired_state import DEFAULT_FILE, Platform, load
from desired_state.references import Reference
from reconciler.policy import Use

NAMED = {Reference("ssm", "/net/vpc"): (), Reference("cloudformation", "net.Vpc"): ()}


def default() -> Platform:
    return load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize(
    ("action", "named", "other"),
    [
        ("ssm:GetParameters", "parameter/net/vpc", "parameter/net/vpc2"),
        ("cloudformation:DescribeStacks", "stack/net/1a2b", "stack/network/1a2b"),
    ],
)
def test_a_use_reads_what_the_file_refers_to(use, action, named, other):
    referring = default().with_references(NAMED, is_open=False)
    assert not why_not(referring, use, action, named)
    assert why_not(referring, use, action, other)
    assert why_not(default(), use, action, named)
