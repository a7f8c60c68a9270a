"""The files of variables in S3 that ECS reads whenever a task starts."""

from collections.abc import Iterator

from desired_state.env_files import is_in_s3
from desired_state.service import Service
from reconciler.blueprint.context import Context
from reconciler.blueprint.facts import Facts
from reconciler.resources.iam_role import Statement


def list_env_files(settings: Service, facts: Facts) -> tuple[str, ...]:
    """Return the ARNs of a service's files in S3, in the order of the file."""
    names = [name for name in settings.env_file if is_in_s3(name)]
    return tuple(
        name if name.startswith("arn:") else f"arn:{facts.partition}:s3:::{name.removeprefix('s3://')}"
        for name in names
    )


def env_file_statements(context: Context) -> Iterator[Statement]:
    """Yield what the execution role may do to read them (ECS developer guide, "Required IAM permissions")."""
    services = context.platform.services.values()
    files = frozenset(arn for service in services for arn in list_env_files(service, context.facts))
    if files:
        buckets = frozenset(arn.partition("/")[0] for arn in files)
        yield Statement(effect="Allow", actions=frozenset({"s3:GetObject"}), resources=files)
        yield Statement(effect="Allow", actions=frozenset({"s3:GetBucketLocation"}), resources=buckets)
