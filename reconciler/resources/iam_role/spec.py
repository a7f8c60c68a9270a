"""The spec of an IAM role."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from reconciler.model.spec import OBSERVED, Spec
from reconciler.resources.iam_policy import Policy


class IamRole(Spec):
    """A role. Policies that it has and that are not listed are removed from it."""

    kind: ClassVar[str] = "iam_role"
    description: Annotated[str | None, OBSERVED] = None
    service_principal: str
    """The AWS service that may assume it, such as ecs-tasks.amazonaws.com; live, of any other trust, the document."""
    managed_policies: frozenset[str] = frozenset()
    """ARNs of the managed policies attached to it."""
    policies: Mapping[str, Policy] = {}
    """Its inline policies, by name."""
