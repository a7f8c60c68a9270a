"""Correct drift from the command line: with progress, and stopped by signals as an apply is."""

from collections.abc import Callable
from dataclasses import replace

from reconciler.cli.changes import ApplyOptions, apply_plan, writing
from reconciler.cli.reading import show_reading
from reconciler.cli.signals import stoppable
from reconciler.cli.terminal import print_message
from reconciler.drift import with_authors
from reconciler.drift.correction import assess, correct_drift, rules_of_file
from reconciler.drift.correction_rules import Rules
from reconciler.model.correction import Corrected
from reconciler.model.drift import DriftReport
from reconciler.model.plan import Change, Outcome, Plan
from reconciler.plan.safety import Consent
from reconciler.run import open_session
from reconciler.session import Session
from reconciler.target import Target


def correct(
    target: Target, rules: Rules, lease_wait: float, *, who: bool = False
) -> tuple[DriftReport, Corrected]:
    """Look without the lease and, if something may be corrected, correct it. `lease_wait` is in seconds.

    Returns what was found at first, and what became of it; with `who`, both tell who had changed it.
    """
    options = ApplyOptions(Consent(), lease_wait=lease_wait)
    with stoppable(print_message) as stop, show_reading(target.tally, stop) as reading:

        def make_changes(session: Session, plan: Plan, forbids: Callable[[Change], str]) -> Outcome:
            reading.end()
            return apply_plan(session, plan, options, stop, forbids).outcome

        with open_session(target, notify=reading.notify) as session:
            found = assess(session, rules_of_file(session, rules))
            told = with_authors(session, found.report, stop=stop.requested).who if who else {}
        taken = writing("drift --correct", options, stop, reading)
        ended = (
            correct_drift(target, rules, taken, make_changes, reading.notify) if found.is_due else found.ended()
        )
        return replace(found.report, who=told), replace(ended, report=replace(ended.report, who=told))
