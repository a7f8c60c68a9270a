"""Convert the default action of a listener to and from AWS's form."""

from collections.abc import Sequence
from typing import Any

from reconciler.resources.elb import Raw
from reconciler.resources.listener.spec import FixedResponse, OtherAction, Redirect


def from_actions(actions: Sequence[Raw]) -> FixedResponse | Redirect | OtherAction:
    """Return the default action, given AWS's form of it, without the defaults that AWS fills in."""
    types = [action["Type"] for action in sorted(actions, key=lambda action: int(action.get("Order", 1)))]
    if types == ["fixed-response"]:
        config = actions[0]["FixedResponseConfig"]
        return FixedResponse(
            status=config["StatusCode"],
            content_type=config.get("ContentType"),
            body=config.get("MessageBody"),
        )
    if types == ["redirect"]:
        config = actions[0]["RedirectConfig"]
        given = {field: config[field.title()] for field in Redirect.model_fields if field.title() in config}
        if "path" in given:  # AWS fills in what was not sent, so that what it leaves out was sent empty
            given = {"query": "", **given}
        return Redirect(**given, status=config["StatusCode"].removeprefix("HTTP_"))
    return OtherAction(type=", ".join(types))


def to_actions(default: FixedResponse | Redirect | OtherAction) -> list[dict[str, Any]]:
    """Return the default action in AWS's form. Raises `ValueError` for an `OtherAction`."""
    match default:
        case FixedResponse():
            texts = {"ContentType": default.content_type, "MessageBody": default.body}
            config = {"StatusCode": str(default.status)} | {k: v for k, v in texts.items() if v is not None}
            return [{"Type": "fixed-response", "FixedResponseConfig": config}]
        case Redirect():
            config = {field.title(): value for field, value in default if field != "status"}
            config |= {"StatusCode": f"HTTP_{default.status}"}
            return [{"Type": "redirect", "RedirectConfig": config}]
    raise ValueError(f"a listener cannot be given the action {default.type}")
