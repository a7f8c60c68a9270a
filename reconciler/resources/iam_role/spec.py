"""The spec of an IAM role."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from reconciler.model.aws_default import AwsDefault
from reconciler.model.spec import OBSERVED, Spec
from reconciler.resources.iam_policy import Condition, Policy

NO_BOUNDARY = ""
SESSION = 3600  # seconds of the longest session of a new role (IAM API reference, CreateRole)


class IamRole(Spec):
    """A role. Policies that the spec does not list are removed from it."""

    kind: ClassVar[str] = "iam_role"
    description: Annotated[str | None, OBSERVED] = None
    service_principal: str
    """The AWS service that may assume it, such as ecs-tasks.amazonaws.com.

    Live: or another trust policy as JSON.
    """
    trust_conditions: frozenset[Condition] = frozenset()
    """The conditions under which that service may: operator, condition key and values."""
    managed_policies: frozenset[str] = frozenset()
    """The ARNs of the managed policies attached to it."""
    policies: Mapping[str, Policy] = {}
    """Its inline policies, by name."""
    boundary: Annotated[str | None, AwsDefault(NO_BOUNDARY, "roles.boundary")] = None
    """The ARN of the policy that is its permissions boundary; `NO_BOUNDARY`: none."""
    max_session: Annotated[int | None, OBSERVED, AwsDefault(SESSION, "roles.max_session")] = None
    """Seconds of its longest session. Live None: it is not known."""
