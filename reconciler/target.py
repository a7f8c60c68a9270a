"""Connect to the AWS of a platform file: the file is loaded, and its region and limits are checked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from secrets import token_hex

from desired_state.load import DEFAULT_FILE, load
from desired_state.platform import Platform
from reconciler import __version__
from reconciler.aws.agent import agent_of
from reconciler.aws.client import Aws, connect
from reconciler.aws.logs import every_call
from reconciler.aws.service_models import list_regions
from reconciler.aws.tally import Tally
from reconciler.aws.turns import Turns
from reconciler.blueprint.ignores import require_known_ignores
from reconciler.blueprint.limits import require_within_limits
from reconciler.errors import RunRefused

RUN_ID_BYTES = 8  # of the id by which AWS's records tell the calls of one run
SANDBOX_REGION = "us-east-1"  # of an embedded AWS, if the file names none


@dataclass(frozen=True)
class Target:
    """A platform file, its environment, and the AWS that a run is for."""

    file: Path | None = None  # None: the default, see `find_file`
    environment: str | None = None
    endpoint: str | None = None  # of an embedded AWS; None: AWS as boto3 finds it
    # Lets an embedded AWS have what the file names, once it is read.
    prepare: Callable[[Platform], None] = lambda _platform: None
    find_endpoint: Callable[[], str | None] = lambda: None  # says where an embedded AWS answers by now
    tally: Tally = field(default_factory=Tally)  # of the reads of this AWS
    connected: "Connected | None" = None  # what several runs use; None: each loads the file and connects


@dataclass(frozen=True)
class Connected:
    """A platform that is loaded, a connection to its AWS, and the turns of reads in its account and region."""

    aws: Aws
    platform: Platform
    turns: Turns


def connect_to(target: Target) -> tuple[Aws, Platform]:
    """Load the file, and connect to its region, or to boto3's default region if the file has none."""
    if target.connected:
        return target.connected.aws, target.connected.platform
    platform = load_platform(target)
    return connect_for(target, platform), platform


def keep_connection(target: Target) -> Target:
    """Load the file and connect; return a target whose runs all use that. Raises `LoadError`, `RunRefused`."""
    aws, platform = connect_to(target)
    return replace(target, connected=Connected(aws, platform, Turns()))


def load_platform(target: Target) -> Platform:
    """Load the file, and let an embedded AWS have what it names. Raises `LoadError`, `RunRefused`."""
    usual = SANDBOX_REGION if target.endpoint else connect(None).session.region_name
    platform = load(find_file(target), target.environment, region=usual)
    if platform.region is None:
        raise RunRefused("no region is known: set `region:` in the file, or AWS_DEFAULT_REGION")
    target.prepare(platform)
    return platform


def connect_for(target: Target, platform: Platform, shared: Aws | None = None) -> Aws:
    """Connect to the region of a platform that is loaded. Raises `RunRefused` for what AWS would not take.

    `shared` is another connection there, whose clients are used; if it is left out, new ones are made.
    """
    aws = shared or connect_anew(target, platform)
    if not platform.is_open:  # else `blueprint.outside` does so, once it knows all values
        require_within_limits(platform, aws.partition)
    require_known_ignores(platform)
    return aws.for_run(agent_of(__version__, platform.stack, token_hex(RUN_ID_BYTES)), target.tally)


def connect_anew(target: Target, platform: Platform) -> Aws:
    """Return a connection of no run yet to the region of a platform. Raises `RunRefused` if there is none."""
    aws = connect(platform.region, target.endpoint, platform.account)
    require_known_region(aws.region)
    every_call(aws.session.events)
    return aws


def require_known_region(region: str) -> None:
    """Raise `RunRefused` for an unknown region: its calls would fail like those of a broken network."""
    regions = list_regions()
    if region not in regions:
        new = "If it is a new one, update botocore, which does not know it yet."
        near = " or ".join(sorted(get_close_matches(region, regions, n=2)))  # east and west are near each other
        meant = f"; did you mean {near}?" if near else ""
        raise RunRefused(f"there is no region {region}{meant}\n{new}")


def find_file(target: Target) -> Path:
    """Return the target's file, else ./desired_state/platform.yaml if it exists, else this package's."""
    here = Path("desired_state/platform.yaml")
    return target.file or (here if here.exists() else DEFAULT_FILE)
