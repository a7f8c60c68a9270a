"""`ensure`, for scripts: make some resources as they are wanted, and touch nothing else."""

from typing import TYPE_CHECKING

import structlog

from reconciler.apply import apply
from reconciler.aws import logs
from reconciler.aws.client import Aws
from reconciler.aws.errors import code, message
from reconciler.aws.reads import Stack, open_reads
from reconciler.errors import PlanRefused, Unfinished
from reconciler.model import tags
from reconciler.model.plan import Op, Outcome
from reconciler.model.spec import Spec
from reconciler.plan import plan, validate
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all

if TYPE_CHECKING:
    import boto3


def ensure(session: "boto3.Session", *specs: Spec, stack: str = "scripts") -> Outcome:
    """Read, plan and apply just these. What bears the stack's tags and is not among them stays.

    Raises `ReadFailed`; `RunRefused` if something of theirs is somebody else's, or would be deleted or replaced; and
    `Unfinished`, which holds the outcome, if anything failed or is held. Logs go to stderr, unless structlog is set up.
    """
    if not structlog.is_configured():
        logs.configure()
    wanted = [_tagged(spec, stack) for spec in specs]
    with open_reads(Aws(session), Stack(stack, suffix=stack), wanted) as reads:
        kinds = {kind: KINDS[kind] for kind in reads.desired}
        todo = plan(kinds, wanted, read_all(reads, kinds), stack, delete_orphans=False)
        if gone := [change.key for change in todo.changes if change.op is Op.DELETE]:
            raise PlanRefused(f"would be deleted, as a duplicate or to be replaced: {', '.join(gone)}")
        validate.check(todo.changes)
        return _finished(apply(reads, kinds, todo))


def _finished(outcome: Outcome) -> Outcome:
    why = {key: f"{code(error)}: {message(error)}" for key, error in outcome.failed.items()}
    why |= {key: f"held: {held.why}" for key, held in outcome.held.items()}
    why |= {key: f"not started because of {cause}" for key, cause in outcome.skipped.items() if key not in why}
    if why:
        first = next(iter(outcome.failed.values()), None)
        raise Unfinished("\n".join(f"{key}: {told}" for key, told in why.items()), outcome) from first
    return outcome


def _tagged(spec: Spec, stack: str) -> Spec:
    """With what says whose it is, where AWS can keep that."""
    match KINDS[spec.kind].tagging:
        case tags.OwnerMark(write=with_mark):
            marked: Spec = with_mark(spec, stack)
            return marked
        case tags.Tagging() as tagging:
            service = {tags.SERVICE: spec.service} if spec.service else {}
            own = {"Name": spec.name} if tagging is tags.EC2 else {}
            ours = {**own, **spec.tags, tags.STACK: stack, tags.NAME: spec.name, **service}
            return spec.model_copy(update={"tags": ours})
    return spec
