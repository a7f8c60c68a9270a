"""Who changed something, on a page: as much as AWS tells, and no more."""

from reconciler.model.drift import Attribution, Known
from reconciler.render.html.markup import Html, between, element, join
from reconciler.render.html.when import moment

UNKNOWN = {  # what is said where no event is known
    Known.NOT_YET: "CloudTrail does not show yet who changed it",
    Known.NOT_FOUND: "CloudTrail shows nobody who changed it",
    Known.NOT_ASKED: "CloudTrail was not asked yet who changed it",
    Known.NOT_ALLOWED: "who changed it may not be read (cloudtrail:LookupEvents)",
    Known.TOO_OLD: "changed more than 90 days ago, which CloudTrail does not keep",
}


def author(found: Attribution) -> Html:
    """Return who changed it, by which call, how and when; or why that is not known."""
    if found.known is not Known.FOUND:
        return element("p", UNKNOWN[found.known], class_="author unknown")
    name = element("b", found.actor or "somebody", title=found.event_id or None)
    ours = " (a run of this program)" if found.by_us else None
    call = element("code", found.event) if found.event else None
    last = None if found.exact else "last to touch it"
    when = moment(found.at, ago=True) if found.at else None
    return element(
        "p", between(", ", (join(name, ours), last, call, found.through or None, when)), class_="author"
    )
