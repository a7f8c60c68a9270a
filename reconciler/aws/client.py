"""Make boto3 clients, and one try of a step with them. The only module that imports boto3."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Event, local
from typing import Any

import boto3
import botocore.session
import structlog
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError

from reconciler.aws import rollout, waits
from reconciler.aws.agent import join_agents
from reconciler.aws.assumed import sign_as
from reconciler.aws.blockers import Blocked, find_blockers
from reconciler.aws.calls import Client, attempt_call
from reconciler.aws.clients import Clients, Key
from reconciler.aws.enclosure import ANY_KEYS, DIRECT, deaf_session, forbid_sending, keys_of
from reconciler.aws.errors import code, had_no_effect, lost_answer, request_id
from reconciler.aws.followed_services import FollowedServices
from reconciler.aws.foreign_answers import Response, is_from_aws
from reconciler.aws.secret_values import conceal
from reconciler.aws.service_models import loader
from reconciler.aws.silence import FIRST_ANSWER_WITHIN, Silence
from reconciler.aws.tally import Tally
from reconciler.errors import RunRefused, Stopped
from reconciler.model.steps import Answer, BlockerQuery, Call, NotYet, Rollout, Step, Wait

log = structlog.get_logger()

MAX_CONNECTIONS = 48  # of one client; at least as many as threads that read at a time
CLIENT_LIMITS = {"connect_timeout": 5, "max_pool_connections": MAX_CONNECTIONS}
RETRYING_CONFIG = Config(
    **CLIENT_LIMITS,
    read_timeout=FIRST_ANSWER_WITHIN,
    retries={"mode": "standard", "total_max_attempts": 8},
)
WRITE_TIMEOUTS = {"connect_timeout": 5, "read_timeout": 15}  # seconds
WRITE_TAKES = float(sum(WRITE_TIMEOUTS.values()))  # seconds at most, until its answer is taken for lost
# botocore's own retry of a write makes two VPCs of one CreateVpc; a stop waits for the time-out at most.
# The mode is named, as a person's `adaptive` would sleep.
SINGLE_TRY_CONFIG = Config(
    **CLIENT_LIMITS | WRITE_TIMEOUTS, retries={"mode": "standard", "total_max_attempts": 1}
)
# The lease must be renewed while it lasts: a heartbeat that is not answered is soon sent again.
CONFIGS_OF_SERVICES = {"dynamodb": Config(connect_timeout=3, read_timeout=5)}

NO_LIMITS: tuple[Event | None, bool] = (None, False)


def _allow(_seconds: float) -> None:
    """Let any write be sent."""


@dataclass
class Aws:
    """A boto3 session with two sets of clients: those for a plan's reads retry, and all others try once."""

    session: boto3.Session
    options: Mapping[str, Any] = field(default_factory=dict)  # of each client: endpoint_url, region_name
    config: Config = field(default_factory=Config)
    silence: Silence = field(default_factory=Silence)
    tally: Tally = field(default_factory=Tally)
    before_write: Callable[[float], object] = _allow  # raises if no write may be sent; see lease
    agent: str = ""  # what each call says of who makes it, see `agent.agent_of`
    shared: Clients = field(default_factory=Clients)  # of the session; several connections may have them
    _clients: dict[Key, Any] = field(default_factory=dict)  # these, as this connection's own
    _thread: local = field(default_factory=local)  # its `limits`: the stop of its calls, and whether they write

    @property
    def region(self) -> str:
        """The region that each call goes to."""
        return str(self.session.region_name)

    @property
    def partition(self) -> str:
        """The partition of the region, as botocore knows it, such as aws-cn."""
        return str(self.session.get_partition_for_region(self.region))

    def client(self, service: str, *, retries: bool = True, region: str | None = None, role: str = "") -> Any:
        """Return a service's client, which threads may share. Without `retries` it tries each call once.

        `region` is that of its calls, if it is not the session's, and `role` the ARN of one that makes them.
        """
        key = (service, retries, region, role)
        if key not in self._clients:
            self._clients.setdefault(key, self.shared.own(key, partial(self._make, *key), self))
        return self._clients[key]

    def for_run(self, agent: str, tally: Tally) -> "Aws":
        """Return a connection for another run, which shares the session and its clients, and nothing else."""
        return Aws(self.session, self.options, self.config, tally=tally, agent=agent, shared=self.shared)

    def _make(self, service: str, retries: bool, region: str | None, role: str) -> Any:
        """Make a client. Raises `RunRefused` if the endpoint that is configured for it is no URL."""
        config = (RETRYING_CONFIG if retries else SINGLE_TRY_CONFIG).merge(self.config)
        config = config.merge(CONFIGS_OF_SERVICES.get(service, Config()))
        elsewhere = {"region_name": region} if region else {}
        try:
            made = self.session.client(service, config=config, **{**self.options, **elsewhere})
        except ValueError as error:
            remedy = "check AWS_ENDPOINT_URL, its variables for single services, and endpoint_url in AWS's configuration"
            raise RunRefused(f"there is no client for {service}: {error}\n{remedy}") from error
        if role:
            sign_as(made.meta.events, role, partial(self.client, "sts"))
        return made

    def warm(self, services: Iterable[str]) -> None:
        """Create the clients of these services ahead of time: EC2's alone takes a tenth of a second."""
        for service in services:
            self.client(service)

    def notify_of_calls(self, listener: Callable[[Call], object]) -> None:
        """Pass each call of the clients created from now on to `listener`, as it is made."""

        def pass_on(params: Mapping[str, Any], model: OperationModel, **_: Any) -> None:
            listener(Call(model.service_model.service_name, xform_name(model.name), conceal(params)))

        self.session.events.register("before-parameter-build.*.*", pass_on)

    @contextmanager
    def stoppable_clients(
        self, stop: Event | None, *, writes: bool = False, role: str = "", region: str | None = None
    ) -> Iterator[Client]:
        """Yield a getter of clients that try once and, in this thread and block, raise `Stopped` on `stop`."""
        outer = getattr(self._thread, "limits", NO_LIMITS)
        self._thread.limits = (stop, writes)
        try:
            yield partial(self.client, retries=False, role=role, region=region)
        finally:
            self._thread.limits = outer

    def before_send(self, event_name: str, request: Any, *, retries: bool) -> None:
        """Raise just before a request is sent if it must not be, as building and signing sixteen takes a while.

        Reads that are retried are dropped otherwise. A user agent is not signed: it may be added to.
        """
        if not retries:
            self._require_permission()
        self.silence.begin(event_name)
        if self.agent:
            request.headers["User-Agent"] = join_agents(request.headers.get("User-Agent", ""), self.agent)

    def _require_permission(self) -> None:
        stop, writes = getattr(self._thread, "limits", NO_LIMITS)
        if stop and stop.is_set():
            raise Stopped("stopped")
        if writes:
            self.before_write(WRITE_TAKES)

    def receive(self, response_dict: Response, operation_model: OperationModel) -> None:
        """Note that AWS is not silent, if the answer is its own."""
        if is_from_aws(response_dict, operation_model):
            self.silence.end()

    def give_up(self) -> bool | None:
        """Return False, for no further try, if AWS is silent for too long; else None: botocore decides."""
        return self.silence.give_up()

    def blockers(self, queries: Iterable[BlockerQuery], stop: Event | None = None) -> Blocked:
        """Return what blocks a step; an empty result if AWS does not say, or if `stop` is set."""
        with self.stoppable_clients(stop) as client:
            return find_blockers(client, queries)

    def attempt(
        self, step: Step, stop: Event | None = None, followed: FollowedServices | None = None
    ) -> Answer:
        """Try a step once, without sleeping or repeating. Its params must be resolved.

        Polls of rollouts that are `followed` together share their questions.

        A try of several calls makes no further one once `stop` is set. Raises AWS's error, `WaitFailed`,
        `RolloutFailed` or `LeaseLost` if trying again cannot help.
        """
        writes = isinstance(step, Call) and not step.reads
        role = "" if isinstance(step, Rollout) else step.role
        try:
            with self.stoppable_clients(stop, writes=writes, role=role) as client:
                if isinstance(step, Call):
                    return attempt_call(client, step)
                if isinstance(step, Wait):
                    return waits.poll(client, step)
                return rollout.poll(client, step, followed or FollowedServices())
        except Stopped as error:
            return NotYet(str(error))
        except (ClientError, BotoCoreError, ResponseParserError) as error:
            if had_no_effect(error):
                return NotYet(error)
            if lost_answer(error):
                return NotYet(error, answer_lost=writes)
            log.warning("refused", step=step.title, code=code(error), request=request_id(error))
            raise


def connect(region: str | None, endpoint: str | None = None, account: str | None = None) -> Aws:
    """Return a connection, configured as boto3 does it.

    One to an `endpoint` (the sandbox) is configured by nothing but these values. `account` is the sandbox's.
    """
    if endpoint is None:
        return Aws(_session(region, botocore.session.Session()))
    options = {"endpoint_url": endpoint, "region_name": region}
    return Aws(_session(region, deaf_session(), **keys_of(account)), options, DIRECT)


def enclosed(region: str) -> Aws:
    """Return a connection to an AWS in this process. Nothing that the user has configured leads out of it."""
    session = _session(region, deaf_session(), **ANY_KEYS)
    forbid_sending(session.events)
    return Aws(session, {}, DIRECT)


def _session(region: str | None, core: botocore.session.Session, **keys: str) -> boto3.Session:
    core.register_component("data_loader", loader())
    return boto3.Session(region_name=region, botocore_session=core, **keys)
