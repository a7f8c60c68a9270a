"""apply and destroy: make a plan, ask where it must be asked, carry it out, tell how it ended."""

import sys
from dataclasses import dataclass
from time import monotonic

from reconciler.apply.ledger import Event
from reconciler.cli.signals import STOPPED, Stop, stoppable
from reconciler.commands.outputs import listed
from reconciler.commands.terminal import agreed, asks, document, show, tell
from reconciler.errors import Refused
from reconciler.model.plan import Outcome, Plan
from reconciler.plan.safety import Consent
from reconciler.render.as_text import text
from reconciler.render.outcome import Ended, outcome_document, outcome_text, summed_up
from reconciler.render.progress import shown
from reconciler.render.timeline import Recorder
from reconciler.run import View, Where, checked, living_after, make, view

CODES = {"done": 0, "failed": 1, "held": 3, "stopped": STOPPED}


@dataclass(frozen=True)
class Wishes:
    """How an apply is to be done and told."""

    consent: Consent
    destroy: bool = False
    wait: bool = True
    wait_for_images: float = 0  # seconds
    calls: bool = False
    as_json: bool = False


def apply(where: Where, wishes: Wishes) -> int:
    """0: nothing to do, or done; 1: something failed; 3: something is held; 130: stopped."""
    with stoppable(tell) as stop, view(where) as seen:
        todo = seen.plan(destroy=wishes.destroy)
        if not wishes.as_json and (wishes.calls or not todo.conflicts):  # which the refusal tells
            show(text(todo, calls=wishes.calls, remedies=False))  # they are told in the end
        ended = _carried_out(seen, checked(todo, wishes.consent, asks=asks()), wishes, stop)
        result = summed_up(ended.outcome)
        told = result in ("done", "held") and not wishes.destroy
        found = seen.outputs(living_after(todo, ended.outcome)) if told else {}
    if wishes.as_json:
        told_of = outcome_document(todo, ended, found, calls=wishes.calls)
        document({"stack": seen.platform.stack, **told_of})
    elif todo.changes:
        show(outcome_text(todo, ended))
    if found and not wishes.as_json:
        show("\n" * bool(todo.changes) + listed(found if todo.changes else dict([*found.items()][:1])))
    if wishes.destroy and result == "done" and todo.changes:
        tell(_stays(seen))
    return CODES[result]


def _carried_out(seen: View, todo: Plan, wishes: Wishes, stop: Stop) -> Ended:
    if not todo.changes:
        return Ended(Outcome())
    if asks() and not wishes.consent.yes:
        if wishes.as_json:
            show(text(todo, calls=wishes.calls, remedies=False), sys.stderr)
        if not agreed("Apply these changes?"):
            raise Refused("nothing was changed")
    stop.gently, begun, recorder = True, monotonic(), Recorder(monotonic)
    with shown() as (report, erase):

        def told(event: Event) -> None:
            recorder(event)
            report(event)

        def say(words: str) -> None:
            erase()  # a second signal ends the process as it is, and would leave what is drawn
            tell(words)

        stop.say = say

        hold_for, settle = wishes.wait_for_images, wishes.wait
        outcome = make(seen, todo, stop=stop.asked, report=told, hold_for=hold_for, settle=settle)
    stop.gently = False
    each = {span.change.key: span.end - span.begin for span in recorder.spans(begun)}
    return Ended(outcome, monotonic() - begun, each)


def _stays(seen: View) -> str:
    cluster = seen.platform.names.cluster
    return (
        "Not deleted: revisions of task definitions, until AWS has deleted them; AWS's service-linked roles; "
        f"Container Insights' own log group /aws/ecs/containerinsights/{cluster}/performance, if it was made."
    )
