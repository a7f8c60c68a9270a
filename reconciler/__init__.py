"""A provisioning and reconciliation engine for microservices on Amazon ECS. For scripts there is `ensure`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3

    from reconciler.model.plan import Outcome
    from reconciler.model.spec import Spec

__all__ = ["ensure"]
__version__ = "0.1.0"


def ensure(session: "boto3.Session", *specs: "Spec", stack: str = "scripts", lease: bool = False) -> "Outcome":
    """Create or update resources so that they are as their specs say, and touch nothing else.

    **Parameters:**

    * **session** - The boto3 session whose credentials and region are used.
    * **specs** - The desired resources. They may refer to each other, as in `Subnet(vpc=vpc.ref(), ...)`.
    * **stack** - The owner that the resources are tagged with, `scripts` if it is not given. What another
      stack owns is never changed. What this stack owns and no spec names stays as it is.
    * **lease** - Hold the stack's lease meanwhile, so that no other run with a lease writes to it. Its table
      in DynamoDB is made on first use.

    **Returns** the `Outcome` once all is done. `outcome.done` lists the changes: none, if nothing differed.

    **Raises** an error of `reconciler.errors`. Before any write: `ReadFailed` if AWS did not answer a read, and
    `PlanRefused` if a resource belongs to somebody else, or would have to be deleted or replaced, and with
    `lease` also `LeaseHeld` if another run holds it. Afterwards:
    `Unfinished` if a change failed, is held or was not started. Its `outcome` says which ones are done.

    Logs go to stderr, unless structlog is configured already.

    ```
    >>> import boto3, reconciler
    >>> from reconciler.resources.log_group import LogGroup
    >>> reconciler.ensure(boto3.Session(), LogGroup(name="/shop/audit", retention_days=90)).done
    ['log_group./shop/audit']
    ```
    """
    from reconciler import scripts  # noqa: PLC0415  `import reconciler` stays quick

    return scripts.ensure(session, *specs, stack=stack, lease=lease)
