"""Errors that pass by themselves only if what they are about is new: AWS does not yet know it everywhere."""

from collections.abc import Container

from reconciler.model.references import Address, Ref
from reconciler.model.steps import ErrorMatch, ErrorMatches

# Seconds until a new role, or a permission just written, is in force everywhere. Single digits are usual; more
# than 47 s and more than five minutes were seen in real deployments (cdkd#2018, terraform-provider-aws#44517).
IN_FORCE_WITHIN = 600.0
# Seconds until a role just made can be passed. Several were seen (terraform-aws-modules/terraform-aws-ecs#414).
PASSED_WITHIN = 180.0
SHOWN_WITHIN = 30.0  # seconds until AWS shows everywhere what it has shown to a read; an assumption


def if_new(errors: ErrorMatches, *resources: Ref, known: float = SHOWN_WITHIN) -> ErrorMatches:
    """Return the errors as ones that pass by themselves only if one of the resources is new.

    New is what this run has created. What the plan found may be seconds old, from a killed run: it has `known`
    seconds. What a person gave by its id is neither: if AWS does not know that, waiting does not help.
    """
    matches = (ErrorMatch(error) if isinstance(error, str) else error for error in errors)
    return tuple(match._replace(new=resources, known=known) for match in matches)


def if_passed_later(role: Ref, *, known: float = 0) -> ErrorMatches:
    """Return the refusal to pass a role (iam:PassRole) that passes by itself if the role is new.

    An explicit deny does not: a policy says it, and whether the role can be seen has no part in it (IAM user
    guide, "Troubleshoot access denied error messages"). An implicit one may be either; AWS says the same words.
    """
    words = f":role/{role.name}"
    denied = ErrorMatch("AccessDeniedException", words, patience=PASSED_WITHIN, unless="with an explicit deny")
    return if_new((denied,), role, known=known)


def while_new(errors: ErrorMatches, created: Container[Address]) -> ErrorMatches:
    """Return those of the errors that pass by themselves, given what this run has created."""
    return tuple(found for error in errors if (found := _while_new(error, created)))


def _while_new(error: str | ErrorMatch, created: Container[Address]) -> str | ErrorMatch | None:
    if isinstance(error, str) or not error.new:
        return error
    ours = [ref.address for ref in error.new if not ref.by_id]
    if any(address in created for address in ours):
        return error
    if not (ours and error.known):
        return None
    return error._replace(patience=min(error.known, error.patience or error.known))
