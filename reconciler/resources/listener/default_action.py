"""Convert the default action of a listener to and from AWS's form."""

from collections.abc import Sequence
from typing import Any

from reconciler.resources.elb import Raw
from reconciler.resources.elb_forward import find_target, find_weights, forward
from reconciler.resources.listener.spec import FixedResponse, Forward, OtherAction, Redirect

HTTP = ("HTTP", "HTTPS")  # protocols whose listeners forward by their rules

Action = FixedResponse | Redirect | Forward | OtherAction


def from_actions(actions: Sequence[Raw], protocol: str = "HTTP") -> Action:
    """Return a listener's default action, given AWS's form of it, without the defaults that AWS fills in."""
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
    if protocol not in HTTP:
        target = find_target(actions)
        return Forward(target_group=target) if target in find_weights(actions) else OtherAction(type=target)
    return OtherAction(type=", ".join(types))


def to_actions(default: Action) -> Any:
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
        case Forward():
            return forward({default.target_group: 1})["Actions"]
    raise ValueError(f"a listener cannot be given the action {default.type}")
