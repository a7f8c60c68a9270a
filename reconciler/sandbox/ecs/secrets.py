"""How ECS reads the secrets of a container, and what its execution role has to be allowed for that."""

import re
from collections.abc import Iterator
from typing import Any

_SECRET_PARTS = 7  # of the ARN of a secret
_SELECTORS = 3  # key, version stage and version id, also empty ones (ECS developer guide; amazon-ecs-agent)
_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")


def malformed_secrets(container: dict[str, Any]) -> Iterator[str]:
    """Yield the error for each secret whose ARN ends with neither none nor three selectors."""
    for secret in container.get("secrets", []):
        parts = secret["valueFrom"].split(":")
        if ":secretsmanager:" in secret["valueFrom"] and len(parts) - _SECRET_PARTS not in (0, _SELECTORS):
            yield (
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                "failed: unable to retrieve secret from asm: unexpected ARN format with parameters when trying to "
                "retrieve ASM secret"
            )


def required_secret_actions(container: dict[str, Any], home: str) -> Iterator[tuple[str, str]]:
    """Yield the action that reads each secret, and the ARN that IAM compares.

    `home` is how ARNs of the region begin, with {service}.
    """
    for secret in container.get("secrets", []):
        value_from = secret["valueFrom"]
        if ":secretsmanager:" in value_from:
            arn = ":".join(value_from.split(":")[:_SECRET_PARTS])
            yield "secretsmanager:GetSecretValue", arn if _SUFFIX.search(arn) else f"{arn}-a1B2c3"
        elif value_from.startswith("arn:"):
            yield "ssm:GetParameters", value_from
        else:  # the name of a parameter
            yield "ssm:GetParameters", f"{home.format(service='ssm')}:parameter/{value_from.removeprefix('/')}"
