"""The common part of apply and destroy: show a plan, ask for consent, make its changes, show the outcome."""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic

from reconciler.apply import apply
from reconciler.apply.events import guarded
from reconciler.aws.lease import Lease, Terms
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.reading import Reading
from reconciler.cli.signals import STOPPING, Stop
from reconciler.cli.terminal import can_ask, confirm, print_json, print_message, print_text
from reconciler.errors import RunRefused
from reconciler.model.plan import Change, Outcome, Plan
from reconciler.plan.safety import Consent
from reconciler.render.outcome import TimedOutcome, summarize
from reconciler.render.outcome_json import outcome_document
from reconciler.render.outcome_text import outcome_text
from reconciler.render.plan_summary import describe_losses
from reconciler.render.plan_text import plan_text
from reconciler.render.progress import show_progress
from reconciler.render.redaction import known_secrets
from reconciler.render.timeline import Recorder
from reconciler.resources import KINDS
from reconciler.run import Writing, require_allowed
from reconciler.session import Session

EXIT_CODES = {
    "done": ExitCode.DONE,
    "failed": ExitCode.FAILED,
    "held": ExitCode.HELD,
    "stopped": ExitCode.STOPPED,
}


@dataclass(frozen=True)
class ApplyOptions:
    """The options that decide how changes are made and shown."""

    consent: Consent
    wait: bool = True
    wait_for_images: float = 0  # seconds
    lease_wait: float = 0  # seconds
    calls: bool = False
    show_values: bool = False  # secret ones
    as_json: bool = False


def writing(command: str, options: ApplyOptions, stop: Stop, reading: Reading) -> Writing:
    """Return how a command takes the lease, so that a signal gives it back while nothing is changed."""

    def taken(lease: Lease) -> None:
        stop.before_end = partial(lease.give_back, times=1)

    return Writing(command, Terms(options.lease_wait, stop.requested, reading.notify, taken))


def make_changes(session: Session, plan: Plan, options: ApplyOptions, stop: Stop) -> TimedOutcome:
    """Show a plan, ask for the consent that it needs, and apply it. Raises `RunRefused`, `Invalid`."""
    if not options.as_json and (options.calls or not plan.conflicts):  # which the refusal names
        print_text(_plan_text(plan, options))
    require_allowed(session, plan, options.consent, asks=can_ask())
    if not plan.changes:
        return TimedOutcome(Outcome())
    if can_ask() and not options.consent.yes:
        if options.as_json:
            print_text(_plan_text(plan, options), sys.stderr)
        if not confirm("\n".join([*describe_losses(plan), f"Apply these changes to {plan.scope}?"])):
            raise RunRefused("nothing was changed")
    return apply_plan(session, plan, options, stop)


def _plan_text(plan: Plan, options: ApplyOptions) -> str:
    """Return the plan's text without remedies, which the outcome has."""
    return plan_text(plan, calls=options.calls, remedies=False, show_values=options.show_values)


def apply_plan(
    session: Session,
    plan: Plan,
    options: ApplyOptions,
    stop: Stop,
    forbids: Callable[[Change], str] = lambda _change: "",
) -> TimedOutcome:
    """Make the changes of a plan, and show their progress. `forbids` is asked before a change begins."""
    begun, recorder = monotonic(), Recorder(monotonic)
    with show_progress(known_secrets(plan), len(plan.changes)) as shown:

        def print_above(message: str) -> None:
            with suppress(Exception):
                if message == STOPPING:
                    shown.say_stopping()
                else:
                    shown.erase()  # a second signal ends the process as it is, and would leave what is drawn
            print_message(message)

        stop.print_message, stop.changing = print_above, True
        outcome = apply(
            session.reads,
            KINDS,
            plan,
            stop=stop.requested,
            report=guarded(recorder, shown.report),
            hold_for=options.wait_for_images,
            settle=options.wait,
            forbids=forbids,
        )
    each = {span.change.key: span.end - span.begin for span in recorder.spans(begun)}
    return TimedOutcome(outcome, monotonic() - begun, each)


def print_outcome(plan: Plan, ended: TimedOutcome, options: ApplyOptions, outputs: Mapping[str, str]) -> None:
    """Print the outcome as text, or as the JSON document, which also holds the outputs."""
    if options.as_json:
        print_json(outcome_document(plan, ended, outputs, calls=options.calls, show_values=options.show_values))
    elif plan.changes:
        print_text(outcome_text(plan, ended))


def exit_code(outcome: Outcome) -> ExitCode:
    """Return the exit code of an outcome."""
    return EXIT_CODES[summarize(outcome)]
