"""Tags in EC2: valid keys and values, only on what exists, and on what the call creates."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidID, TagLimitExceeded
from moto.ec2.responses.tags import TagResponse

from reconciler.sandbox.ec2.ids import KINDS
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import wrap

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


def install() -> None:
    wrap(TagResponse, "create_tags", _tag_present)
    wrap(TagResponse, "delete_tags", _tag_present)


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


def _tag_present(original: Any, response: Any) -> Any:
    """Change tags of what exists: of all that is named, or of nothing."""
    for resource_id in response._get_param("Resources", []):
        kind = KINDS.get(resource_id.rpartition("-")[0])
        if kind and not kind.is_well_formed(resource_id):
            raise InvalidID(resource_id)
        if kind and find(response.ec2_backend, resource_id) is None:
            raise kind.refuse(resource_id)
    return original(response)
