"""Correct drift from the command line: with progress, and stopped by signals as an apply is."""

from collections.abc import Callable

from reconciler.cli.changes import ApplyOptions, apply_plan, writing
from reconciler.cli.reading import show_reading
from reconciler.cli.signals import stoppable
from reconciler.cli.terminal import print_message
from reconciler.drift.correction import assess, correct_drift, rules_of_file
from reconciler.drift.correction_rules import Rules
from reconciler.model.correction import Corrected
from reconciler.model.plan import Change, Outcome, Plan
from reconciler.plan.safety import Consent
from reconciler.run import Target, open_session
from reconciler.session import Session


def correct(target: Target, rules: Rules, lease_wait: float) -> Corrected:
    """Look without the lease and, if something may be corrected, correct it. `lease_wait` is in seconds."""
    options = ApplyOptions(Consent(), lease_wait=lease_wait)
    with stoppable(print_message) as stop, show_reading(target.tally, stop) as reading:

        def make_changes(session: Session, plan: Plan, forbids: Callable[[Change], str]) -> Outcome:
            reading.end()
            return apply_plan(session, plan, options, stop, forbids).outcome

        with open_session(target, notify=reading.notify) as session:
            found = assess(session, rules_of_file(session, rules))
        if not found.is_due:
            return found.ended()
        taken = writing("drift --correct", options, stop, reading)
        return correct_drift(target, rules, taken, make_changes, reading.notify)
