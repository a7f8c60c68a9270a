"""The only module that talks to AWS: clients, and one try of a step."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock, local
from typing import Any

import boto3
import botocore.session
import structlog
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError

from reconciler.aws import blockers, rollout
from reconciler.aws.blockers import Blocked, Client
from reconciler.aws.calls import attempt_call
from reconciler.aws.errors import code, request_id, unanswered, undone
from reconciler.aws.service_models import loader
from reconciler.aws.waits import poll
from reconciler.errors import Stopped
from reconciler.model.steps import Answer, BlockerQuery, Call, NotYet, Rollout, Step, Wait

log = structlog.get_logger()

CONNECTIONS = 48  # at least as many as threads that read at a time
READS = Config(
    retries={"mode": "standard", "total_max_attempts": 8},
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=CONNECTIONS,
)
# botocore's own retry of a write makes two VPCs of one CreateVpc; a stop waits for the time-out at most.
# The mode is named, as a person's `adaptive` would sleep.
ONCE = Config(
    retries={"mode": "standard", "total_max_attempts": 1},
    connect_timeout=5,
    read_timeout=15,
    max_pool_connections=CONNECTIONS,
)
KEYS = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}  # of an AWS that checks none


@dataclass
class Aws:
    """A boto3 session, with clients that retry, for reads before a plan, and clients that try once, for all else."""

    session: boto3.Session
    options: Mapping[str, Any] = field(default_factory=dict)  # of every client: endpoint_url, region_name
    config: Config = field(default_factory=Config)
    _clients: dict[tuple[str, bool], Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _thread: local = field(default_factory=local)  # of each: what tells it to stop

    @property
    def region(self) -> str:
        """The region that every call goes to."""
        return str(self.session.region_name)

    def client(self, service: str, *, retries: bool = True) -> Any:
        """A client that threads may share."""
        if made := self._clients.get((service, retries)):
            return made
        with self._lock:  # a session is not thread-safe; a client is
            if (service, retries) not in self._clients:
                config = (READS if retries else ONCE).merge(self.config)
                made = self.session.client(service, config=config, **self.options)
                if not retries:
                    made.meta.events.register_first("before-send", self._unless_stopped)
                self._clients[service, retries] = made
            return self._clients[service, retries]

    def warm(self, services: Iterable[str]) -> None:
        """Make the clients that will be wanted for reads: EC2's alone takes a tenth of a second."""
        for service in services:
            self.client(service)

    def heard(self, hear: Callable[[Call], object]) -> None:
        """From now on each call is told of as it is made. Clients that exist already tell nothing."""

        def tell(params: Mapping[str, Any], model: OperationModel, **_: Any) -> None:
            hear(Call(model.service_model.service_name, xform_name(model.name), dict(params)))

        self.session.events.register("before-parameter-build.*.*", tell)

    def until(self, stop: Event | None) -> Client:
        """Clients that try once, and from now on in this thread raise `Stopped` once somebody has said to stop."""
        self._thread.stop = stop
        return partial(self.client, retries=False)

    def _unless_stopped(self, **_: Any) -> None:
        """The last moment before a call is sent: to build and to sign sixteen of them takes a while."""
        if (stop := getattr(self._thread, "stop", None)) and stop.is_set():
            raise Stopped("stopped")

    def blockers(self, looks: Iterable[BlockerQuery], stop: Event | None = None) -> Blocked:
        """What blocks a step; nothing where AWS does not say, or is not asked any more."""
        return blockers.found(self.until(stop), looks)

    def attempt(self, step: Step, stop: Event | None = None) -> Answer:
        """One try of a step whose params are resolved: no sleep, no repeat; time is the ledger's.

        A try that takes several calls makes no further one once `stop` is set. Raises what AWS said, `WaitFailed`
        or `RolloutFailed`, if trying again cannot help.
        """
        try:
            match step:
                case Call():
                    return attempt_call(self.until(stop), step)
                case Wait():
                    return poll(self.until(stop), step)
                case Rollout():
                    return rollout.poll(self.until(stop), step)
        except Stopped as e:
            return NotYet(str(e))
        except (ClientError, BotoCoreError, ResponseParserError) as e:
            if undone(e):
                return NotYet(e)
            if unanswered(e):
                return NotYet(e, answer_lost=isinstance(step, Call) and not step.reads)
            log.warning("refused", step=step.title, code=code(e), request=request_id(e))
            raise


def connect(region: str | None, endpoint: str | None = None) -> Aws:
    """A connection as boto3's users know it; to an endpoint of its own (the sandbox) with credentials of its own."""
    # To the sandbox all is given as values: no variable, no profile and no proxy can send it elsewhere.
    core = botocore.session.Session({"profile": (None, None, None, None)} if endpoint else None)
    core.register_component("data_loader", loader())
    if endpoint is None:
        return Aws(boto3.Session(region_name=region, botocore_session=core))
    session = boto3.Session(region_name=region, botocore_session=core, **KEYS)
    return Aws(session, {"endpoint_url": endpoint, "region_name": region}, Config(proxies={}))


def enclosed(region: str) -> Aws:
    """A connection to an AWS in this process: no variable, no profile and no proxy can lead out of it."""
    core = botocore.session.Session({"profile": (None, None, None, None)})
    core.register_component("data_loader", loader())
    session = boto3.Session(region_name=region, botocore_session=core, **KEYS)
    return Aws(session, {}, Config(proxies={}, ignore_configured_endpoint_urls=True))
