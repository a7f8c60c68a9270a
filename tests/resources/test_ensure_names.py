"""Each type has the functions that its file promises, under the names that all types have."""

import sys
from typing import Any

import pytest

from reconciler.model.spec import S
from reconciler.resources import KINDS
from reconciler.resources.kind import Kind


def ensure_name(kind: Kind[S]) -> str:
    return kind.ensure.__name__


def module_of(kind: Kind[S]) -> Any:
    return sys.modules[kind.read.__module__]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_type_is_ensured_by_a_function_of_its_own_module(kind: Kind[Any]):
    assert ensure_name(kind).startswith("ensure_")
    assert getattr(module_of(kind), ensure_name(kind)) is kind.ensure


def test_no_two_types_have_an_ensure_function_of_one_name():
    assert len({ensure_name(kind) for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_module_of_a_type_reads_aws_s_answers_in_from_aws(name: str):
    assert callable(module_of(KINDS[name]).from_aws)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_module_of_a_type_holds_its_kind_and_its_spec(kind: Kind[Any]):
    assert module_of(kind).KIND is kind
    assert getattr(module_of(kind), kind.spec.__name__) is kind.spec
