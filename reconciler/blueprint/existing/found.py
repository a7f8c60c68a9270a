"""What a file says exists already, as it is found in AWS."""

from collections.abc import Mapping
from dataclasses import dataclass

from desired_state.tree import KeyPath
from reconciler.model.steps import Outputs

Existing = Mapping[KeyPath, Outputs]
"""The ids in AWS of what exists already, by the place of the file that names it."""


@dataclass(frozen=True)
class Found:
    """A thing that exists in AWS, and does what the file asks of it."""

    where: KeyPath
    """The place of the file that names it, such as ("cluster", "existing")."""
    outputs: Outputs
    """Its ids in AWS, by the names that a resource of its type has for them: `id`, `arn`, …"""
