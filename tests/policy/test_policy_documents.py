"""The documents: as many as AWS's limit asks for, and those of the default platform, as they are printed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from uses import ACCOUNT, documents_of, facts_of

from desired_state import DEFAULT_FILE, load
from reconciler.policy import Use, policies, size
from reconciler.policy.documents import LIMIT, documents
from reconciler.resources.iam_policy import Statement
from reconciler.rights.grant import Grant
from reconciler.rights.place import place_of
from reconciler.rights.reads import READ_ROWS
from reconciler.rights.roles import role_grants
from reconciler.rights.writes import WRITE_ROWS

FOLDER = Path(__file__).parent / "documents"  # of what is printed for the default platform
READING = ("Describe", "Get", "List")


def default():
    return load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")


@pytest.mark.parametrize("use", Use)
def test_the_documents_of_the_default_platform_are_those_in_the_folder(use):
    """If a difference is meant: `python tests/policy/test_policy_documents.py` writes them anew."""
    assert [*documents_of(default(), use)] == json.loads((FOLDER / f"{use.value}.json").read_text())


@pytest.mark.parametrize("use", Use)
def test_no_document_is_above_the_limit_and_each_name_is_there_once(use):
    found = documents_of(default(), use)
    assert all(size(document) <= LIMIT for document in found)
    for document in found:
        names = [statement["Sid"] for statement in document["Statement"]]
        assert len({*names}) == len(names)
        assert all(name.isalnum() for name in names)


def test_what_fits_into_one_document_is_not_put_into_two():
    grants = [
        Grant(f"S{n}", Statement(actions=frozenset({f"ec2:A{n}"}), resources=frozenset("*"))) for n in range(9)
    ]
    (whole,) = documents(grants)
    assert [len(d["Statement"]) for d in documents(grants, size(whole) - 1)] == [8, 1]


def test_a_statement_above_the_limit_is_divided_by_its_actions():
    several = Statement(actions=frozenset(f"ec2:Action{n:03}" for n in range(99)), resources=frozenset("*"))
    found = documents([Grant("Many", several)], 1000)
    assert all(size(document) <= 1000 for document in found)
    assert {a for d in found for s in d["Statement"] for a in s["Action"]} == several.actions


@pytest.mark.parametrize("use", Use)
def test_what_is_for_any_resource_has_a_reason_and_nothing_else_has(use):
    found = policies(default(), facts_of(default()), use)
    anywhere = {
        s["Sid"]
        for d in found.documents
        for s in d["Statement"]
        if s["Resource"] == "*" and "aws:ResourceTag" not in json.dumps(s.get("Condition", {}))
    }
    reasons = dict(found.reasons)
    assert anywhere <= reasons.keys()
    assert all(name.startswith("Any") for name in reasons)


def test_reads_and_writes_are_told_apart():
    for row in (*READ_ROWS, *WRITE_ROWS):
        assert all(name.startswith(READING) for name in row.reads.split())
        assert not [name for name in f"{row.writes} {row.deletes}".split() if name.startswith(READING)]


def test_a_use_without_a_lease_has_no_rights_on_one():
    platform = default().model_copy(update={"lease": False})
    assert "dynamodb" not in json.dumps(documents_of(platform, Use.APPLY))


def test_another_partition_has_its_own_arns():
    facts = replace(facts_of(default()), partition="aws-cn", region="cn-north-1")
    assert "arn:aws:" not in json.dumps([*policies(default(), facts, Use.DESTROY).documents])


def test_without_roles_in_the_file_none_is_passed():
    place = place_of(default(), partition="aws", region="us-east-1", account=ACCOUNT)
    assert "PassToTasks" not in {g.sid for g in role_grants(Use.APPLY, place, ())}


if __name__ == "__main__":
    for each in Use:
        FOLDER.mkdir(exist_ok=True)
        text = json.dumps([*documents_of(default(), each)], indent=2)
        (FOLDER / f"{each.value}.json").write_text(text + "\n")
