"""Long plans and outcomes: what is alike is told once, and what goes is told again at the end."""

from collections.abc import Iterable

import pytest
from botocore.exceptions import ClientError

from reconciler.errors import ReconcilerError
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Held
from reconciler.render.alike import Section, fold_alike
from reconciler.render.outcome import TimedOutcome
from reconciler.render.outcome_text import outcome_text
from reconciler.render.plan_markdown import MOST, plan_markdown
from reconciler.render.plan_text import plan_text


def change(kind: str, service: str, op: Op = Op.CREATE, after: frozenset[str] = frozenset()) -> Change:
    address = Address(kind, f"{kind}-{service}-dev")
    outputs = {"id": f"srv-{service}-1"} if op is Op.DELETE else {}
    return Change(str(address), address, op, (), (), after, outputs, service)


def made(changes: Iterable[Change]) -> Plan:
    return Plan(tuple(changes), {})


def services(count: int, op: Op = Op.CREATE) -> list[Change]:
    return [change(kind, f"s{n}", op) for n in range(count) for kind in ("log_group", "iam_role")]


def test_services_that_are_alike_but_for_their_names_are_shown_once():
    told = plan_text(made([*services(30), change("dashboard", "x")]))
    assert told.splitlines()[:6] == [
        "service s0",
        "  + iam_role.iam_role-s0-dev",
        "  + log_group.log_group-s0-dev",
        "",
        "29 more services have the same changes, each under its own name:",
        "  s1, s10, s11, s12, s13, s14, s15, s16, s17, s18, s19, s2, s20, s21, s22, s23, s24, s25, s26, s27,",
    ]
    assert "service x\n  + dashboard.dashboard-x-dev\n" in told


def test_few_services_are_all_shown():
    assert "more services" not in plan_text(made(services(9)))


def test_the_calls_of_a_plan_show_every_service():
    told = plan_text(made(services(30)), calls=True)
    assert all(f"iam_role.iam_role-s{number}-dev\n" in told for number in range(30))


def test_ids_of_aws_make_no_difference():
    told = plan_text(made(services(30, Op.DELETE)))
    assert "29 more services have the same changes" in told


def test_a_service_that_differs_is_shown():
    alike = [Section(f"service s{n}", (f"  + vpc.s{n}",), f"s{n}") for n in range(20)]
    other = Section("service s5a", ("  - vpc.s5",), "s5a")
    found = [*fold_alike([*alike[:5], other, *alike[5:]])]
    assert [(section.service, len(others)) for section, others in found] == [("s0", 19), ("s5a", 0)]


def test_a_long_plan_ends_with_what_goes_and_how_many_of_each_kind():
    told = plan_text(made([*services(60), change("ecs_service", "old", Op.DELETE)]))
    assert told.splitlines()[-8:] == [
        "Of these, deleted, replaced or interrupted:",
        "  - ecs_service.ecs_service-old-dev",
        "",
        "Changes by kind:",
        "  + 60 iam_role, 60 log_group",
        "  - 1 ecs_service",
        "",
        "Plan: 120 to create, 1 to delete; 0 AWS calls.",
    ]


def test_a_shorter_plan_does_not_say_anything_again():
    told = plan_text(made([*services(5), change("ecs_service", "old", Op.DELETE)]))
    assert told.count("ecs_service-old-dev") == 1


def test_a_plan_that_is_too_long_for_a_comment_is_cut_in_the_middle_and_says_so():
    changes = (change("iam_role", f"{n}{'x' * (n % 40)}") for n in range(3000))
    told = plan_markdown(made([*changes, change("ecs_service", "old", Op.DELETE)]))
    assert MOST - 400 < len(told) <= MOST
    assert "lines are left out here" in told
    assert told.index("lines are left out here") < told.index("Of these, deleted, replaced or interrupted:")
    assert told.endswith("AWS calls.\n````\n\n</details>\n")


@pytest.mark.parametrize("count", [4, 97])
def test_many_failures_for_one_reason_are_told_of_once(count):
    changes = [change("ecs_service", f"s{n}") for n in range(count)]
    behind = [change("scalable_target", f"s{n}", after=frozenset({c.key})) for n, c in enumerate(changes)]
    failed: dict[str, BaseException] = {
        c.key: ClientError(
            {
                "Error": {"Code": "Denied", "Message": f"no {c.address.name}"},
                "ResponseMetadata": {"RequestId": str(n)},
            },  # type: ignore[typeddict-item]  # a part
            "CreateService",
        )
        for n, c in enumerate(changes)
    }
    skipped = {b.key: c.key for b, c in zip(behind, changes, strict=True)}
    told = outcome_text(made([*changes, *behind]), TimedOutcome(Outcome(failed=failed, skipped=skipped)))
    assert told.count("Denied: no ecs_service-s0-dev (request 0)") == 1
    assert told.count("Denied") == (count if count == 4 else 1)
    if count > 4:
        assert told.startswith("✗ ecs_service.ecs_service-s0-dev, and 96 more for the same reason\n")
        assert "    the others: ecs_service.ecs_service-s1-dev, " in told
        assert "-s50-dev and 46 more\n" in told
        assert "    not started because of them: scalable_target.scalable_target-s0-dev, " in told


def test_failures_for_different_reasons_are_told_one_by_one():
    changes = [change("ecs_service", f"s{n}") for n in range(20)]
    failed: dict[str, BaseException] = {c.key: ReconcilerError(f"reason {n}") for n, c in enumerate(changes)}
    told = outcome_text(made(changes), TimedOutcome(Outcome(failed=failed)))
    assert told.count("✗") == 20


def test_many_that_are_held_for_one_reason_are_told_of_once():
    changes = [change("image", f"s{n}") for n in range(20)]
    held = {c.key: Held("missing", f"push {c.address.name}") for c in changes}
    told = outcome_text(made(changes), TimedOutcome(Outcome(held=held)))
    assert told.startswith("‖ image.image-s0-dev, and 19 more: held: missing\n    push image-s0-dev\n")
    assert "    and so for the others: image.image-s1-dev, image.image-s2-dev" in told
