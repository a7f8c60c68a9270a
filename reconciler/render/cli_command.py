"""An AWS call as the AWS CLI takes it, for a person to copy."""

import json
import shlex
from typing import Any

from botocore import xform_name

from reconciler.steps import Call


def cli_command(call: Call) -> str:
    """`aws ec2 create-tags --resources vpc-1 --tags '[…]'`; params must hold no Ref."""
    words = ["aws", call.service, call.operation.replace("_", "-")]
    for name, value in call.params.items():
        words += [f"--{xform_name(name, '-')}", *_value(value)]
    return shlex.join(words)


def _value(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return value
    return [value if isinstance(value, str) else json.dumps(value)]
