"""Whether CloudTrail's events can come at all: only those that a trail logs go to EventBridge.

The event history that CloudTrail keeps for everybody sends nothing (EventBridge user guide, "AWS service events
delivered via CloudTrail").
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.client import Aws
from reconciler.aws.errors import code
from reconciler.aws.trail.questions import HOMES

ALL = "events of ECS and of API calls"
ELSEWHERE = "those of IAM come in {} only: roles are found by polling"
NO_TRAIL = "no trail: polling only, but for ECS's own events"
CANNOT_TELL = "cannot tell whether a trail logs management events"


def check_trail(aws: Aws) -> str:
    """Return in words whether events of API calls will come. It raises nothing."""
    try:
        client = aws.client("cloudtrail")
        trails = client.describe_trails(includeShadowTrails=True)["trailList"]
        found = [_tell_of(client, trail, aws.region) for trail in trails]
    except (ClientError, BotoCoreError) as error:
        return f"{CANNOT_TELL} ({code(error) or type(error).__name__})"
    if True in found:
        home = HOMES.get(aws.partition, aws.region)
        return ALL if aws.region == home else f"{ALL}; {ELSEWHERE.format(home)}"
    return CANNOT_TELL if None in found else NO_TRAIL


def _tell_of(client: Any, trail: Mapping[str, Any], region: str) -> bool | None:
    """Tell whether a trail logs the management writes of a region; None if it may not be read.

    An organisation's trail cannot be read from each of its accounts.
    """
    if not trail.get("IsMultiRegionTrail") and trail.get("HomeRegion") != region:
        return False
    try:
        if not client.get_trail_status(Name=trail["TrailARN"])["IsLogging"]:
            return False
        return logs_writes(client.get_event_selectors(TrailName=trail["TrailARN"]))
    except (ClientError, BotoCoreError):
        return None


def logs_writes(selectors: Mapping[str, Any]) -> bool:
    """Tell whether the selectors of GetEventSelectors let management events through that write."""
    plain = (
        s.get("IncludeManagementEvents", True) and s.get("ReadWriteType", "All") != "ReadOnly"
        for s in selectors.get("EventSelectors") or ()
    )
    advanced = (_advanced(s.get("FieldSelectors", ())) for s in selectors.get("AdvancedEventSelectors") or ())
    return any(plain) or any(advanced)


def _advanced(fields: Any) -> bool:
    wanted = {field.get("Field"): field for field in fields}
    category = wanted.get("eventCategory", {}).get("Equals", ())
    read_only = wanted.get("readOnly", {}).get("Equals", ("false",))
    return "Management" in category and "false" in read_only
