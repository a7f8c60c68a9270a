"""Tags in EC2: valid keys and values, only on what exists, and on what the call creates."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidID, TagLimitExceeded
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses.tags import TagResponse
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE

from reconciler.sandbox.ec2.filters import match
from reconciler.sandbox.ec2.ids import KINDS
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add, wrap

LONGEST_KEY, LONGEST_VALUE, MOST_TAGS = 128, 256, 50  # characters, characters, of a resource

# The resource types that a call can tag, where it can tag any.
TAGGED_TYPES = {
    "AllocateAddress": {"elastic-ip"},
    "AuthorizeSecurityGroupEgress": {"security-group-rule"},
    "AuthorizeSecurityGroupIngress": {"security-group-rule"},
    "CreateEgressOnlyInternetGateway": {"egress-only-internet-gateway"},
    "CreateFlowLogs": {"vpc-flow-log"},
    "CreateInternetGateway": {"internet-gateway"},
    "CreateManagedPrefixList": {"prefix-list"},
    "CreateNatGateway": {"natgateway"},
    "CreateNetworkAcl": {"network-acl"},
    "CreateNetworkInterface": {"network-interface"},
    "CreateRouteTable": {"route-table"},
    "CreateSecurityGroup": {"security-group"},
    "CreateSubnet": {"subnet"},
    "CreateVpc": {"vpc"},
    "CreateVpcEndpoint": {"vpc-endpoint"},
    "CreateVpcPeeringConnection": {"vpc-peering-connection"},
}
# The types that moto spells in another way than DescribeTags, by the prefix of the id.
RESOURCE_TYPES = {"eipalloc": "elastic-ip", "fl": "vpc-flow-log", "nat": "natgateway", "pl": "prefix-list"}


def install() -> None:
    wrap(TagResponse, "create_tags", _tag_present)
    wrap(TagResponse, "delete_tags", _untag_present)
    wrap(TagResponse, "describe_tags", _describe_present)
    add(TaggedEC2Resource, "get_tags", _get_tags)
    EC2_PREFIX_TO_RESOURCE.update(RESOURCE_TYPES)


def check_tags(operation: str, params: Mapping[str, Any]) -> None:
    """Refuse tags that AWS refuses whatever they are put on."""
    if operation in ("CreateTags", "DeleteTags"):
        _check(params.get("Tags", []))
    for specification in params.get("TagSpecifications", []) if operation in TAGGED_TYPES else ():
        resource_type = specification.get("ResourceType")
        if not resource_type:
            raise _refuse("Tag specification resource type must have a value")
        if resource_type not in TAGGED_TYPES[operation]:
            raise _refuse(f"'{resource_type}' is not a valid taggable resource type for this operation.")
        if not specification.get("Tags"):
            raise _refuse("Tag specification must have at least one tag")
        _check(specification["Tags"])


def _check(tags: Iterable[Mapping[str, str]]) -> None:
    counted = Counter(tag.get("Key") or "" for tag in tags)
    for key, times in counted.items():
        if not key:
            raise _refuse("Tag key cannot be empty")
        if key.lower().startswith("aws:"):
            reserved = "Tag keys starting with 'aws:' are reserved for internal use"
            raise _refuse(f"Value ( {key} ) for parameter key is invalid. {reserved}")
        if len(key) > LONGEST_KEY:
            raise _refuse(f"Tag key exceeds the maximum length of {LONGEST_KEY} characters")
        if times > 1:
            raise _refuse(f"Duplicate tag key '{key}' specified.")
    if any(len(tag.get("Value") or "") > LONGEST_VALUE for tag in tags):
        raise _refuse(f"Tag value exceeds the maximum length of {LONGEST_VALUE} characters")
    if len(counted) > MOST_TAGS:
        raise TagLimitExceeded


def _refuse(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)


def _get_tags(resource: Any) -> list[dict[str, str]]:
    """Return the tags of a resource. moto looks through those of all resources, for each resource anew."""
    resource_type = EC2_PREFIX_TO_RESOURCE.get(resource.id.rpartition("-")[0], "") if resource.id else ""
    found = resource.ec2_backend.tags.get(resource.id, {}) if resource.id else {}
    shared = {"resource_id": resource.id, "resource_type": resource_type}
    return [{**shared, "key": key, "value": value} for key, value in found.items()]


def _describe_present(original: Any, response: Any) -> Any:
    """Describe tags of what exists. moto keeps those of what was deleted, and ignores `tag:…`."""
    answer, ec2 = original(response), response.ec2_backend
    for name, values in response._filters_from_querystring().items():
        if name.startswith("tag:"):
            found = [tag for tag in answer.result["Tags"] if tag["key"] == name.removeprefix("tag:")]
            answer.result["Tags"] = [tag for tag in found if match(tag["value"], values)]
    answer.result["Tags"] = [
        tag
        for tag in answer.result["Tags"]
        if tag["resource_id"].rpartition("-")[0] not in KINDS or find(ec2, tag["resource_id"]) is not None
    ]
    return answer


def _untag_present(original: Any, response: Any) -> Any:
    """Remove tags of what exists: all tags, where the call names none (EC2 API reference)."""
    if response._get_param("Tags"):
        return _tag_present(original, response)
    answer = _tag_present(original, response)
    for resource_id in response._get_param("Resources", []):
        response.ec2_backend.tags.pop(resource_id, None)
    return answer


def _tag_present(original: Any, response: Any) -> Any:
    """Change tags of what exists: of all that is named, or of nothing."""
    for resource_id in response._get_param("Resources", []):
        kind = KINDS.get(resource_id.rpartition("-")[0])
        if kind and not kind.is_well_formed(resource_id):
            raise InvalidID(resource_id)
        if kind and find(response.ec2_backend, resource_id) is None:
            raise kind.refuse(resource_id)
    return original(response)
