"""How the table of resource types says which resources an action is for."""

from dataclasses import dataclass

TAGS = "ListTagsForResource TagResource UntagResource"


@dataclass(frozen=True)
class Row:
    """A type, with the parameters of calls that name its resources, and the actions that are for it."""

    actions: str
    arn: str  # its end; `{}` is the name, and `{cluster}` the cluster's. Empty: all of it is a parameter
    names: tuple[str, ...]  # parameters with a name or an ARN, or lists of them (JMESPath)
    otherwise: str = "*"  # the name where the call has none
    has_region: bool = True
    has_account: bool = True
    has_tags: bool = True
