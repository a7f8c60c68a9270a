"""Check the buckets of logs, which a person makes, before anything is made for them."""

from collections.abc import Iterable, Iterator, Mapping

from reconciler.aws.reads import Reads
from reconciler.aws.refusals import ask_or_refusal
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.resources import elb
from reconciler.resources.elb_attributes import describe_attributes
from reconciler.resources.load_balancer.bucket_policy import lets_write, needed_statement
from reconciler.resources.load_balancer.spec import LOGS, LoadBalancer

NOT_TOLD = ("AccessDenied", "MethodNotAllowed", "AllAccessDisabled")  # also of another account's bucket
NO_BUCKET = ("NoSuchBucket",)
NO_POLICY = ("NoSuchBucketPolicy",)
OF_LOCATION: Mapping[str | None, str] = {None: "us-east-1", "EU": "eu-west-1"}  # S3 API reference

Problem = tuple[str, str]  # why, and the remedy


def check_log_buckets(reads: Reads) -> Iterator[Conflict | PlanWarning]:
    """Yield what keeps load balancers from writing the logs that the file asks for. Raises `ReadFailed`.

    AWS tries a bucket when logs are turned on. Those that are on go on in silence: that is a warning.
    """
    for want in reads.desired.of(LoadBalancer).values():
        logs = {kind: _find_bucket(kind, want.attributes) for kind in LOGS}
        live = _read_live(reads, want) if any(logs.values()) else {}
        for bucket in sorted({found for found in logs.values() if found}):
            kinds = [kind for kind, found in logs.items() if found == bucket]
            is_on = all(_find_bucket(kind, live) == bucket for kind in kinds)
            yield from _check(reads, want, bucket, is_on=is_on)


def _find_bucket(kind: str, attributes: Mapping[str, str]) -> tuple[str, str] | None:
    """Return bucket and prefix of one kind of logs; None if it is not asked for."""
    if attributes.get(f"{kind}.s3.enabled") != "true":
        return None
    return attributes[f"{kind}.s3.bucket"], attributes.get(f"{kind}.s3.prefix", "")


def _read_live(reads: Reads, want: LoadBalancer) -> Mapping[str, str]:
    arns = [b["LoadBalancerArn"] for b in elb.list_load_balancers(reads) if b["LoadBalancerName"] == want.name]
    return describe_attributes(reads, "load_balancer", arns[0]) if arns else {}


def _check(
    reads: Reads, want: LoadBalancer, place: tuple[str, str], *, is_on: bool
) -> Iterator[Conflict | PlanWarning]:
    bucket, prefix = place
    policy, refused = ask_or_refusal(
        reads, "s3", "get_bucket_policy", "Policy", (*NO_POLICY, *NO_BUCKET, *NOT_TOLD), Bucket=bucket
    )
    if refused in NOT_TOLD:
        why = f"whether it may write its logs into the bucket {bucket} cannot be checked: {refused}"
        remedy = f"let its owner look at the bucket's policy; needed is {needed_statement(_arn(reads, *place))}"
        yield PlanWarning(why, want.address, remedy)
        return
    if problem := _find_problem(reads, bucket, prefix, policy, is_there=refused not in NO_BUCKET):
        why, remedy = problem
        yield PlanWarning(why, want.address, remedy) if is_on else Conflict(want.address, why, remedy)


def _find_problem(
    reads: Reads, bucket: str, prefix: str, policy: str | None, *, is_there: bool
) -> Problem | None:
    if not is_there:
        return f"the bucket of its logs, {bucket}, does not exist", "make it, or name another"
    location, refused = ask_or_refusal(
        reads, "s3", "get_bucket_location", "LocationConstraint", (*NO_BUCKET, *NOT_TOLD), Bucket=bucket
    )
    region = OF_LOCATION.get(location, location)
    if not refused and region != reads.aws.region:
        why = f"the bucket of its logs, {bucket}, is in {region}, and the load balancer in {reads.aws.region}"
        return why, f"name a bucket of {reads.aws.region}"
    arn = _arn(reads, bucket, prefix)
    if lets_write(policy, arn, reads.aws.region):
        return None
    why = f"the policy of the bucket {bucket} does not let it write its logs"
    return why, f"add this statement to the bucket's policy: {needed_statement(arn)}"


def _arn(reads: Reads, bucket: str, prefix: str) -> str:
    """Return the ARN under which the logs of this account are."""
    account = reads.ask("sts", "get_caller_identity", "Account")
    parts: Iterable[str] = (bucket, prefix, "AWSLogs", account)
    return f"arn:{reads.aws.partition}:s3:::{'/'.join(filter(None, parts))}"
