"""CloudWatch dashboards. They belong to an account, not to a region. A text widget names their owner.

Their tags do too, but no list shows these: they are read only if the widget does not name this stack.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from reconciler.aws.candidates import is_candidate
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.references import Json, Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

OWNER_MARK = re.compile(r"`(?P<name>[^`]+)` of stack `(?P<stack>[^`]+)`")
METRIC_DIMENSION = re.compile(
    r"(app|net|targetgroup)/[^/]+/[0-9a-f]+"
)  # the end of an ARN, as ELB's metrics name it
DIMENSION_KINDS = {"app": "load_balancer", "net": "load_balancer", "targetgroup": "target_group"}
DASHBOARD_WIDTH = 24  # in the units of a widget's width
DEFAULT_WIDGET_HEIGHT = 6  # of a widget that gives none (CloudWatch API reference, dashboard body)
# CloudWatch stores a body with such mistakes, and reports them.
VALIDATION_MESSAGES = "DashboardValidationMessages[].join(': ', [DataPath || '/', Message || ''])"
# Where CloudWatch knows no tags of dashboards, it takes their ARN for a wrong one.
NO_TAGS = ("ResourceNotFoundException", "InvalidParameterValue", "ValidationError")
NOT_FOUND = ("ResourceNotFound", "DashboardNotFoundError")  # the code on the wire, and the model's name for it


class Dashboard(Spec):
    """A dashboard, whose body is always written as a whole."""

    kind: ClassVar[str] = "dashboard"
    body: Json
    """The dashboard body in CloudWatch's form. One of its widgets is the owner mark."""


def format_owner_mark(stack: str, name: str) -> str:
    """Return the markdown with a dashboard's name and owner. The name distinguishes it from copies of it."""
    return f"Kept by ecs-reconciler as `{name}` of stack `{stack}`; changes made here are undone."


def make_mark_widget(stack: str, name: str, y: int = 0) -> dict[str, Any]:
    """Return the text widget with the owner mark, over the whole width at height `y`."""
    properties = {"markdown": format_owner_mark(stack, name)}
    return {"type": "text", "x": 0, "y": y, "width": DASHBOARD_WIDTH, "height": 1, "properties": properties}


def add_owner_mark(want: Dashboard, stack: str) -> Dashboard:
    """Return the dashboard with the owner mark below its other widgets, unless it has one."""
    body = want.body.value
    if find_owner(body, want.name):
        return want
    widgets = body.get("widgets", [])
    below = max((w.get("y", 0) + w.get("height", DEFAULT_WIDGET_HEIGHT) for w in widgets), default=0)
    mark = make_mark_widget(stack, want.name, below)
    return want.model_copy(update={"body": Json({**body, "widgets": [*widgets, mark]})})


def find_owner(body: Any, name: str) -> str | None:
    """Return the stack in the body's owner mark, if the mark is for the dashboard with this name."""
    widgets = body.get("widgets") if isinstance(body, Mapping) else None
    for widget in widgets if isinstance(widgets, list) else ():
        mark = OWNER_MARK.search(_get_markdown(widget))
        if mark and mark["name"] == name:
            return mark["stack"]
    return None


def _get_markdown(widget: Any) -> str:
    match widget:
        case {"type": "text", "properties": {"markdown": str(markdown)}}:
            return markdown
    return ""


def read(reads: Reads) -> Iterator[Live[Dashboard]]:
    candidates = [
        entry for entry in _list_all(reads) if is_candidate(reads, "dashboard", entry["DashboardName"])
    ]
    found = reads.map(lambda entry: _read_live(reads, entry), candidates)
    yield from (live for live in found if live and _concerns(reads, live))


def _list_all(reads: Reads) -> list[dict[str, Any]]:
    return reads.pages("cloudwatch", "list_dashboards", "DashboardEntries[]")


def _concerns(reads: Reads, live: Live[Dashboard]) -> bool:
    """Tell whether the stack has to know of a dashboard, as the dashboards of all stacks are listed."""
    return live.owner in (None, reads.stack.name) or live.spec.name in reads.desired.names("dashboard")


def _read_live(reads: Reads, entry: Mapping[str, Any]) -> Live[Dashboard] | None:
    """Return a dashboard of ListDashboards; None if it has been deleted since."""
    name, arn = entry["DashboardName"], entry["DashboardArn"]
    text = _read_body(reads, name)
    if text is None:
        return None
    spec = from_aws(name, text)
    owner = find_owner(spec.body.value, name)
    if owner != reads.stack.name:  # a person may have edited the widget away, or copied another body into it
        owner = tags.owner(_read_tags(reads, arn)) or owner
    return Live(spec, {"id": name, "arn": arn}, owner)


def _read_body(reads: Reads, name: str) -> str | None:
    path, params = "DashboardBody", {"DashboardName": name}
    text: str | None = reads.ask("cloudwatch", "get_dashboard", path, absent=NOT_FOUND, **params)
    return text


def _read_tags(reads: Reads, arn: str) -> tags.Tags:
    found = reads.ask("cloudwatch", "list_tags_for_resource", "Tags", absent=NO_TAGS, ResourceARN=arn)
    return tags.parse(found)


def from_aws(name: str, text: str) -> Dashboard:
    """Return the spec of a dashboard, given the DashboardBody of GetDashboard."""
    return Dashboard(name=name, body=Json(decode_dimensions(json.loads(text))))


def decode_dimensions(value: Any) -> Any:
    """Return the value, with Refs in the place of metric dimensions of load balancers and target groups."""
    match value:
        case str() if found := METRIC_DIMENSION.fullmatch(value):
            return Ref(DIMENSION_KINDS[found.group(1)], value, "dimension", by_id=True)
        case dict():
            return {k: decode_dimensions(v) for k, v in value.items()}
        case list():
            return [decode_dimensions(v) for v in value]
    return value


def ensure_dashboard(want: Dashboard, live: Live[Dashboard] | None) -> Iterator[Step]:
    if live and want.body == live.spec.body:
        return
    params: dict[str, Any] = {"DashboardName": want.name, "DashboardBody": want.body}
    if not live:
        stack = find_owner(want.body.value, want.name)
        own_tags = dict(want.tags) | (tags.owner_tags(stack, want.name) if stack else {})
        params |= {"Tags": tags.encode(own_tags)} if own_tags else {}
    outputs, conflict = {"id": f"'{want.name}'"}, ("ConflictException",)  # the answer does not name it
    yield Call("cloudwatch", "put_dashboard", params, outputs, retry=conflict, warnings=VALIDATION_MESSAGES)


def remove(live: Live[Dashboard]) -> Iterator[Step]:
    yield Call("cloudwatch", "delete_dashboards", {"DashboardNames": [live.outputs["id"]]}, ignore=NOT_FOUND)


KIND = Kind(
    Dashboard,
    read,
    ensure_dashboard,
    remove,
    relations=Relations(weak_refs=True),
    early={"cloudwatch": _list_all},
    severities=Severities(missing=Severity.CONFIGURATION),
    tagging=tags.OwnerMark(add_owner_mark, tags.CLOUDWATCH),
    touched_by=TouchedBy(
        "monitoring.amazonaws.com",
        {"dashboardName": "id", "dashboardNames": "id", "resourceARN": "arn"},
        made_by=("PutDashboard",),
        deleted_by=("DeleteDashboards",),
        changed_by={
            "": ("PutDashboard",),
            TAGS: ("TagResource", "UntagResource"),
        },
    ),
    actions=actions(
        "cloudwatch",
        "DeleteDashboards GetDashboard ListDashboards ListTagsForResource PutDashboard TagResource",
    ),
)
