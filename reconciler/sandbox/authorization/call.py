"""A call as it is authorised: whose it is does not matter here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from reconciler.sandbox.constraints.services import sent_parameters

PREFIXES = {  # boto3's name of a service -> the prefix of its actions, where they differ
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
}


@dataclass(frozen=True)
class Call:
    """An operation of a service with its parameters, in an account and a region."""

    service: str  # IAM's prefix of its actions: `elasticloadbalancing`
    operation: str
    sent: Mapping[str, Any]
    account: str
    partition: str
    region: str

    @property
    def action(self) -> str:
        """The action that allows it: `ec2:CreateVpc`."""
        return f"{self.service}:{self.operation}"

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource of the service in this account and region."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{resource}"

    def role_arn(self, name: str) -> str:
        """Return the ARN of a role, given its name with its path."""
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"


def read_call(response: Any) -> Call:
    """Return the call that this moto response answers."""
    service = response.boto3_service_name
    return Call(
        PREFIXES.get(service, service),
        str(response._get_action()),
        _parameters(response),
        response.current_account,
        response.partition,
        response.region,
    )


def _parameters(response: Any) -> Mapping[str, Any]:
    """Return the parameters, also those in the path and the query of a REST protocol's request."""
    sent = sent_parameters(response)
    if response.automated_parameter_parsing or response.boto3_service_name != "scheduler":
        return sent
    asked = {
        name: found if len(found) > 1 else found[0]
        for name, found in parse_qs(response.parsed_url.query).items()
    }
    named = {name: unquote(value) for name, value in response.uri_match.items()}
    return {**sent, **{name[0].upper() + name[1:]: value for name, value in {**asked, **named}.items()}}


def listed(value: Any) -> list[Any]:
    """Return the value's items, the value alone, or nothing for None."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_mapping(tags: Any) -> dict[str, str]:
    """Return tags in either of their forms as a mapping."""
    if isinstance(tags, Mapping):
        return dict(tags)
    return {tag.get("Key", tag.get("key", "")): tag.get("Value", tag.get("value", "")) for tag in tags or ()}
