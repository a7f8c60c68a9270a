"""CloudWatch dashboards. They are the account's, not a region's, and a text on them says whose they are."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Json, Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources.kind import Kind, Relations, actions

MARK = re.compile(r"`(?P<name>[^`]+)` of stack `(?P<stack>[^`]+)`")
DIMENSION = re.compile(r"(app|targetgroup)/[^/]+/[0-9a-f]+")  # the end of an ARN, as ELB's metrics name it
KINDS = {"app": "load_balancer", "targetgroup": "target_group"}
WIDTH = 24  # of a row
HEIGHT = 6  # of a widget that tells none (CloudWatch API reference, dashboard body)
WARNINGS = (
    "DashboardValidationMessages[].join(': ', [DataPath || '/', Message || ''])"  # it is kept all the same
)
ABSENT = ("ResourceNotFound", "DashboardNotFoundError")  # the code on the wire, and the model's name for it


class Dashboard(Spec):
    """A dashboard, always written whole."""

    kind: ClassVar[str] = "dashboard"
    body: Json
    """Widgets as CloudWatch takes them, among them the text of `owner_mark`."""


def owner_mark(stack: str, name: str) -> str:
    """Markdown of a text widget that says whose the dashboard is, and which: "Save as" copies the widget too."""
    return f"Kept by ecs-reconciler as `{name}` of stack `{stack}`; changes made here are undone."


def mark_widget(stack: str, name: str, y: int = 0) -> dict[str, Any]:
    """The text widget that says it, a line as wide as the dashboard."""
    properties = {"markdown": owner_mark(stack, name)}
    return {"type": "text", "x": 0, "y": y, "width": WIDTH, "height": 1, "properties": properties}


def marked(want: Dashboard, stack: str) -> Dashboard:
    """The same, with that widget below the others where none says whose it is."""
    body = want.body.value
    if owner(body, want.name):
        return want
    widgets = body.get("widgets", [])
    below = max((w.get("y", 0) + w.get("height", HEIGHT) for w in widgets), default=0)
    mark = mark_widget(stack, want.name, below)
    return want.model_copy(update={"body": Json({**body, "widgets": [*widgets, mark]})})


def owner(body: Any, name: str) -> str | None:
    """The stack that a text widget of the body names, if it means the dashboard of this name."""
    widgets = body.get("widgets") if isinstance(body, Mapping) else None
    for widget in widgets if isinstance(widgets, list) else ():
        said = MARK.search(_markdown(widget))
        if said and said["name"] == name:
            return said["stack"]
    return None


def _markdown(widget: Any) -> str:
    match widget:
        case {"type": "text", "properties": {"markdown": str(markdown)}}:
            return markdown
    return ""


def read(reads: Reads) -> Iterator[Live[Dashboard]]:
    entries = reads.pages("cloudwatch", "list_dashboards", "DashboardEntries[]")
    names = [e["DashboardName"] for e in entries]
    mine = [name for name in names if reads.is_candidate("dashboard", name)]
    for name, text in zip(mine, reads.map(lambda name: _body(reads, name), mine), strict=True):
        if text is not None:
            body = json.loads(text)
            yield Live(Dashboard(name=name, body=Json(referring(body))), {"id": name}, owner(body, name))


def _body(reads: Reads, name: str) -> str | None:
    text: str | None = reads.ask(
        "cloudwatch", "get_dashboard", "DashboardBody", absent=ABSENT, DashboardName=name
    )
    return text


def referring(value: Any) -> Any:
    """The same, with what names a load balancer or target group taken for a Ref to it."""
    match value:
        case str() if found := DIMENSION.fullmatch(value):
            return Ref(KINDS[found.group(1)], value, "dimension", foreign=True)
        case dict():
            return {k: referring(v) for k, v in value.items()}
        case list():
            return [referring(v) for v in value]
    return value


def ensure_dashboard(want: Dashboard, live: Live[Dashboard] | None) -> Iterator[Step]:
    params: dict[str, Any] = {"DashboardName": want.name, "DashboardBody": want.body}
    if not live:
        stack = owner(want.body.value, want.name)
        marks = dict(want.tags) | ({tags.STACK: stack, tags.NAME: want.name} if stack else {})
        params |= {"Tags": tags.encode(marks)} if marks else {}
    if not live or want.body != live.spec.body:
        outputs = {"id": f"'{want.name}'"}  # the answer does not say it
        yield Call(
            "cloudwatch", "put_dashboard", params, outputs, retry=("ConflictException",), warnings=WARNINGS
        )


def remove(live: Live[Dashboard]) -> Iterator[Step]:
    yield Call("cloudwatch", "delete_dashboards", {"DashboardNames": [live.outputs["id"]]}, ignore=ABSENT)


KIND = Kind(
    Dashboard,
    read,
    ensure_dashboard,
    remove,
    relations=Relations(weak_refs=True),
    tagging=tags.OwnerMark(marked),
    actions=actions("cloudwatch", "DeleteDashboards GetDashboard ListDashboards PutDashboard TagResource"),
)
