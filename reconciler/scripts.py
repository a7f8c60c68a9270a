"""`ensure`, for scripts: make some resources as they are wanted, and touch nothing else."""

from typing import TYPE_CHECKING

from reconciler import tags, world
from reconciler.apply import apply
from reconciler.applying.ledger import Outcome
from reconciler.aws import Aws
from reconciler.errors import Refused
from reconciler.model import Spec
from reconciler.plan import plan
from reconciler.planning import validate
from reconciler.reads import Stack
from reconciler.resources import KINDS

if TYPE_CHECKING:
    import boto3


def ensure(session: "boto3.Session", *specs: Spec, stack: str = "scripts") -> Outcome:
    """Read, plan and apply just these. What bears the stack's tags and is not among them stays.

    Raises `NotRead`, and `Refused` if something of theirs is somebody else's, is protected or would be replaced.
    """
    wanted = [_tagged(spec, stack) for spec in specs]
    with world.looking(Aws(session), Stack(stack, suffix=stack), wanted) as reads:
        kinds = {kind: KINDS[kind] for kind in reads.wanted}
        todo = plan(kinds, wanted, world.read(reads, kinds), stack, surplus=False)
        if replaced := [str(change.address) for change in todo.changes if change.replaces]:
            raise Refused(f"would be replaced: {', '.join(replaced)}")
        validate.check(todo.changes)
        return apply(reads, kinds, todo)


def _tagged(spec: Spec, stack: str) -> Spec:
    """With what says whose it is, where AWS can keep that."""
    if (tagging := KINDS[spec.kind].tagging) is None:
        return spec
    name = {"Name": spec.name} if tagging is tags.EC2 else {}
    return spec.model_copy(update={"tags": {**name, **spec.tags, tags.STACK: stack, tags.NAME: spec.name}})
