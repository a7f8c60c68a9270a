"""Write AWS calls as commands of the AWS CLI, for a person to copy."""

import json
import shlex
from collections.abc import Iterable
from typing import Any

from botocore import xform_name

from reconciler.aws.secret_values import name_secrets
from reconciler.model.references import resolve
from reconciler.model.steps import Call, Step


def cli_command(call: Call, region: str = "") -> str:
    """Return a command like `aws ec2 create-tags --resources vpc-1 … --region us-east-1`.

    Without a region, it is for that of the person's shell. Params must hold no Ref by plan name.
    """
    words = ["aws", call.service, call.operation.replace("_", "-")]
    for name, value in name_secrets(resolve(dict(call.params), lambda ref: ref.name)).items():
        option = xform_name(name, "-")
        words += [f"--{option}" if value is not False else f"--no-{option}", *_arguments(value)]
    return shlex.join(words + (["--region", region] if region else []))


def cli_commands(steps: Iterable[Step], region: str = "") -> str:
    """Return the commands of the calls among the steps, in one line."""
    return "; ".join(cli_command(step, region) for step in steps if isinstance(step, Call))


def _arguments(value: Any) -> list[str]:
    if isinstance(value, bool):  # an option without a value
        return []
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return value
    return [value if isinstance(value, str) else json.dumps(value)]
