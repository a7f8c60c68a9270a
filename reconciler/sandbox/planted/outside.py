"""Parameters of SSM and stacks of CloudFormation whose values a file takes."""

from collections.abc import Mapping
from json import dumps
from typing import Any

from moto.cloudformation import cloudformation_backends
from moto.cloudformation.exceptions import ValidationError
from moto.ssm import ssm_backends


def plant_parameter(part: Mapping[str, Any], account: str, region: str) -> None:
    ssm = ssm_backends[account][region]
    if not ssm.get_parameters([part["name"]]):
        ssm.put_parameter(
            part["name"],
            "",
            part["value"],
            "String",
            "",
            "",
            overwrite=False,
            tags=[],
            data_type="text",
            tier=None,
            policies=None,
        )


def plant_stack(part: Mapping[str, Any], account: str, region: str) -> None:
    stacks = cloudformation_backends[account][region]
    try:
        stacks.get_stack(part["name"])
    except ValidationError:
        outputs = {key: {"Value": value} for key, value in part["outputs"].items()}
        template = dumps({"Resources": {}, "Outputs": outputs})
        stacks.create_stack(part["name"], template, parameters={}, notification_arns=[], tags={})
