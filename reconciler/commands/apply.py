"""apply and destroy: make a plan, ask where it must be asked, carry it out, tell how it ended."""

import sys
from dataclasses import dataclass
from time import monotonic

from reconciler.apply.events import ProgressEvent
from reconciler.cli.signals import STOPPED, Stop, stoppable
from reconciler.commands.outputs import listed
from reconciler.commands.terminal import agreed, asks, document, show, tell
from reconciler.errors import RunRefused
from reconciler.model.plan import Outcome, Plan
from reconciler.plan.safety import Consent
from reconciler.render.as_text import text
from reconciler.render.outcome import Ended, outcome_document, outcome_text, summed_up
from reconciler.render.progress import shown
from reconciler.render.timeline import Recorder
from reconciler.run import Session, Target, apply_plan, living_after, open_session, require_allowed

CODES = {"done": 0, "failed": 1, "held": 3, "stopped": STOPPED}


@dataclass(frozen=True)
class ApplyOptions:
    """How an apply is to be done and told."""

    consent: Consent
    destroy: bool = False
    wait: bool = True
    wait_for_images: float = 0  # seconds
    calls: bool = False
    as_json: bool = False


def apply(target: Target, options: ApplyOptions) -> int:
    """0: nothing to do, or done; 1: something failed; 3: something is held; 130: stopped."""
    with stoppable(tell) as stop, open_session(target) as session:
        todo = session.plan(destroy=options.destroy)
        if not options.as_json and (options.calls or not todo.conflicts):  # which the refusal tells
            show(text(todo, calls=options.calls, remedies=False))  # they are told in the end
        ended = _carried_out(session, require_allowed(todo, options.consent, asks=asks()), options, stop)
        result = summed_up(ended.outcome)
        told = result in ("done", "held") and not options.destroy
        found = session.outputs(living_after(todo, ended.outcome)) if told else {}
    if options.as_json:
        told_of = outcome_document(todo, ended, found, calls=options.calls)
        document({"stack": session.platform.stack, **told_of})
    elif todo.changes:
        show(outcome_text(todo, ended))
    if found and not options.as_json:
        show("\n" * bool(todo.changes) + listed(found if todo.changes else dict([*found.items()][:1])))
    if options.destroy and result == "done" and todo.changes:
        tell(_stays(session))
    return CODES[result]


def _carried_out(session: Session, todo: Plan, options: ApplyOptions, stop: Stop) -> Ended:
    if not todo.changes:
        return Ended(Outcome())
    if asks() and not options.consent.yes:
        if options.as_json:
            show(text(todo, calls=options.calls, remedies=False), sys.stderr)
        if not agreed("Apply these changes?"):
            raise RunRefused("nothing was changed")
    stop.gently, begun, recorder = True, monotonic(), Recorder(monotonic)
    with shown() as (report, erase):

        def told(event: ProgressEvent) -> None:
            recorder(event)
            report(event)

        def say(words: str) -> None:
            erase()  # a second signal ends the process as it is, and would leave what is drawn
            tell(words)

        stop.say = say

        hold_for, settle = options.wait_for_images, options.wait
        outcome = apply_plan(session, todo, stop=stop.asked, report=told, hold_for=hold_for, settle=settle)
    stop.gently = False
    each = {span.change.key: span.end - span.begin for span in recorder.spans(begun)}
    return Ended(outcome, monotonic() - begun, each)


def _stays(session: Session) -> str:
    cluster = session.platform.names.cluster
    return (
        "Not deleted: revisions of task definitions, until AWS has deleted them; AWS's service-linked roles; "
        f"Container Insights' own log group /aws/ecs/containerinsights/{cluster}/performance, if it was made."
    )
