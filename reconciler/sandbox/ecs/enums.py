"""Values of ECS's enumerations: botocore sends any text, and ECS refuses what its model does not list."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel, Shape
from moto.core.responses import BaseResponse
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(BaseResponse, "call_action", _refuse_unknown_values)


@cache
def _model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("ecs")


def _refuse_unknown_values(original: Any, response: Any) -> Any:
    """Refuse a call to ECS with a value outside its enumeration (wording: terraform-provider-aws#23342)."""
    if isinstance(response, EC2ContainerServiceResponse):
        action = response._get_action()
        shape = _model().operation_model(action).input_shape if action in _model().operation_names else None
        if shape is not None:
            for name, values in _unknown_values(shape, response._get_params()):
                message = f"{name} should be one of [{','.join(values)}]"
                return answer(response, "InvalidParameterException", message)
    return original(response)


def _unknown_values(shape: Shape, sent: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each member with a value that its enumeration lacks, and the enumeration."""
    if shape.type_name == "structure" and isinstance(sent, dict):
        for key in sent.keys() & shape.members.keys():
            yield from _unknown_values(shape.members[key], sent[key], key)
    elif shape.type_name == "list" and isinstance(sent, list):
        for item in sent:
            yield from _unknown_values(shape.member, item, name)
    elif shape.type_name == "string" and shape.enum and isinstance(sent, str) and sent not in shape.enum:
        yield name, sorted(shape.enum)
