"""What each use of a platform asks AWS for, recorded once, and the policies that it is given."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from crash import platforms
from crash.cloud import cloud, run
from support import client

from desired_state import Platform
from desired_state.drift import DriftCorrection
from reconciler.blueprint.facts import Facts, assume_facts
from reconciler.model.tags import STACK
from reconciler.policy import Use, policies
from reconciler.policy.documents import Document
from reconciler.sandbox import CALM
from reconciler.sandbox.authorization.calls import recording
from reconciler.sandbox.authorization.decisions import (
    Decision,
    Policies,
    Request,
    Target,
    evaluate,
    find_refused,
)

ACCOUNT = "123456789012"
READS = ("Describe", "Get", "List")
TAGS = [f"aws:{kind}tag/{STACK}" for kind in ("resource", "request")]
ANOTHER = ("another/dev/us-east-1",)
Recorded = Mapping[Use, Sequence[tuple[Platform, Sequence[Request]]]]


def facts_of(platform: Platform) -> Facts:
    return replace(assume_facts(platform, "aws"), account=ACCOUNT, region="us-east-1")


def documents_of(platform: Platform, use: Use) -> tuple[Document, ...]:
    return tuple(policies(platform, facts_of(platform), use).documents)


def granted(documents: Sequence[Document]) -> Policies:
    return Policies(tuple(json.dumps(document) for document in documents))


def refused(platform: Platform, use: Use, requests: Sequence[Request]) -> list[Decision]:
    """Return what the policies of this use refuse of the requests."""
    return [*find_refused(granted(documents_of(platform, use)), requests)]


def why_not(platform: Platform, use: Use, action: str, end: str) -> str:
    """Return why the policies of a use refuse an action on something of the stack; empty if they allow it."""
    service = action.partition(":")[0]
    region = "" if service == "iam" else "us-east-1"
    arn = end if end.startswith("arn:") else f"arn:aws:{service}:{region}:{ACCOUNT}:{end}"
    keys = {f"aws:{kind}tag/{STACK}": (platform.stack,) for kind in ("resource", "request")}
    return evaluate(granted(documents_of(platform, use)), Request(action, (Target(arn, keys),), keys)).why


def with_the_job(platform: Platform) -> Platform:
    """Return the platform with the job that corrects drift, woken by events."""
    return platform.model_copy(update={"drift_correction": DriftCorrection(events=True)})


@cache
def recorded() -> Recorded:
    """Record an apply, a change and a replacement, plans of them, corrections by apply, and a destroy."""
    found: dict[Use, list[tuple[Platform, Sequence[Request]]]] = {use: [] for use in Use}
    with TemporaryDirectory() as folder, cloud(CALM) as clock:
        default, changed = platforms.default(), platforms.changed(Path(folder))

        def note(use: Use, platform: Platform, *, destroy: bool = False) -> None:
            with recording() as requests:
                run(platform, clock, destroy=destroy)
            found[use].append((platform, requests))

        note(Use.APPLY, default)
        note(Use.APPLY, changed)
        clock.advance(600)
        note(Use.PLAN, changed)  # nothing differs
        found[Use.PLAN] = [(changed, [r for r in found[Use.PLAN][0][1] if r.action not in LEASE_WRITES])]
        damage(changed)
        note(Use.CORRECT, changed)
        note(Use.DESTROY, changed, destroy=True)
        found[Use.DRIFT] = found[Use.PLAN]
    return found


LEASE_WRITES = ("dynamodb:UpdateItem",)  # `run` holds the lease also where nothing is to be done


def damage(platform: Platform) -> None:
    """Change by hand what a correction repairs in place."""
    names, ec2 = platform.names, client("ec2")
    group = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [names.task_group + "*"]}])
    opened = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group["SecurityGroups"][0]["GroupId"], IpPermissions=[opened])
    role = names.task_role("api-gateway")
    client("iam").attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonECS_FullAccess")
    client("iam").delete_role_permissions_boundary(RoleName=role)
    client("logs").delete_log_group(logGroupName=names.log_group("payments"))
    client("logs").put_retention_policy(logGroupName=names.log_group("api-gateway"), retentionInDays=1)
    client("ecs").update_cluster(
        cluster=names.cluster, settings=[{"name": "containerInsights", "value": "enabled"}]
    )


def of_another(request: Request, tag: str) -> Request | None:
    """Return the request as if this tag of what it is for, or of what it makes, were another stack's.

    None: it has no such tag.
    """
    targets = tuple(
        Target(t.arn, {**t.keys, tag: ANOTHER} if tag in t.keys else t.keys) for t in request.targets
    )
    keys = {**request.keys, tag: ANOTHER} if tag in request.keys else request.keys
    found = replace(request, targets=targets, keys=keys)
    return found if found != request else None
