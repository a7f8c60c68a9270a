"""What is told beside the differences: dangers, what is foreign inside of ours, what AWS leaves untold."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from support import make
from toys import KINDS, Shelf, toy

from reconciler.drift.beside import find_dangers, find_foreign, find_unknown, hold, is_dangerous
from reconciler.drift.differences import match
from reconciler.model.aws_default import NotInFile
from reconciler.model.drift import Difference, Finding, Remark, Severity
from reconciler.model.plan import Conflict, Plan
from reconciler.model.references import Address, Ref
from reconciler.model.spec import Blocker, Live
from reconciler.resources import KINDS as REAL_KINDS
from reconciler.resources.drifting import DriftNotes, Severities
from reconciler.resources.ecr_policy import find_principals
from reconciler.resources.iam_role import IamRole
from reconciler.resources.route_table import RouteTable


def test_what_others_have_in_ours_is_told_with_its_owner():
    shelf = Shelf()
    hub = shelf.put(toy("hub"))
    inside = toy("theirs", hub=Ref("toy", hub, by_id=True))
    shelf.put(inside, owner="shop/prod/us-east-1")
    shelf.put(toy("elsewhere"), owner=None)
    todo = shelf.plan(toy("hub"))
    kinds = {**KINDS, "toy": replace(KINDS["toy"], severities=Severities(foreign=Severity.SECURITY))}
    assert [*find_foreign(kinds, todo, match(todo, shelf.things.values()))] == [
        Remark(
            "toy.theirs", "in or on toy.hub, belongs to stack shop/prod/us-east-1 (toy-002)", Severity.SECURITY
        )
    ]


def test_what_hangs_on_ours_is_told_too():
    shelf = Shelf()
    own_id = shelf.put(toy("hub"))
    shelf.things[own_id] = replace(shelf.things[own_id], blockers=(Blocker("instance mine", "remove it"),))
    todo = shelf.plan(toy("hub"))
    assert [r.words for r in find_foreign(KINDS, todo, match(todo, shelf.things.values()))] == ["instance mine"]


def test_what_a_conflict_names_is_not_told_twice():
    shelf = Shelf()
    hub = shelf.put(toy("hub"))
    shelf.put(toy("taken", hub=Ref("toy", hub, by_id=True)), owner=None)
    todo = shelf.plan(toy("hub"), toy("taken", hub=Ref("toy", "hub")))
    assert todo.conflicts
    assert [*find_foreign(KINDS, todo, match(todo, shelf.things.values()))] == []


def role(**fields: Any) -> IamRole:
    return make(IamRole, "task", service_principal="ecs-tasks.amazonaws.com", **fields)


def told_of_role(found: NotInFile) -> bool:
    live = Live(role(), {"id": "task"})
    todo = Plan((), {}, desired={found.address: role()})
    return is_dangerous(REAL_KINDS, todo, {found.address: live}, found)


def test_of_what_the_file_leaves_open_only_what_is_worse_than_the_default_is_dangerous():
    address = Address("iam_role", "task")
    assert not told_of_role(NotInFile(address, "boundary", "arn:guard", "", "roles.boundary"))
    assert not told_of_role(NotInFile(address, "max_session", 7200, 3600, "roles.max_session"))
    balancer = REAL_KINDS["load_balancer"]
    scheme = NotInFile(address, "scheme", "internet-facing", "internal", "")
    todo = Plan((), {}, desired={address: role()})
    matched = {address: Live(role(), {"id": "task"})}
    assert is_dangerous({"iam_role": balancer}, todo, matched, scheme)


def test_a_danger_is_told_with_its_severity():
    shelf = Shelf()
    shelf.put(toy("ball", size=9))
    notes = DriftNotes(dangerous=lambda live, _want: [(Severity.SECURITY, f"it has grown to {live.size}")])
    kinds = {**KINDS, "toy": replace(KINDS["toy"], drift_notes=notes)}
    todo = shelf.plan(toy("ball", size=9))
    matched = match(todo, shelf.things.values())
    assert [*find_dangers(kinds, todo, matched)] == [Remark("toy.ball", "it has grown to 9", Severity.SECURITY)]


def test_a_field_that_aws_leaves_untold_is_not_compared_where_it_matters():
    shelf = Shelf()
    shelf.put(toy("ball"))
    kinds = {**KINDS, "toy": replace(KINDS["toy"], drift_notes=DriftNotes(unknown={"seen": "nobody looked"}))}
    for wanted, told in ((toy("ball", seen=1), ["toy.ball.seen"]), (toy("ball"), [])):
        todo = shelf.plan(wanted)
        found = find_unknown(kinds, todo, match(todo, shelf.things.values()))
        assert [n.what for n in found] == told


def test_what_stands_in_the_way_is_told_at_its_differences_or_by_itself():
    lost = Difference(Address("toy", "a"), Finding.MISSING, "", None, None, Severity.AVAILABILITY)
    conflicts = [Conflict(Address("toy", name), "taken", "choose another name") for name in "ab"]
    differences, others = hold([lost], conflicts)
    assert differences[0].held == "taken; choose another name"
    assert others == [Remark("toy.b", "taken; choose another name", Severity.AVAILABILITY)]


def test_routes_of_others_are_told_and_those_to_the_internet_are_drift():
    gateway, peering = (Ref(kind, "x-1", by_id=True) for kind in ("internet_gateway", "vpc_peering_connection"))
    want = make(RouteTable, "private", vpc="vpc-1")
    live = want.model_copy(update={"routes": {"0.0.0.0/0": gateway, "10.9.0.0/16": peering}})
    assert [*REAL_KINDS["route_table"].drift_notes.unlike(live, want)] == [
        "route 10.9.0.0/16 to x-1, which is not in the file"
    ]


def test_a_repository_policy_lets_in_whom_it_names_outside_of_the_account():
    def policy(**statement: Any) -> Mapping[str, Any]:
        return {"Statement": [{"Effect": "Allow", "Action": "ecr:*", **statement}]}

    own, other = "arn:aws:iam::123456789012:root", "arn:aws:iam::999999999999:root"
    for statement, told in (
        ({"Principal": "*"}, {"*"}),
        ({"Principal": {"AWS": [own, other, "123456789012"]}}, {other}),
        ({"Principal": {"Service": "codebuild.amazonaws.com"}}, set()),
        ({"NotPrincipal": {"AWS": own}}, {"*"}),
        ({"Effect": "Deny", "Principal": "*"}, set()),
    ):
        assert {*find_principals(policy(**statement), "123456789012")} == told
