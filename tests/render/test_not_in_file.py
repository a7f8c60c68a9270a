"""What the file leaves open and AWS has otherwise is told in each form of a plan, and changes nothing."""

from reconciler.model.aws_default import NotInFile
from reconciler.model.plan import Plan
from reconciler.model.references import Address
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.plan_text import plan_text

GUARD = "arn:aws:iam::123456789012:policy/guard"
ALARMS = NotInFile(Address("ecs_service", "web"), "deployment_alarms", frozenset({"late"}), frozenset(), "")
TODO = Plan(
    (),
    {},
    not_in_file=(
        *(NotInFile(Address("iam_role", name), "boundary", GUARD, "", "roles.boundary") for name in "abcd"),
        ALARMS,
    ),
)


def test_resources_with_one_value_in_common_share_a_line():
    assert plan_text(TODO) == (
        "Not in the file, and left as it is:\n"
        "    iam_role.a, iam_role.b, iam_role.c and 1 more: boundary is arn:aws:iam::123456789012:policy/guard, "
        "by default none   (to set it: roles.boundary)\n"
        "    ecs_service.web: deployment_alarms is late, by default none\n"
        "\n"
        "Nothing to do.\n"
    )


def test_markdown_unfolds_it_also_where_nothing_is_to_be_done():
    told = plan_markdown(TODO)
    assert told.startswith("**Nothing to do.**\n\n<details><summary>what is not in the file</summary>")
    assert "iam_role.a" in told


def test_json_has_each_with_its_default_and_key():
    told = plan_document(TODO)["not_in_file"]
    assert told[0] == {
        "address": "iam_role.a",
        "field": "boundary",
        "live": GUARD,
        "default": "",
        "key": "roles.boundary",
    }
    assert told[-1] == {
        "address": "ecs_service.web",
        "field": "deployment_alarms",
        "live": ["late"],
        "default": [],
        "key": None,
    }


def test_nothing_is_said_of_nothing():
    assert plan_text(Plan((), {})) == "Nothing to do.\n"
    assert plan_markdown(Plan((), {})) == "**Nothing to do.**\n"
