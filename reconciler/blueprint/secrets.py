"""What the execution role may read: the secrets and parameters that tasks start with, and the keys for them."""

import re
from collections.abc import Iterator

from desired_state.secret import Secret
from reconciler.blueprint.context import Context
from reconciler.blueprint.facts import Facts
from reconciler.resources.iam_role import Statement
from reconciler.rights.covered import drop_covered

SECRET_ARN_PARTS = 7  # arn:partition:secretsmanager:region:account:secret:name, then :key:stage:version
SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")  # which Secrets Manager adds to the name, for the secret's ARN
ANY_SUFFIX = "-??????"


def secret_statements(context: Context) -> Iterator[Statement]:
    """Yield the statements that allow reading the secrets that services name and the platform declares.

    A platform that declares nothing may read every secret of its account and region.
    """
    platform, facts = context.platform, context.facts
    everything = (f"arn:{facts.partition}:secretsmanager:{facts.region}:{facts.account}:secret:*",)
    declared = everything if platform.readable_secrets is None else platform.readable_secrets
    services = platform.services.values()
    named = [find_value_from(secret, facts) for service in services for secret in service.secrets.values()]
    arns = [*drop_covered({arn for ref in (*declared, *named) for arn in _list_arns(ref, facts)})]
    if secrets := frozenset(arn for arn in arns if ":secretsmanager:" in arn):
        actions = frozenset({"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"})
        yield Statement(effect="Allow", actions=actions, resources=secrets)
    if parameters := frozenset(arn for arn in arns if ":ssm:" in arn):
        yield Statement(effect="Allow", actions=frozenset({"ssm:GetParameters"}), resources=parameters)
    if keys := frozenset(arn for arn in arns if ":kms:" in arn):  # not AWS's own keys: those need no permission
        yield Statement(effect="Allow", actions=frozenset({"kms:Decrypt"}), resources=keys)


def find_value_from(secret: Secret, facts: Facts) -> str:
    """Return what ECS calls valueFrom: it takes names of parameters, and of secrets only ARNs."""
    if secret.value_from:
        return secret.value_from
    home = f"arn:{facts.partition}:secretsmanager:{facts.region}:{facts.account}:secret"
    arn = secret.reference if secret.reference.startswith("arn:") else f"{home}:{secret.secret}"
    return f"{arn}:{secret.key}::" if secret.key else arn


def _list_arns(reference: str, facts: Facts) -> Iterator[str]:
    """Yield the ARNs that IAM compares with that of the secret or parameter.

    IAM has the complete ARN of a secret, also where it was asked for by one without its suffix (aws-cdk#20744).
    """
    if reference.startswith("/"):
        yield f"arn:{facts.partition}:ssm:{facts.region}:{facts.account}:parameter{reference}"
        return
    is_secret = ":secretsmanager:" in reference
    arn = ":".join(reference.split(":")[:SECRET_ARN_PARTS]) if is_secret else reference
    yield arn
    if is_secret and "*" not in arn and "?" not in arn and not SUFFIX.search(arn):
        yield arn + ANY_SUFFIX
