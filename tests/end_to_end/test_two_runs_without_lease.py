"""Two runs of one stack at once, without a lease: the second one fails at once where names are taken."""

from support import act
from whole import applied, default, planned

from reconciler.aws.reads import Stack
from reconciler.errors import OtherRun
from reconciler.render.explain_error import explain_error


def test_a_name_that_another_run_has_taken_in_another_vpc_fails_at_once_and_says_so(aws):
    platform = default()
    todo = planned(platform)
    applied(platform)
    failed = act(todo, Stack(platform.stack, platform.suffix)).failed
    others = {key: error for key, error in failed.items() if isinstance(error, OtherRun)}
    assert {key.partition(".")[0] for key in others} == {"load_balancer", "target_group"}
    for error in others.values():
        explained = explain_error(error)
        assert "another run of this stack is, or was, under way" in explained.message
        assert "suffix" not in explained.remedy
