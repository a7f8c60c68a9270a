"""How a container's program runs: what is changed by hand is found and put right, and what is left out goes."""

from typing import Any

import pytest
from services import FAMILY, definition
from support import client, differences, see, settle

from reconciler.model.differences import compare
from reconciler.resources.task_definition.containers import Container, Ulimit

FIELDS: dict[str, Any] = {
    "entry_point": ("/tini", "--"),
    "user": "1000:1000",
    "working_directory": "/srv",
    "readonly_root_filesystem": True,
    "init_process": True,
    "stop_timeout": 60,
    "ulimits": {"nofile": Ulimit(soft=9000, hard=9999)},
    "dropped_capabilities": {"CHOWN", "NET_RAW"},
    "environment_files": ("arn:aws:s3:::shop/2.env", "arn:aws:s3:::shop/1.env"),
}
BY_HAND: dict[str, dict[str, Any]] = {  # the field -> what somebody else registers
    "entry_point": {"entryPoint": ["/tini", "-g", "--"]},
    "user": {"user": "root"},
    "working_directory": {"workingDirectory": "/"},
    "readonly_root_filesystem": {"readonlyRootFilesystem": False},
    "init_process": {"linuxParameters": {"capabilities": {"drop": ["NET_RAW", "CHOWN"]}}},
    "stop_timeout": {"stopTimeout": 30},
    "ulimits": {"ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 9999}]},
    "dropped_capabilities": {"linuxParameters": {"initProcessEnabled": True}},
    "environment_files": {
        "environmentFiles": [{"value": f"arn:aws:s3:::shop/{n}.env", "type": "s3"} for n in (1, 2)]
    },
}


WANTED = definition(Container(image="nginx", **FIELDS), ephemeral_storage=50)


def register_by_hand(task: dict[str, Any] | None = None, **fields: Any) -> None:
    """Register a revision with the tags of the newest one, and with other parameters."""
    ecs = client("ecs")
    told = ecs.describe_task_definition(taskDefinition=FAMILY, include=["TAGS"])
    raw, (first,) = told["taskDefinition"], told["taskDefinition"]["containerDefinitions"]
    known = ("family", "cpu", "memory", "networkMode", "requiresCompatibilities", "runtimePlatform")
    same = {name: raw[name] for name in (*known, "executionRoleArn", "taskRoleArn", "ephemeralStorage")}
    sent = same | {"containerDefinitions": [{**first, **fields}], "tags": told["tags"]} | (task or {})
    ecs.register_task_definition(**sent)


@pytest.mark.usefixtures("aws")
def test_what_is_changed_by_hand_is_found_and_put_right():
    settle([WANTED])
    for field, other in BY_HAND.items():
        register_by_hand(**other)
        change = see([WANTED]).changes[0]  # a later one deregisters old revisions
        found = [
            value.where for both in change.fields for value in compare((both.field,), both.live, both.want)
        ]
        assert {where[:3] for where in found} == {("containers", "web", field)}
        assert f"update task_definition.{FAMILY}" in settle([WANTED])
    register_by_hand({"ephemeralStorage": {"sizeInGiB": 99}})
    assert ["ephemeral_storage"] in differences(see([WANTED])).values()
    assert settle([WANTED])


@pytest.mark.usefixtures("aws")
def test_what_the_file_leaves_out_goes():
    settle([WANTED])
    settle([definition(Container(image="nginx"))])
    told = client("ecs").describe_task_definition(taskDefinition=FAMILY)["taskDefinition"]
    (found,) = told["containerDefinitions"]
    assert "ephemeralStorage" not in told
    assert not found.keys() & {key for other in BY_HAND.values() for key in other}


def test_each_field_is_tried():
    assert FIELDS.keys() == BY_HAND.keys()
