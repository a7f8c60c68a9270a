"""Propagation of roles: for a while no service can assume a new role, and no policy can name it.

terraform-provider-aws retries such calls for two minutes.
"""

import json
from collections.abc import Iterator
from typing import Any

from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.iam import iam_backends
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import IAMBackend

from reconciler.sandbox.chance import draw
from reconciler.sandbox.world import current, wrap


def install() -> None:
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "update_assume_role_policy", _update_trust)
    wrap(EC2ContainerServiceResponse, "create_service", _create_service)


def _create_role(
    original: Any, iam: Any, role_name: str, assume_role_policy_document: str, *args: Any, **kwargs: Any
) -> Any:
    _refuse_new_principals(iam, assume_role_policy_document)
    role = original(iam, role_name, assume_role_policy_document, *args, **kwargs)
    role.known_at = draw_time_in_force("role")
    return role


def draw_time_in_force(what: str) -> float:
    """Return the moment at which a role or a policy that is made now is in force everywhere.

    Single-digit seconds are usual; more than 47 s and more than five minutes were seen (cdkd#2018, tfp#44517).
    """
    return current().clock.now() + current().profile.iam_propagation * draw("in force", what)


def _update_trust(original: Any, iam: Any, role_name: str, policy_document: str) -> Any:
    _refuse_new_principals(iam, policy_document)
    return original(iam, role_name, policy_document)


def _refuse_new_principals(iam: Any, document: str) -> None:
    for role in iam.get_roles():
        if not _is_known(role) and json.dumps(role.arn) in document:
            raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{role.arn}"')


def _is_known(role: Any) -> bool:
    """Tell whether the role has propagated."""
    return bool(current().clock.now() >= getattr(role, "known_at", 0.0))


def _create_service(original: Any, response: Any) -> Any:
    """Create a service.

    With a load balancer, ECS validates the target group, and refuses roles not yet in force.

    (tfp#2283, T6.)
    """
    sent = response._get_params()
    if sent.get("loadBalancers") and not all(_is_known(role) for role in _roles_of_tasks(response, sent)):
        message = (
            "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role "
            "being passed has the proper permissions."
        )
        raise InvalidParameterException(message)
    return original(response)


def _roles_of_tasks(response: Any, sent: dict[str, Any]) -> Iterator[Any]:
    """Return the task role and the execution role of the service's task definition."""
    definition = response.ecs_backend.describe_task_definition(sent["taskDefinition"])
    arns = {getattr(definition, name, None) for name in ("task_role_arn", "execution_role_arn")}
    iam = iam_backends[response.current_account][response.partition]
    return (role for role in iam.get_roles() if role.arn in arns)
