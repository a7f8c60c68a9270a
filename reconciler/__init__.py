"""An imperative provisioning and reconciliation engine for microservices on Amazon ECS."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3

    from reconciler.model.plan import Outcome
    from reconciler.model.spec import Spec

__all__ = ["ensure"]
__version__ = "0.1.0"


def ensure(session: "boto3.Session", *specs: "Spec", stack: str = "scripts") -> "Outcome":
    """Make these resources so, and touch nothing else. Raises `reconciler.errors.Unfinished` if not all is done.

    See `reconciler.scripts`.
    """
    from reconciler import scripts  # noqa: PLC0415  `import reconciler` stays quick

    return scripts.ensure(session, *specs, stack=stack)
