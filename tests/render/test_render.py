import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from toys import Picture, Shelf, Slot, make, toy

from reconciler.model.plan import Change, FieldDiff, Op, Plan, PlanWarning, Scope
from reconciler.model.references import Address, Json, Ref, Text
from reconciler.model.spec import Part
from reconciler.model.steps import Call
from reconciler.model.tags import SERVICE
from reconciler.render.change_text import format_difference
from reconciler.render.differences import find_differences
from reconciler.render.headings import HEADINGS, rank
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.plan_summary import describe_losses, entries, find_foreign
from reconciler.render.plan_text import plan_text
from reconciler.render.values import format_step, short_id
from reconciler.resources import KINDS as REAL_KINDS
from reconciler.resources.iam_policy import parse_policy


def one_of_everything() -> Plan:
    shelf = Shelf()
    hub = shelf.put(toy("hub"))
    shelf.put(toy("blue", color="blue"))
    shelf.put(toy("old", hub=hub))
    shelf.put(toy("changed", size=1, links=frozenset({Ref("toy", hub, by_id=True)})))
    shelf.put(toy("stranger"), owner=None)
    picture = make(Picture, "sun")
    return shelf.plan(
        toy("hub"),
        toy("blue", color="green", picture=picture.ref()),
        toy("changed", size=2),
        toy("new", hub=Ref("toy", "hub")),
        picture,
    )


GOLDEN = """\
other
  ? picture.sun   held: it is not there yet
      paint it
  ~ toy.changed
      size: 1 → 2
      links: - hub
  + toy.new
  - toy.old   toy-003
  ± toy.blue   replaces toy-002 (new one first); needs --allow-replace
      color: blue → green   (AWS cannot change it)

Not part of this stack, left untouched (whoever made it may remove it):
    toy.stranger   toy-005, without a stack's tags

Plan: 1 to create, 1 to update, 1 to delete, 1 to replace, 1 to await; 6 AWS calls.
"""


def test_a_plan_as_text():
    assert plan_text(one_of_everything()) == GOLDEN


def test_of_what_exists_already_only_that_is_told_which_refers_to_ours():
    shelf = Shelf()
    existing = Ref("toy", shelf.put(toy("theirs"), owner=None), by_id=True)
    ours = Ref("toy", shelf.put(toy("ours", hub=existing)), by_id=True)
    shelf.put(toy("beside", hub=existing), owner=None)
    shelf.put(toy("into", hub=existing, links=frozenset({ours})), owner=None)
    wanted = toy("ours", hub=existing)
    assert [live.spec.name for live in find_foreign(shelf.plan(wanted))] == ["into"]
    destroy = shelf.plan(file=[wanted])
    assert {live.spec.name for live in destroy.foreign} == {"theirs", "beside", "into"}
    assert [live.spec.name for live in find_foreign(replace(destroy, conflicts=()))] == ["into"]


def test_a_replacement_that_interrupts_says_so():
    shelf = Shelf()
    shelf.put(make(Slot, "berth", depth=1))
    assert "± slot.berth   replaces slot-001 (deleted first: interrupts); needs" in plan_text(
        shelf.plan(make(Slot, "berth", depth=2))
    )


def test_what_is_deleted_first_with_something_else_says_so_too():
    shelf = Shelf()
    shelf.put(make(Slot, "berth", depth=1))
    todo = shelf.plan(make(Slot, "berth", depth=2))
    old, new = sorted(todo.changes, key=lambda change: change.op is Op.CREATE)
    between = replace(old, key="between", after=frozenset({old.key}))
    todo = replace(todo, changes=(old, between, replace(new, after=frozenset({"between"}))))
    assert "± slot.berth   replaces slot-001 (deleted first: interrupts); needs" in plan_text(todo)


@pytest.mark.parametrize(
    ("own_id", "told"),
    [
        ("vpc-1", "vpc-1"),
        ("arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/tg-web/0a", "tg-web/0a"),
        ("arn:aws:ecs:us-east-1:1:task-definition/web:3", "web:3"),
        ("/aws/ecs/web", "/aws/ecs/web"),
    ],
)
def test_an_arn_is_told_by_what_it_ends_in(own_id, told):
    assert short_id(own_id) == told


def test_an_empty_plan_says_so():
    assert plan_text(Shelf().plan()) == "Nothing to do.\n"


def test_calls_are_shown_with_names_for_what_is_not_known_yet():
    hub = toy("hub")
    shown = plan_text(Shelf().plan(hub, toy("spoke", hub=hub.ref(), size=3)), calls=True)
    assert '      > toys.make_spoke kind=toy fields={"name":"spoke",' in shown
    assert '"hub":"hub"' in shown
    assert "\nIn the calls, names stand for ids, which are filled in as each call is made." in shown


def test_headings_come_in_the_order_of_a_platform():
    headings = ("monitoring", "service b", "load balancing", "service a", "other", "network")
    first = ["network", "load balancing", "other", "service a", "service b", "monitoring"]
    assert sorted(headings, key=rank) == first


def test_what_belongs_to_a_service_stands_under_its_name():
    todo = Shelf().plan(toy("one", service="b"), toy("two"), toy("three", service="a"))
    assert list(entries(todo)) == ["other", "service a", "service b"]


def test_every_kind_has_a_heading():
    assert HEADINGS.keys() == REAL_KINDS.keys()


def test_what_must_be_made_first_stands_first():
    hub = toy("z")
    assert [e.change.address.name for e in entries(Shelf().plan(toy("a", hub=hub.ref()), hub))["other"]] == [
        "z",
        "a",
    ]


def with_a_taken_name() -> Plan:
    shelf = Shelf()
    shelf.put(toy("taken"), owner="others/dev/us-east-1")
    return shelf.plan(toy("taken"), toy("new"))


def test_a_conflict_is_told_with_its_remedy_and_without_the_changes():
    told = plan_text(with_a_taken_name())
    assert told.startswith("This plan cannot be run:\n  ✗ toy.taken: ")
    assert "aws ec2 create-tags --resources toy-001" in told
    assert "toy.new" not in told
    assert "Not of this stack" not in told


def test_the_changes_of_a_plan_with_conflicts_are_shown_with_their_calls_and_as_json():
    todo = with_a_taken_name()
    assert "  + toy.new\n      > toys.make_new " in plan_text(todo, calls=True)
    assert {c["address"] for c in plan_document(todo)["changes"]} == {"toy.new", "toy.taken"}


def test_a_stranger_that_a_conflict_speaks_of_is_not_told_again():
    shelf = Shelf()
    shelf.put(toy("other name"), owner=None)
    shelf.put(toy("spoke", hub="toy-001"))
    todo = shelf.plan(toy("hub"), toy("spoke", hub=toy("hub").ref()))
    assert "toy-001 " in todo.conflicts[0].why
    assert plan_document(todo)["foreign"] == []


class Port(Part):
    number: int
    peer: Ref | None = None


ENV = {"LOG_LEVEL": "info", "DB_PASSWORD": "one", "API_KEY": "arn:aws:ssm:::parameter/a", "DSN": "pg://u:pw@db"}
NEW_ENV = {
    "LOG_LEVEL": "debug",
    "DB_PASSWORD": "two",
    "API_KEY": "arn:aws:ssm:::parameter/b",
    "DSN": "pg://u:qw@db",
}


@pytest.mark.parametrize(
    ("live", "want", "told"),
    [
        (1, 2, ["f: 1 → 2"]),
        (None, True, ["f: none → true"]),
        ("a", "", ['f: a → ""']),
        ("a\x1b[31m", "b", ['f: "a\\u001b[31m" → b']),
        (frozenset({"a", "b"}), frozenset({"b", "c"}), ["f: - a", "f: + c"]),
        (["a", "b"], ["b", "c", "d"], ["f: - a", "f: + c", "f: + d"]),
        (None, frozenset({2, 10}), ["f: none → 10, 2"]),
        (None, frozenset(), ["f: none → none"]),
        (frozenset(), frozenset({Port(number=80, peer=Ref("g", "alb"))}), ["f: + number=80 peer=alb"]),
        ({"a": 1, "b": 1}, {"a": 2, "c": {"d": [1]}}, ["f.a: 1 → 2", "f.b: 1 → none", "f.c: none → {d: [1]}"]),
        ({"web": Port(number=1)}, {"web": Port(number=2)}, ["f.web.number: 1 → 2"]),
        (Json({"w": [{"x": 1}, 2]}), Json({"w": [{"x": 3}, 2]}), ["f.w.0.x: 1 → 3"]),
        (Text("{}:1", (Ref("r", "repo", "uri"),)), "other:1", ["f: repo:1 → other:1"]),
        (
            Ref("t", "arn:aws:ecs:r:1:task-definition/a:3", by_id=True),
            Ref("t", "a"),
            ["f: a:3 → a (new)"],
        ),
        ("x" * 500, "y", [f"f: {'x' * 159}… → y"]),
        (
            {"app": {"environment": ENV}},
            {"app": {"environment": NEW_ENV}},
            [
                "f.app.environment.API_KEY: arn:aws:ssm:::parameter/a → arn:aws:ssm:::parameter/b",
                "f.app.environment.DB_PASSWORD: (hidden, changed)",
                "f.app.environment.DSN: pg://u:(hidden, changed)@db",
                "f.app.environment.LOG_LEVEL: info → debug",
            ],
        ),
        (("--token", "a", "x"), ("--token", "b", "x"), ["f: [--token, (hidden, changed), x]"]),
        (("--token", "a", "x"), ("--token", "a", "y"), ["f: [--token, (hidden), x] → [--token, (hidden), y]"]),
        ({"P_TOKEN": "a"}, {"P_TOKEN": 1}, ["f.P_TOKEN: (hidden) → 1"]),
        (
            frozenset({"password=a"}),
            frozenset({"password=b"}),
            ["f: - password=(hidden)", "f: + password=(hidden)"],
        ),
        ("x" * 160 + " password=a", "x" * 160 + " password=b", [f"f: {'x' * 159}… (hidden, changed)"]),
        ({}, {"app": {"environment": {"TOKEN": "t"}}}, ["f.app: none → {environment: {TOKEN: (hidden)}}"]),
    ],
)
def test_a_field_is_told_leaf_by_leaf(live, want, told):
    assert [format_difference(d) for d in find_differences([FieldDiff("f", live, want)], {})] == told


def widget(title: str, y: int = 0, stat: str = "Sum") -> dict[str, Any]:
    return {"type": "metric", "y": y, "properties": {"title": title, "stat": stat}}


@pytest.mark.parametrize(
    ("live", "want", "told"),
    [
        ([widget("a"), widget("b", 6)], [widget("b")], ["f: - a"]),
        (
            [widget("a")],
            [widget("a", stat="Average"), widget("b")],
            ["f: + b", "f.a.properties.stat: Sum → Average"],
        ),
        ([widget("a", 6)], [widget("a")], ["f.a.y: 6 → 0"]),
        (
            [widget("a"), widget("b")],
            [widget("b"), widget("a")],
            ["f.0.properties.title: a → b", "f.1.properties.title: b → a"],
        ),
        ([widget("a"), widget("a", 6)], [widget("a"), widget("a", 7)], ["f.1.y: 6 → 7"]),
    ],
)
def test_widgets_are_told_by_their_titles(live, want, told):
    assert [
        format_difference(d) for d in find_differences([FieldDiff("f", Json(live), Json(want))], {})
    ] == told


def test_a_policy_is_told_in_words():
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    (found,) = find_differences([FieldDiff("policies", {"evil": parse_policy(document)}, {})], {})
    assert format_difference(found) == "policies.evil: Allow * on * → none"


def test_a_pushed_image_is_told_by_its_digests():
    ref, digests = Ref("image", "repo:latest"), [f"sha256:{c * 64}" for c in "ab"]
    running = frozenset({Ref("image", digests[0], by_id=True)})
    (found,) = find_differences(
        [FieldDiff("images", running, frozenset({ref}))], {ref.address: {"id": digests[1]}}
    )
    assert format_difference(found) == f"image latest: sha256:{'a' * 12}… → sha256:{'b' * 12}…"


def test_images_that_are_not_one_for_one_are_items():
    running = frozenset({Ref("image", f"sha256:{c * 64}", by_id=True) for c in "ab"})
    found = find_differences([FieldDiff("images", running, frozenset({Ref("image", "repo:latest")}))], {})
    assert [format_difference(d) for d in found] == [
        f"images: - sha256:{'a' * 12}…",
        f"images: - sha256:{'b' * 12}…",
        "images: + repo:latest",
    ]


def test_what_a_replacement_interrupts_is_told_under_it():
    shelf = Shelf()
    shelf.put(make(Slot, "berth", depth=1))
    todo = shelf.plan(make(Slot, "berth", depth=2))
    assert "needs --allow-replace\n      ships wait\n      depth: 1 → 2" in plan_text(todo)
    (change,) = plan_document(todo)["changes"]
    assert (change["interrupts"], change["order"]) == ("ships wait", "deleted first: interrupts")


def test_remedies_are_left_out_where_the_outcome_tells_them():
    told = plan_text(one_of_everything(), remedies=False)
    assert told == GOLDEN.replace("      paint it\n", "")


def test_secrets_are_hidden_in_calls_too():
    pairs = [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "fast"}]
    call = Call("ecs", "register_task_definition", {"containerDefinitions": [{"environment": pairs}]})
    assert "hunter2" not in format_step(call)
    assert "fast" in format_step(call)


def test_a_plan_as_json_holds_the_calls_whole():
    found = json.loads(json.dumps(plan_document(one_of_everything())))
    ops = [(c["op"], c["address"]) for c in found["changes"]]
    assert ops == [
        ("await", "picture.sun"),
        ("update", "toy.changed"),
        ("create", "toy.new"),
        ("delete", "toy.old"),
        ("replace", "toy.blue"),
    ]
    changed, replaced = found["changes"][1], found["changes"][4]
    assert changed["fields"] == [{"field": "size", "from": 1, "to": 2}, {"field": "links", "from": "hub"}]
    assert [c["operation"] for c in replaced["calls"]] == ["make_blue", "drop_blue"]
    assert (replaced["replaces"], replaced["order"]) == ("toy.blue#toy-002", "new one first")
    assert found["foreign"] == [{"address": "toy.stranger", "id": "toy-005", "owner": None}]
    assert found["counts"]["calls"] == 6


def test_a_plan_as_markdown_is_a_diff():
    told = plan_markdown(one_of_everything()).splitlines()
    assert told[0] == "**Plan: 1 to create, 1 to update, 1 to delete, 1 to replace, 1 to await; 6 AWS calls.**"
    assert {"+ toy.new", "! toy.changed", "- toy.old   toy-003"} <= set(told)


def test_an_empty_plan_as_markdown_says_so():
    assert plan_markdown(Shelf().plan()) == "**Nothing to do.**\n"


def test_what_is_not_of_the_stack_is_in_the_markdown_also_where_nothing_is_to_be_done():
    shelf = Shelf()
    shelf.put(toy("stranger"), owner=None)
    told = plan_markdown(shelf.plan())
    assert told.startswith("**Nothing to do.**\n\n<details><summary>what is not part of this stack</summary>")
    assert "    toy.stranger   toy-001, without a stack's tags\n" in told


def test_refusals_are_in_the_markdown_and_in_the_document():
    shelf = Shelf()
    shelf.put(toy("old"))
    refusals = ["toy.old: is protected\n  unprotect it and apply first"]
    told = plan_markdown(shelf.plan(), refusals)
    assert told.startswith("**Plan: 1 to delete; 1 AWS call. It will be refused.**\n")
    assert "\nWill be refused:\n  ✗ toy.old: is protected\n      unprotect it and apply first\n" in told
    assert plan_document(shelf.plan(), refusals)["refusals"] == [
        {"why": "toy.old: is protected", "remedy": "unprotect it and apply first"}
    ]


def test_data_that_is_deleted_for_good_is_told_in_each_form_and_in_the_question():
    todo = Shelf().plan()
    gone = [Change(f"toy.{n}", Address("toy", n), Op.DELETE, (), (), frozenset(), {"id": n}) for n in "abcdefg"]
    todo = replace(todo, changes=tuple(replace(c, loses="its logs") for c in gone))
    assert "  - toy.a   with its logs\n" in plan_text(todo)
    assert plan_document(todo)["changes"][0]["loses"] == "its logs"
    (told,) = describe_losses(todo)
    assert told.startswith("This cannot be brought back: toy.a with its logs, toy.b with its logs, ")
    assert told.endswith(" and 2 more.")
    assert not [*describe_losses(Shelf().plan())]


def test_a_plan_with_conflicts_as_markdown_says_what_stands_in_the_way():
    told = plan_markdown(with_a_taken_name())
    assert told.startswith("**This plan cannot be run.**\n\n<details><summary>what stands in the way</summary>")
    assert "✗ toy.taken: " in told


def test_a_plan_reads_the_same_in_every_process():
    code = "from test_render import *; print(plan_text(one_of_everything(), calls=True))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


def only_tagged(*names: str) -> tuple[Shelf, list]:
    """Return the live resources of an earlier version, and what the file asks for now."""
    shelf = Shelf()
    for name in names:
        shelf.put(toy(name))
    wanted = [toy(name, service="api") for name in names]
    return shelf, [w.model_copy(update={"tags": {**w.tags, SERVICE: "api"}}) for w in wanted]


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (("one",), "1 resource gets the tag ecs-reconciler:service; nothing restarts"),
        (("one", "two"), "2 resources get the tag ecs-reconciler:service; nothing restarts"),
    ],
)
def test_tags_that_name_the_service_are_one_line(names, line):
    shelf, wanted = only_tagged(*names)
    count = f"Plan: {len(names)} to update; {len(names)} AWS call{'s' * (len(names) > 1)}."
    assert plan_text(shelf.plan(*wanted)) == f"{line}\n\n{count}\n"


def test_the_calls_and_the_document_show_each_of_those_tags():
    shelf, wanted = only_tagged("one", "two")
    shown = plan_text(shelf.plan(*wanted), calls=True)
    assert "  ~ toy.one\n" in shown
    assert "  ~ toy.two\n" in shown
    assert "nothing restarts" not in shown
    assert len(plan_document(shelf.plan(*wanted))["changes"]) == 2


def test_what_changes_besides_that_tag_is_shown():
    shelf, (one, two) = only_tagged("one", "two")
    shown = plan_text(shelf.plan(one, two.model_copy(update={"size": 3})))
    assert "service api\n  ~ toy.two\n" in shown
    assert "1 resource gets the tag ecs-reconciler:service; nothing restarts\n" in shown


def test_a_warning_is_shown_in_each_form_also_where_nothing_is_to_be_done():
    todo = Plan((), {}, warnings=(PlanWarning("its image is gone", Address("toy", "a"), "push it again"),))
    assert plan_text(todo) == (
        "Warnings:\n  ! toy.a: its image is gone\n      push it again\n\nNothing to do.\n"
    )
    told = plan_markdown(todo)
    assert told.startswith("**Nothing to do.**\n")
    assert "! toy.a: its image is gone" in told
    assert plan_document(todo)["warnings"] == [
        {"address": "toy.a", "why": "its image is gone", "remedy": "push it again"}
    ]


def test_a_plan_names_its_stack_account_and_region():
    todo = replace(one_of_everything(), scope=Scope("shop/prod/eu-west-1", "123456789012", "eu-west-1"))
    title = "shop/prod/eu-west-1 in account 123456789012"
    assert plan_text(todo).startswith(f"Plan for {title}\n\n")
    assert plan_markdown(todo).startswith(f"### {title}\n\n**Plan: ")
    assert plan_markdown(todo).count(title) == 1
    document = plan_document(todo)
    assert (document["stack"], document["account"], document["region"]) == (
        "shop/prod/eu-west-1",
        "123456789012",
        "eu-west-1",
    )


def test_a_plan_with_conflicts_and_one_for_nothing_name_them_too():
    scope = Scope("shop/prod/eu-west-1", "123456789012", "eu-west-1")
    assert plan_text(replace(with_a_taken_name(), scope=scope)).startswith(
        f"Plan for {scope}\n\nThis plan cannot"
    )
    assert plan_text(replace(Shelf().plan(), scope=scope)) == f"Plan for {scope}\n\nNothing to do.\n"
    assert plan_markdown(replace(Shelf().plan(), scope=scope)) == f"### {scope}\n\n**Nothing to do.**\n"
