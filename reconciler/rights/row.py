"""How the tables say which actions are allowed on which resources, and under which conditions."""

from dataclasses import dataclass

from reconciler.model.tags import STACK

Conditions = tuple[tuple[str, str, tuple[str, ...]], ...]  # operator, condition key, values

RESOURCE_STACK, REQUEST_STACK = f"aws:ResourceTag/{STACK}", f"aws:RequestTag/{STACK}"
OURS: Conditions = (("StringEquals", RESOURCE_STACK, ("{stack}",)),)  # what there is and carries our tag
NEW: Conditions = (("StringEquals", REQUEST_STACK, ("{stack}",)),)  # what is made with our tag
# On what is being made there are no tags yet. What has another stack's tag gets none of ours: names do not tell
# them apart, as those that end in `shop-dev` also end in `dev`.
UNCLAIMED: Conditions = (*NEW, ("StringEqualsIfExists", RESOURCE_STACK, ("{stack}",)))
NOT_GIVEN_AWAY: Conditions = (("StringEqualsIfExists", REQUEST_STACK, ("{stack}",)),)  # the tag keeps its value


@dataclass(frozen=True)
class Row:
    """Actions that are allowed on the same resources under the same conditions, by what they are needed for."""

    sid: str
    service: str  # IAM's prefix of the actions: elasticloadbalancing
    resources: str  # ARNs or, without `arn:`, their ends, apart by spaces; {words} are filled in by `Place`
    reads: str = ""  # names of actions, apart by spaces; of IAM's access levels List and Read
    writes: str = ""  # to create and update; of the levels Write, Tagging and Permissions management
    deletes: str = ""  # to delete whole resources: some of them are among the writes, too
    conditions: Conditions = ()
    reason: str = ""  # why IAM cannot narrow it to the stack

    def actions(self, names: str) -> frozenset[str]:
        """Return the actions of these names: `ec2:CreateVpc`."""
        return frozenset(f"{self.service}:{name}" for name in names.split())

    @property
    def all_actions(self) -> frozenset[str]:
        """Every action of the row."""
        return self.actions(f"{self.reads} {self.writes} {self.deletes}")


def made_by(service: str, calls: str) -> Conditions:
    """Return the conditions on tags that these calls set on what they make."""
    return (*NEW, ("StringEquals", f"{service}:CreateAction", tuple(calls.split())))
