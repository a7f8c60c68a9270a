"""The first plan of the default platform, as people get to read it.

`UPDATE_GOLDEN=1 pytest tests/render/test_golden_plan.py` rewrites the files; review their differences.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from whole import default

from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.plan import Plan
from reconciler.plan import plan
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.plan_text import plan_text
from reconciler.resources import KINDS

GOLDEN = Path(__file__).with_name("golden")
FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
FORMS: dict[str, Callable[[Plan], str]] = {
    "plan.txt": plan_text,
    "plan-calls.txt": lambda todo: plan_text(todo, calls=True),
    "plan.md": plan_markdown,
    "plan.json": lambda todo: json.dumps(plan_document(todo), indent=2, ensure_ascii=False) + "\n",
}


def first_plan() -> Plan:
    """Plan the default platform on an empty account."""
    platform = default()
    specs = tuple(blueprint(platform, FACTS))
    return plan(KINDS, specs, (), platform.stack, specs)


@pytest.mark.parametrize("name", FORMS)
def test_the_first_plan_reads_as_it_was_reviewed(name):
    told, file = FORMS[name](first_plan()), GOLDEN / name
    if "UPDATE_GOLDEN" in os.environ:
        file.write_text(told)
    assert told == file.read_text()
