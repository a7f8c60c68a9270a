"""Specs cannot be changed, and can be copied and written like any other model."""

import copy
import pickle

import pytest
from toys import toy

from reconciler.model.references import substitute
from reconciler.resources.log_group import LogGroup

GROUP = LogGroup(name="/a", tags={"team": "ours"})


@pytest.mark.parametrize(
    "spec",
    [
        GROUP,
        GROUP.model_copy(update={"tags": {"team": "theirs"}}),
        copy.deepcopy(GROUP),
        GROUP.model_copy(deep=True),
        pickle.loads(pickle.dumps(GROUP)),  # noqa: S301 - made just now
        substitute(GROUP, lambda ref: ref),
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        lambda tags: tags.__setitem__("team", "x"),
        lambda tags: tags.pop("team"),
        lambda tags: tags.update(team="x"),
        lambda tags: tags.clear(),
        lambda tags: tags.setdefault("other", "x"),
    ],
)
def test_a_mapping_of_a_spec_cannot_be_changed(spec, change):
    before = dict(spec.tags)
    with pytest.raises(TypeError, match="cannot be changed"):
        change(spec.tags)
    assert spec.tags == before


def test_copies_are_equal():
    assert copy.deepcopy(GROUP) == GROUP == pickle.loads(pickle.dumps(GROUP))  # noqa: S301 - made just now
    assert toy("it").model_copy(deep=True) == toy("it")


def test_it_is_written_as_json():
    assert LogGroup.model_validate_json(GROUP.model_dump_json()) == GROUP


def test_what_is_put_together_from_it_can_be_changed():
    together = GROUP.tags | {"more": "x"}
    together["more"] = "y"
    assert together == {"team": "ours", "more": "y"}
