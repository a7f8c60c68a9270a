"""plan: what apply, or destroy, would do."""

from typing import Literal

from reconciler.cli.signals import stoppable
from reconciler.commands.terminal import document, show, tell
from reconciler.plan import validate
from reconciler.plan.safety import protected
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.plan_text import plan_text
from reconciler.resources import KINDS
from reconciler.run import Target, open_session

CHANGES = 2
Form = Literal["text", "json", "markdown"]


def plan(target: Target, form: Form, *, destroy: bool = False, calls: bool = False) -> int:
    """0: nothing to do; 1: it may not be run; 2: changes found."""
    with stoppable(tell), open_session(target) as session:
        todo = session.plan(destroy=destroy)
    validate.check(todo.changes)
    if form == "json":
        document({"stack": session.platform.stack, **plan_document(todo)})
    else:
        show(plan_markdown(todo) if form == "markdown" else plan_text(todo, calls=calls))
    for refusal in protected(KINDS, todo):
        tell(f"apply will refuse: {refusal}")
    return 1 if todo.conflicts else CHANGES if todo.changes else 0
