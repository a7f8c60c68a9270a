"""Points in time, for people and for the page's script."""

from datetime import UTC, datetime

from reconciler.render.html.markup import Html, element


def moment(at: str, *, ago: bool = False) -> Html:
    """Return a time in UTC, given as in 2026-11-27T22:14:03+00:00; another text as it is.

    With `ago`, the script of the page shows how long ago it is, or in what time it will be.
    """
    when = parse(at)
    if when is None:
        return element("span", at)
    return element("time", format_moment(when), datetime=when.isoformat(), class_="ago" if ago else None)


def parse(at: str) -> datetime | None:
    """Return the point in time in UTC; None if the text is none."""
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return None
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)


def format_moment(when: datetime) -> str:
    """Format a point in time: `28 Nov 2026, 10:12 UTC`."""
    return f"{when.day} {when:%b %Y, %H:%M} UTC"
