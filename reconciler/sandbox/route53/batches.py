"""Batches of changes to records: all or nothing, each checked against what the zone has by then."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from moto.route53.models import RecordSet, Route53Backend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.route53.changes import check_prior, note_change
from reconciler.sandbox.route53.names import lies_in, normalise
from reconciler.sandbox.route53.values import find_wrong_alias, find_wrong_values
from reconciler.sandbox.world import wrap

ACTIONS = ("CREATE", "DELETE", "UPSERT")
_FORM = "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "


def install() -> None:
    wrap(Route53Backend, "change_resource_record_sets", _change)


def _change(_original: Any, route53: Any, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    zone = route53.get_hosted_zone(zoneid)
    if getattr(zone, "of_cloud_map", False):
        message = f"The resource hostedzone/{zone.resource_id} can only be managed through AWS Cloud Map"
        raise Refusal("AccessDenied", message)
    changes = [(change["Action"], _read(change)) for change in change_list]
    check_prior(route53, zone)
    records, problems = list(zone.rrsets), list(_find_repeated(changes))
    for action, wanted in changes:
        found = list(_find_problems(route53, zone, action, wanted, records))
        problems += found
        if not found:
            _apply(records, action, wanted)
    if problems:
        raise Refusal("InvalidChangeBatch", f"[{', '.join(problems)}]")
    zone.rrsets = records
    note_change(route53, zone)


def _read(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record set of a change as it is kept, which has either an alias or a TTL and values."""
    action, sent = change["Action"], change["ResourceRecordSet"]
    if action not in ACTIONS:
        message = f"Invalid XML ; cvc-enumeration-valid: Value '{action}' is not facet-valid"
        raise Refusal("InvalidInput", message)
    values = [one["Value"] for one in sent.get("ResourceRecords") or ()]
    forms = [sent.get("AliasTarget") is not None, sent.get("TTL") is not None or bool(values)]
    if sum(forms) != 1 or (forms[1] and (sent.get("TTL") is None or not values)):
        found = "more than one" if all(forms) else "none"
        place = f"[Action={action}, Name={sent['Name']}, Type={sent['Type']}, SetIdentifier="
        end = f"{place}{sent.get('SetIdentifier', 'null')}]"
        raise Refusal(
            "InvalidInput", f"{_FORM}TrafficPolicyInstanceId], but found {found} in Change with {end}"
        )
    kept = {**sent, "Name": normalise(sent["Name"]), "ResourceRecords": values}
    if alias := sent.get("AliasTarget"):
        kept["AliasTarget"] = {**alias, "DNSName": normalise(alias["DNSName"])}
    return kept


def _find_repeated(changes: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Yield the record sets that a batch makes twice, or deletes twice."""
    counted = Counter((action == "DELETE", *_key(wanted)) for action, wanted in changes)
    for (_, name, kind, _), number in counted.items():
        if number > 1:
            yield f"The request contains an invalid set of changes for a resource record set '{kind} {name}'"


def _key(wanted: Mapping[str, Any]) -> tuple[str, str, str | None]:
    return wanted["Name"], wanted["Type"], wanted.get("SetIdentifier")


def _find_problems(
    route53: Any, zone: Any, action: str, wanted: dict[str, Any], records: list[RecordSet]
) -> Iterator[str]:
    name, kind, place = wanted["Name"], wanted["Type"], normalise(zone.name)
    shown = f"[name='{name}', type='{kind}']"
    if not lies_in(name, place):
        yield f"RRSet with DNS name {name} is not permitted in zone {place}"
        return
    old = next((r for r in records if (r.name, r.type, r.set_identifier) == _key(wanted)), None)
    if action == "DELETE":
        if old is None:
            yield f"Tried to delete resource record set {shown} but it was not found"
        elif not _is_same(old, wanted):
            end = "but the values provided do not match the current values"
            yield f"Tried to delete resource record set {shown} {end}"
        return
    if action == "CREATE" and old is not None:
        yield f"Tried to create resource record set {shown} but it already exists"
    yield from _find_conflicts(name, kind, place, records)
    yield from find_wrong_values({"Type": kind, "values": wanted["ResourceRecords"]})
    if "AliasTarget" in wanted:
        yield from find_wrong_alias(route53, zone, {**wanted, "beside": records})


def _find_conflicts(name: str, kind: str, zone: str, records: list[RecordSet]) -> Iterator[str]:
    """Yield why a name cannot have this type: a CNAME is alone, and not at the name of the zone."""
    beside = {r.type for r in records if r.name == name}
    if kind == "CNAME" and name == zone:
        yield f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone}"
    elif kind == "CNAME" and beside - {"CNAME"}:
        begin = f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records"
        yield f"{begin} with the same DNS name in zone {zone}"
    elif kind != "CNAME" and "CNAME" in beside:
        begin = (
            f"RRSet of type {kind} with DNS name {name} is not permitted because a conflicting RRSet of type"
        )
        yield f"{begin} CNAME with the same DNS name already exists in zone {zone}"


def _is_same(old: RecordSet, wanted: Mapping[str, Any]) -> bool:
    """Tell whether a delete names all that the record set has; the order of values does not count."""
    same_values = sorted(old.records or ()) == sorted(wanted["ResourceRecords"])
    same_alias = (old.alias_target or None) == (wanted.get("AliasTarget") or None)
    return same_values and same_alias and str(old.ttl) == str(wanted.get("TTL"))


def _apply(records: list[RecordSet], action: str, wanted: Mapping[str, Any]) -> None:
    records[:] = [r for r in records if (r.name, r.type, r.set_identifier) != _key(wanted)]
    if action != "DELETE":
        records.append(RecordSet({**wanted}))
