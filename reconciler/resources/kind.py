"""The interface of a resource type, and the reading of several types at once."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from reconciler.aws.indexed import rules_out
from reconciler.aws.reads import Reads
from reconciler.model.plan import Conflict, FieldDiff, PlanWarning
from reconciler.model.references import Ref
from reconciler.model.spec import Live, S
from reconciler.model.steps import Later, Step
from reconciler.model.tags import OwnerMark, Tagging
from reconciler.model.trail import TouchedBy
from reconciler.resources.drifting import Correcting, DriftNotes, Severities


@dataclass(frozen=True)
class Relations(Generic[S]):
    """Describes how resources of a type depend on others, as far as the Refs in their fields do not show it."""

    parents: Callable[[S], Any] | None = None
    """Return Refs to the resources that AWS deletes together with it, or only after it.

    None: all of its Refs.
    """
    weak_refs: bool = False
    """Its Refs block no deletion: AWS deletes a resource that they still name.

    What refers to it does: a role is deleted after the services that run a task definition which names it.
    """
    left_behind: bool = False
    """AWS deletes it also while others refer to it, which then lead to nothing, such as routes.

    They are changed before its deletion, unless what they shall refer to can be made only after that.
    """
    dangling_refs: bool = False
    """Its Refs may lead to nothing for a while, such as the alias of a record: AWS deletes what it refers to.

    It is changed or deleted before that, unless what it shall refer to can be made only afterwards.
    """
    clashes: Callable[[S, S], bool] | None = None
    """Tell whether a live spec, with Refs by plan name, and a desired one cannot coexist in AWS."""
    place_taken: Callable[[S, Live[S], Iterable[S]], tuple[str, str]] | None = None
    """Return who is in the place of a desired resource, and a remedy, given all specs of the kind.

    AWS gives such resources no name. What is in the place of ours need not be ours with lost tags.
    """
    moved: Callable[[S, S], bool] | None = None
    """Tell whether a live spec, with Refs by plan name, does in another place the work of a desired one.

    It is asked only of resources of one service, of which the first is to be deleted and the second is new.
    """
    moves_after: Callable[[Live[S], S, Collection[str]], bool] | None = None
    """Tell whether the one that moves away, with Refs by plan name, has to be deleted before the other is made,
    given all ids that the plan deletes. None: the other is made first, so that its work is done without a gap.
    """
    also_deletes: Callable[[Live[S]], Iterable[str]] | None = None
    """Return the ids of all resources that its deletion deletes, such as all revisions. None: only its own."""
    lingers: Callable[[Live[S]], bool] | None = None
    """Tell whether its deletion takes long, and so comes after all others. None: never."""
    protected: Callable[[Live[S]], str] | None = None
    """Return what a person must do before AWS deletes it; an empty string if nothing."""
    loses: Callable[[Live[S]], str] | None = None
    """Return the data that its deletion deletes for good, such as `12 images`; an empty string if none."""
    revisioned: bool = False
    """True: an update of more than its tags gives it a new id, as for task definitions."""
    lasting: frozenset[str] = frozenset()
    """Of one that is revisioned, the outputs that a new id leaves as they are, such as a family's name."""
    interrupts: Callable[[S, S], str] | None = None
    """Say what an update or a replacement of the live spec by the desired one costs those who use the platform;
    an empty string if nothing. None: nothing, ever."""
    seamless: bool = False
    """True: the new one takes the old one's place before that is deleted, and nobody notices.

    Its replacement needs no consent."""
    awaited: bool = False
    """True: others make it, so its change only waits for it, and is planned only if another change needs it."""
    keeps_ids: Callable[[Ref], str | None] | None = None
    """Return the name of the resource that gets this id again when it is re-created.

    None: ids are never reused.
    """


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A resource type: its spec, and how it is read, created, updated and deleted. Only `read` talks to AWS."""

    spec: type[S]
    read: Callable[[Reads], Iterable[Live[S]]]
    """Yield the live resources with a desired name, ours or foreign, and ours with other names, in few calls.
    Raises `ReadFailed` if it cannot read all of them."""
    ensure: Callable[[S, Live[S] | None], Iterable[Step | Later]]
    """Yield, in order, the steps that create the desired resource, or update what differs in the live one.
    A mark between them says that those after it are done later."""
    remove: Callable[[Live[S]], Iterable[Step]]
    """Yield, in order, the steps that delete it. "Not found" counts as done."""
    relations: Relations[S] = field(default_factory=Relations)
    tagging: Tagging | OwnerMark | None = None
    """The way in which AWS stores its owner. None: its owner is that of the resource that it belongs to."""
    warn: Callable[[S, Live[S] | None], Iterable[str]] = lambda _want, _live: ()
    """Yield what a person should know of the desired resource and its live match, in sentences."""
    check: Callable[[Reads], Iterable[Conflict | PlanWarning]] = lambda _reads: ()
    """Yield what is wrong with what its desired resources name and no run makes, such as a certificate.
    Raises `ReadFailed`."""
    called: str = ""
    """The word for the type in the file, in patterns of what drift to ignore. Empty: its name."""
    monthly_price: Callable[[S], float] | None = None
    """Return about how many USD one costs a month in us-east-1, beside its traffic. None: it is not told."""
    indexed_as: str | tuple[str, ...] = ""
    """The start of the ARNs by which the tagging index shows that some of it may be ours: `ecs:cluster/`,
    service and type, or several. They may be of what it hangs on. Empty: the index does not have it."""
    trusts_index: bool = False
    """True: for what is not to be read directly (`Reads.directly`), its read relies on the tagging index, or
    asks for less."""
    early: Mapping[str, Callable[[Reads], object]] = field(default_factory=dict)
    """Functions that ask what `read` asks in any case, given only names, by boto3's name of the service asked.
    A run asks it ahead of time, before it knows what is desired."""
    severities: Severities[S] = field(default_factory=Severities)
    """How bad it is that one drifts."""
    drift_notes: DriftNotes[S] = field(default_factory=DriftNotes)
    """What a drift report tells of one beside the fields that differ."""
    correcting: Correcting[S] = field(default_factory=Correcting)
    """What a correction of drift leaves alone."""
    touched_by: TouchedBy | None = None
    """The calls that change one, as CloudTrail records them. None: CloudTrail cannot tell who changed it."""
    actions: frozenset[str] = frozenset()
    """The IAM actions that its reads and writes need, such as `ec2:CreateVpc`."""

    @property
    def tag_call(self) -> Tagging | None:
        """The call by which AWS tags it; None if AWS cannot, or if its tags are not always read."""
        return self.tagging if isinstance(self.tagging, Tagging) else None

    @property
    def any_tag_call(self) -> Tagging | None:
        """The call by which AWS tags it, also if its tags are not always read; None if AWS cannot."""
        return self.tagging.tagging if isinstance(self.tagging, OwnerMark) else self.tagging

    def parents(self, spec: S) -> Any:
        """Return what holds the Refs to its parents (see `Relations.parents`); nothing if its Refs are weak."""
        if self.relations.weak_refs:
            return ()
        return self.relations.parents(spec) if self.relations.parents else spec

    def changes_identity(self, fields: Iterable[FieldDiff]) -> bool:
        """Tell whether an update of these fields gives it a new id."""
        return self.relations.revisioned and any(f.field != "tags" for f in fields)


Kinds = Mapping[str, Kind[Any]]

COMMON_ACTIONS = frozenset(("tag:GetResources", "ec2:DescribeAvailabilityZones"))
"""The IAM actions that a run needs in addition to those of its types, to find tagged resources and zones."""


def actions(service: str, names: str) -> frozenset[str]:
    """Return IAM actions of a service, given their names: `actions("ec2", "CreateVpc DeleteVpc")`."""
    return frozenset(f"{service}:{name}" for name in names.split())


def read_all(reads: Reads, kinds: Kinds) -> tuple[Live[Any], ...]:
    """Read the live resources of these types, all types at once. Raises `ReadFailed` if one cannot be read."""

    def read_one(kind: Kind[Any]) -> list[Live[Any]]:
        return [] if rules_out(reads, kind.spec.kind, kind.indexed_as) else list(kind.read(reads))

    return tuple(live for found in reads.map(read_one, kinds.values()) for live in found)


def check_all(reads: Reads, kinds: Kinds) -> tuple[Conflict | PlanWarning, ...]:
    """Check what the desired resources of these types name and no run makes. Raises `ReadFailed`."""
    return tuple(found for kind in kinds.values() for found in kind.check(reads))
