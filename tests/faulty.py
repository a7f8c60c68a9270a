"""Plans that are applied while one call of AWS goes wrong."""

import boto3
from support import OURS, REGION

from reconciler.apply import apply
from reconciler.aws.client import Aws
from reconciler.aws.reads import open_reads
from reconciler.model.plan import Outcome, Plan
from reconciler.resources import KINDS
from reconciler.sandbox.faults.answers import Fault
from reconciler.sandbox.faults.wire import inject


def apply_with(todo: Plan, operation: str, fault: Fault) -> Outcome:
    """Apply a plan, of which the first call of this operation meets the fault."""
    aws, left = Aws(boto3.Session("test", "test", region_name=REGION)), [fault]
    inject(aws.session.events, lambda asked: left.pop() if left and asked == operation else None)
    with open_reads(aws, OURS, todo.desired.values()) as reads:
        outcome = apply(reads, KINDS, todo, pace=lambda _execution: 0.001)
    assert not left, "the fault was met"
    return outcome
