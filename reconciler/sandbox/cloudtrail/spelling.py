"""Parameters and answers as CloudTrail spells them: first letters are small, and EC2's lists are in `items`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

_TAGGED = {"Resources": ("resourcesSet", "resourceId"), "Tags": ("tagSet", "")}  # of CreateTags and DeleteTags
_HIDDEN = (
    "HIDDEN_DUE_TO_SECURITY_REASONS"  # in the place of what these hold; for these two that is not documented
)
_SECRETS = ("ClientSecret", "SecretString")
_MOST = 100 * 1024  # characters of parameters or of an answer; larger ones are left out (record contents)


def spell(service: str, action: str, value: Any, shape: Shape | None) -> Any:
    """Return the parameters or the answer of a call, given its shape; None if there is nothing, or too much."""
    if shape is None or not value:
        return None
    spelt = _spell(value, shape, of_ec2=service == "ec2")
    if service == "ec2" and action in ("CreateTags", "DeleteTags"):
        spelt |= {
            new: _rename(value[old], shape.members[old], item)
            for old, (new, item) in _TAGGED.items()
            if old in value
        }
        spelt = {
            name: each for name, each in spelt.items() if name not in ("resourceId", "resources", "tag", "tags")
        }
    return None if len(repr(spelt)) > _MOST else spelt


def _rename(values: Any, shape: Any, item: str) -> dict[str, Any]:
    spelt = _spell(values, shape, of_ec2=True)["items"]
    return {"items": [{item: value} for value in values] if item else spelt}


def _spell(value: Any, shape: Shape, *, of_ec2: bool) -> Any:
    match shape:
        case StructureShape() if isinstance(value, Mapping):
            known = [(name, inner) for name, inner in shape.members.items() if value.get(name) is not None]
            return {
                _name(n, inner, of_ec2=of_ec2): (
                    _HIDDEN if n in _SECRETS else _spell(value[n], inner, of_ec2=of_ec2)
                )
                for n, inner in known
            }
        case ListShape() if isinstance(value, list | tuple):
            items = [_spell(item, shape.member, of_ec2=of_ec2) for item in value]
            return {"items": items} if of_ec2 else items
        case MapShape() if isinstance(value, Mapping):
            return {key: _spell(inner, shape.value, of_ec2=of_ec2) for key, inner in value.items()}
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return value.isoformat() if isinstance(value, datetime) else value


def _name(name: str, shape: Shape, *, of_ec2: bool) -> str:
    written = str(shape.serialization.get("name", name)) if of_ec2 else name
    return written[:1].lower() + written[1:]
