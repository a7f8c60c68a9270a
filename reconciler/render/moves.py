"""Words for what a move of a route to another listener changes for clients."""

from reconciler.model.plan import Change, Plan
from reconciler.model.references import Ref
from reconciler.resources.listener import FixedResponse, Listener, Redirect


def describe_move(plan: Plan, change: Change) -> str:
    """Return where clients find a moved rule, and what its old listener answers them."""
    places = [(f.live, f.want) for f in change.fields if isinstance(f.live, Ref) and isinstance(f.want, Ref)]
    old, new = next(iter(places), (None, None))
    left, reached = _find_listener(plan, old), _find_listener(plan, new)
    if reached is None:
        now = "clients find it elsewhere"
    elif (before := _find_balancer(left, old)) in ("", now_at := _find_balancer(reached, new)):
        now = f"clients reach it at {_describe_port(reached)} from then on"
    elif change.replaces in change.after:
        now = f"clients reach it at {_describe_port(reached)} of {now_at} from then on, no longer at {before}"
    else:
        now = f"clients have to go to {_describe_port(reached)} of {now_at}; {before} serves it until all has"
        return f"{now} rolled out, and then {_describe_answer(left) if left else 'nothing listens there'}"
    return f"{now}; {_describe_answer(left) if left else 'nothing listens where it was'}"


def _find_balancer(listener: Listener | None, ref: Ref | None) -> str:
    """Return the name of a listener's load balancer, also by the ARN of one that is not in the plan."""
    if listener:
        return listener.load_balancer.name
    path = ref.name.partition(":listener/")[2].split("/") if ref and ref.by_id else []
    return path[1] if len(path) > 1 else ""


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
