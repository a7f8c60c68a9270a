"""What was declared to AWS, and what AWS then told, are no difference: recorded answers, which are not here.

Their file lies beside the checkout, or where RECORDED_AWS says. It has one JSON object a line: `type`, `case`,
`declared` and `live`, in the shape of Cloud Control. A value that was not declared is taken from what AWS told.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recorded import ADAPTERS, Raw

from reconciler.model.aws_default import AwsDefault, NotInFile
from reconciler.model.plan import FieldDiff
from reconciler.model.spec import Live, Spec
from reconciler.plan.declared import only_declared
from reconciler.plan.matching import diff
from reconciler.plan.not_in_file import find_not_in_file

BESIDE = Path(__file__).parents[3] / "shared" / "aws-recorded.jsonl"
FILE = Path(os.environ.get("RECORDED_AWS", BESIDE))
FEWEST = 150  # records of the engine's types
UNKNOWN = "__demo_corpus_unresolved__"  # in the place of a declared value that was not recorded
ATTRIBUTES = ("LoadBalancerAttributes", "TargetGroupAttributes")  # of which the declared keys are compared
OPEN_KEYS = {  # that leave an open field open, where they are not declared
    "boundary": "PermissionsBoundary",
    "max_session": "MaxSessionDuration",
    "tag_mutability": "ImageTagMutability",
    "kms_key": "KmsKeyId",
    "strategy": "Strategy",
    "deployment_alarms": "Alarms",
    "policy": "PolicyDocument",
    "trust_store": "MutualAuthentication",
}
CHANGED_BY_AWS = {"ProdRule"}  # ECS rewrites the rule of a blue/green service to forward to two groups

Difference = FieldDiff | NotInFile


@pytest.fixture(scope="module")
def records() -> list[Raw]:
    """Return the records of the engine's types. A group's declared rules are in one place."""
    if not FILE.exists():
        pytest.skip(f"the recorded answers of AWS are not at {FILE}")
    found = [json.loads(line) for line in FILE.read_text().splitlines()]
    found = [record for record in found if record["type"] in ADAPTERS]
    groups = {r["live"]["GroupId"]: r["declared"] for r in found if r["type"] == "AWS::EC2::SecurityGroup"}
    for record in found:
        direction = record["type"].removeprefix("AWS::EC2::")
        group = groups.get(record["declared"].get("GroupId"), {})
        group.setdefault(direction, []).append(record["declared"])
    return found


def merge(declared: Any, live: Any) -> Any:
    """Return what was declared, and below mappings what AWS told where nothing was."""
    if declared == UNKNOWN:
        return live
    if isinstance(declared, dict) and isinstance(live, dict):
        return live | {key: merge(value, live.get(key)) for key, value in declared.items()}
    return declared


def keys_of(value: Any) -> Iterator[str]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from value if isinstance(value, dict) else ()
    yield from (key for child in children for key in keys_of(child))


def specs(record: Raw, raw: Raw) -> list[Spec]:
    made = ADAPTERS[record["type"]](raw)
    return [made] if isinstance(made, Spec) else list(made)


def desired(record: Raw) -> list[Spec]:
    """Return the specs of what was declared, with open fields for what was not."""
    declared, undeclared = record["declared"], {key: [] for key in ATTRIBUTES if key in record["live"]}
    known = {*keys_of(declared)}
    return [
        spec.model_copy(update={f: None for f in open_fields(spec) if OPEN_KEYS[f] not in known})
        for spec in specs(record, merge(declared, record["live"] | undeclared))
    ]


def open_fields(spec: Spec) -> list[str]:
    fields = type(spec).model_fields.items()
    return [name for name, info in fields if any(isinstance(mark, AwsDefault) for mark in info.metadata)]


def differences(record: Raw) -> list[Difference]:
    """Return what the engine would change, or tell, after what was declared had been made."""
    found: list[Difference] = []
    for want, live in zip(desired(record), specs(record, record["live"]), strict=True):
        found += diff(want, only_declared(want, live))
        found += find_not_in_file({want.address: want}, {want.address: Live(live, {"id": "it"})})
    return found


def is_drifted(record: Raw) -> bool:
    return record["case"].endswith(".drifted") or record["case"] in CHANGED_BY_AWS


def test_records_of_each_type_are_compared(records: list[Raw]):
    counted = Counter(record["type"] for record in records)
    assert counted.keys() == ADAPTERS.keys()
    assert counted.total() >= FEWEST, counted


def test_what_was_declared_is_no_difference_to_what_aws_tells(records: list[Raw]):
    found = {f"{r['type']} {r['case']}": differences(r) for r in records if not is_drifted(r)}
    assert {case: told for case, told in found.items() if told} == {}


def test_what_was_changed_afterwards_is_a_difference(records: list[Raw]):
    drifted = {record["case"]: differences(record) for record in records if is_drifted(record)}
    assert drifted.keys() > CHANGED_BY_AWS
    assert all(drifted.values()), drifted
