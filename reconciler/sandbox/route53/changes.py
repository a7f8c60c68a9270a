"""Changes of zones: PENDING, then INSYNC, by the clock of the embedded AWS."""

import secrets
import string
from typing import Any

from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import current, wrap

LETTERS = string.ascii_uppercase + string.digits
OF_ZONES = (
    "create_hosted_zone",
    "delete_hosted_zone",
    "associate_vpc_with_hosted_zone",
    "disassociate_vpc_from_hosted_zone",
    "change_resource_record_sets",
)
"""Calls whose answer tells of a change."""


def install() -> None:
    for action in OF_ZONES:
        wrap(Route53, action, _change)
    wrap(Route53, "get_change", _get_change)


def check_prior(route53: Any, zone: Any) -> None:
    """Refuse a change of a zone whose earlier change is not taken in yet, whoever sent that."""
    busy = current().profile.zone_busy
    taken: dict[str, float] = route53.__dict__.setdefault("changed_at", {})
    if busy and current().clock.now() < taken.get(zone.resource_id, -busy) + busy:
        message = "The request was rejected because Route 53 was still processing a prior request."
        raise Refusal("PriorRequestNotComplete", message)


def note_change(route53: Any, zone: Any) -> None:
    """Remember that a zone is changed now."""
    route53.__dict__.setdefault("changed_at", {})[zone.resource_id] = current().clock.now()


def _change(original: Any, response: Any) -> Any:
    """Answer with a change of its own, which moto tells as one that is in sync."""
    answer = original(response)
    change = f"/change/C{''.join(secrets.choice(LETTERS) for _ in range(20))}"
    _begun(response.backend)[change] = current().clock.now()
    comment = (response._get_param("ChangeBatch") or {}).get("Comment") or response._get_param("Comment")
    answer.result["ChangeInfo"] = _info(response.backend, change) | ({"Comment": comment} if comment else {})
    return answer


def _get_change(original: Any, response: Any) -> Any:
    change = f"/change/{response._get_param('Id').rpartition('/')[2]}"
    if change not in _begun(response.backend):
        message = f"Could not find resource with ID: {change.rpartition('/')[2]}"
        raise Refusal("NoSuchChange", message)
    answer = original(response)
    answer.result["ChangeInfo"] = _info(response.backend, change)
    return answer


def _begun(route53: Route53Backend) -> dict[str, float]:
    """Return the moments at which changes began, by their id."""
    begun: dict[str, float] = route53.__dict__.setdefault("begun_changes", {})
    return begun


def _info(route53: Route53Backend, change: str) -> dict[str, Any]:
    world, begun = current(), _begun(route53)[change]
    is_in_sync = world.clock.now() >= begun + world.profile.dns_change
    status = "INSYNC" if is_in_sync else "PENDING"
    return {"Id": change, "Status": status, "SubmittedAt": world.clock.date(begun)}
