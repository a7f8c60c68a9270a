"""A change of the file that was never applied is no drift, and nothing is corrected before it is applied."""

from dataclasses import replace

from toys import Toy, toy

from reconciler.drift.last_apply import LastApply, find_obstacle, with_statuses
from reconciler.model.applied import holds_address, holds_spec, pack, unpack
from reconciler.model.drift import Difference, Finding, Severity, Status
from reconciler.model.lease import Applied
from reconciler.model.references import Address, Ref

BEFORE = [toy("kept", size=1), toy("changed", size=1), toy("gone")]
NOW = {spec.address: spec for spec in (toy("kept", size=1), toy("changed", size=2), toy("new"))}
RECORD = Applied("d1", "2026-11-27T22:14:03+00:00", "arn:anna", "0.1.0", pack(BEFORE))
LAST = LastApply(RECORD)


def differ(name: str, finding: Finding = Finding.CHANGED) -> Difference:
    return Difference(Address("toy", name), finding, "size", 0, 1, Severity.CONFIGURATION)


FOUND = [
    differ("kept"),
    differ("changed"),
    differ("new", Finding.MISSING),
    differ("gone", Finding.ORPHANED),
    differ("theirs", Finding.ORPHANED),
]


def drifted(last: LastApply, digest: str = "d2", program: str = "0.1.0", *, exists: bool = True) -> set[str]:
    found = with_statuses(FOUND, NOW, last, digest, program, exists=exists)
    return {d.address.name for d in found if d.status is Status.DRIFT}


def test_with_the_file_that_was_applied_all_that_differs_is_drift():
    assert drifted(LAST, "d1") == {d.address.name for d in FOUND}
    assert find_obstacle(LAST, "d1", "0.1.0") == ""


def test_with_another_file_only_what_it_did_not_change_is_drift():
    assert drifted(LAST) == {"kept", "theirs"}
    assert find_obstacle(LAST, "d2", "0.1.0") == (
        "this file is not the one last applied (by arn:anna, at 2026-11-27T22:14:03+00:00): run apply"
    )


def test_another_version_of_the_program_may_ask_for_something_else_with_the_same_file():
    assert drifted(LAST, "d1", "0.2.0") == {"kept", "theirs"}
    assert find_obstacle(LAST, "d1", "0.2.0") == (
        "this program is 0.2.0 and the last apply was made by 0.1.0: run apply"
    )


def test_where_no_record_tells_the_two_apart_it_is_drift_and_nothing_is_corrected():
    unknown = LastApply(unknown="the file says `lease: false`, so no apply leaves a record")
    for last in (LastApply(), unknown, LastApply(replace(RECORD, resources=""))):
        assert drifted(last) == {d.address.name for d in FOUND}
        assert find_obstacle(last, "d2", "0.1.0")
    assert find_obstacle(unknown, "d2", "0.1.0") == (
        "it is not known what was applied last: the file says `lease: false`, so no apply leaves a record"
    )


def test_a_stack_that_was_never_applied_has_not_drifted():
    assert drifted(LastApply(), exists=False) == set()
    assert drifted(LAST, "d1", exists=False) == {d.address.name for d in FOUND}  # all of it was deleted


def test_digests_tell_which_specs_were_applied():
    packed = unpack(RECORD.resources)
    assert packed is not None
    assert holds_spec(packed, BEFORE[0])
    assert not holds_spec(packed, toy("kept", size=2))
    assert holds_address(packed, Address("toy", "gone"))
    assert not holds_address(packed, Address("toy", "new"))


def test_what_is_never_compared_changes_no_digest():
    packed = unpack(pack([toy("a")]))
    assert packed is not None
    assert holds_spec(packed, toy("a", after=frozenset({Ref("toy", "b")}), service="web"))


def test_digests_are_the_same_whatever_the_order():
    assert pack(BEFORE) == pack(reversed(BEFORE))


def test_what_is_no_packed_text_is_not_known():
    whole = RECORD.resources
    for text in ("", "no base64!", whole[:-4], "AA==", "/" + whole[1:], "ü"):
        assert unpack(text) is None, text


def test_300_services_fit_into_the_record_of_a_lease():
    specs: list[Toy] = [toy(f"resource-{number}") for number in range(300 * 13)]
    assert len(pack(specs)) < 64 * 1024
