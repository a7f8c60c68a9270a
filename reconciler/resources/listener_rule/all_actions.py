"""All actions of a rule: a log-in, and the forward or its own answer. AWS replaces them all at once."""

from typing import Any

from reconciler.resources.elb_forward import Weights, forward
from reconciler.resources.listener import default_action
from reconciler.resources.listener_rule.auth import Oidc, to_actions
from reconciler.resources.listener_rule.spec import ListenerRule


def act(want: ListenerRule, weights: Weights, *, new_secret: bool = False) -> dict[str, Any]:
    """Return the parameter that logs in, and forwards by these weights, or answers if there are none.

    Unless it sends a new secret, the rule keeps that which it has.
    """
    first = to_actions(want.auth, want.client_secret if new_secret else None)
    if weights or not want.answer:
        return forward(weights, first)
    (last,) = default_action.to_actions(want.answer)
    return {"Actions": [*first, {**last, "Order": len(first) + 1}] if first else [last]}


def needs_secret(want: ListenerRule, live: ListenerRule) -> bool:
    """Tell whether the secret has to be sent: its version is another one, or the log-in is.

    By whom the present secret was given is not known then: a person may have changed both.
    """
    is_given = want.auth == live.auth and want.secret_version == live.secret_version
    return isinstance(want.auth, Oidc) and not is_given
