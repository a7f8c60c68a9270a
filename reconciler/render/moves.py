"""Words for what a move of a route to another listener changes for clients."""

from reconciler.model.plan import Change, Plan
from reconciler.model.references import Ref
from reconciler.resources.listener import FixedResponse, Listener, Redirect


def describe_move(plan: Plan, change: Change) -> str:
    """Return where clients find a moved rule, and what its old listener answers them."""
    places = [(f.live, f.want) for f in change.fields if isinstance(f.live, Ref) and isinstance(f.want, Ref)]
    left, reached = (_find_listener(plan, ref) for ref in next(iter(places), (None, None)))
    now = (
        f"clients reach it at {_describe_port(reached)} from then on"
        if reached
        else "clients find it elsewhere"
    )
    return f"{now}; {_describe_answer(left) if left else 'nothing listens where it was'}"


def _find_listener(plan: Plan, ref: Ref | None) -> Listener | None:
    found = plan.desired.get(ref.address) if ref and not ref.by_id else None
    return found if isinstance(found, Listener) else None


def _describe_port(listener: Listener) -> str:
    return f"{listener.protocol} port {listener.port}"


def _describe_answer(listener: Listener) -> str:
    match listener.default:
        case Redirect(protocol=protocol, port=port, status=status):
            return f"{_describe_port(listener)} redirects them ({status}) to {protocol} port {port}"
        case FixedResponse(status=status):
            return f"{_describe_port(listener)} answers {status}"
    return f"{_describe_port(listener)} no longer serves it"
