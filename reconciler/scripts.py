"""Read, plan and apply a few resources in one call, for `reconciler.ensure`."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import structlog

from desired_state.secrecy import hide_known
from reconciler.apply import apply
from reconciler.aws import logs
from reconciler.aws.client import Aws
from reconciler.aws.errors import code, message
from reconciler.aws.lease import Lease, Terms, hold_lease
from reconciler.aws.lease.process import this_process
from reconciler.aws.reads import Reads, Stack, open_reads
from reconciler.errors import PlanRefused, Unfinished
from reconciler.model import tags
from reconciler.model.plan import Op, Outcome, Plan
from reconciler.model.spec import Spec
from reconciler.plan import plan, validate
from reconciler.render.redaction import known_secrets
from reconciler.resources import KINDS
from reconciler.resources.dns_record import DnsRecord
from reconciler.resources.kind import check_all, read_all

if TYPE_CHECKING:
    import boto3


def ensure(session: "boto3.Session", *specs: Spec, stack: str = "scripts", lease: bool = False) -> Outcome:
    """Create or update resources so that they are as their specs say; see `reconciler.ensure`."""
    if not structlog.is_configured():
        logs.configure()
    desired = [_with_owner(spec, stack) for spec in specs]
    with (
        open_reads(Aws(session), Stack(stack, suffix=stack), desired) as reads,
        _hold(reads) if lease else nullcontext(),
    ):
        kinds = {kind: KINDS[kind] for kind in reads.desired.by_kind}
        live, region = read_all(reads, kinds), reads.aws.region
        todo = plan(kinds, desired, live, stack, delete_orphans=False, region=region)
        todo = todo.with_findings(check_all(reads, kinds))
        if deleted := [change.key for change in todo.changes if change.op is Op.DELETE]:
            raise PlanRefused(f"would be deleted, as a duplicate or to be replaced: {', '.join(deleted)}")
        validate.check(todo.changes)
        return _require_done(todo, apply(reads, kinds, todo))


def _hold(reads: Reads) -> AbstractContextManager[Lease]:
    actor = reads.ask("sts", "get_caller_identity", "Arn")
    return hold_lease(reads.aws, reads.stack.name, this_process("ensure", actor), Terms())


def _require_done(plan: Plan, outcome: Outcome) -> Outcome:
    """Return the outcome, or raise `Unfinished` with a line for each change that is not done."""
    secrets = known_secrets(plan)
    why = {
        key: f"{code(error)}: {hide_known(message(error), secrets)}" for key, error in outcome.failed.items()
    }
    why |= {key: f"held: {hide_known(held.why, secrets)}" for key, held in outcome.held.items()}
    why |= {key: f"not started because of {cause}" for key, cause in outcome.skipped.items() if key not in why}
    if why:
        first = next(iter(outcome.failed.values()), None)
        raise Unfinished("\n".join(f"{key}: {reason}" for key, reason in why.items()), outcome) from first
    return outcome


def _with_owner(spec: Spec, stack: str) -> Spec:
    """Return the spec with its owner in tags, or in a mark where AWS cannot tag it."""
    match KINDS[spec.kind].tagging:
        case tags.OwnerMark(write=write):
            marked: Spec = write(spec, stack)
            return marked
        case tags.Tagging() as tagging:
            display_name = {"Name": spec.name} if tagging is tags.EC2 else {}
            all_tags = {**display_name, **spec.tags, **tags.owner_tags(stack, spec.name, spec.service)}
            return spec.model_copy(update={"tags": all_tags})
    return spec.model_copy(update={"stack": stack}) if isinstance(spec, DnsRecord) else spec
