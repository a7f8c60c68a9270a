"""An AWS call as the AWS CLI takes it, for a person to copy."""

import json
import shlex
from collections.abc import Iterable
from typing import Any

from botocore import xform_name

from reconciler.model.references import resolve
from reconciler.model.steps import Call, Step


def cli_command(call: Call) -> str:
    """`aws ec2 create-tags --resources vpc-1 --tags '[…]'`; params must hold no Ref by plan name."""
    words = ["aws", call.service, call.operation.replace("_", "-")]
    for name, value in resolve(dict(call.params), lambda ref: ref.name).items():
        option = xform_name(name, "-")
        words += [f"--{option}" if value is not False else f"--no-{option}", *_value(value)]
    return shlex.join(words)


def cli_commands(steps: Iterable[Step]) -> str:
    """The calls among the steps, one after the other."""
    return "; ".join(cli_command(step) for step in steps if isinstance(step, Call))


def _value(value: Any) -> list[str]:
    if isinstance(value, bool):  # an option without a value
        return []
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return value
    return [value if isinstance(value, str) else json.dumps(value)]
