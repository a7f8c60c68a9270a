"""Managed policies that task roles get: IAM would refuse to attach one that is not there."""

from collections.abc import Iterator

from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found

POLICY_UNKNOWN = ("NoSuchEntity",)


def read_managed_policies(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield each managed policy that a service names, by its place; wrong is one that IAM does not know."""
    named = {
        ("services", name, "policies", number): arn
        for name, service in platform.services.items()
        for number, arn in enumerate(service.policies)
    }
    arns = sorted({*named.values()})
    found = reads.map(
        lambda arn: reads.ask("iam", "get_policy", "Policy.Arn", POLICY_UNKNOWN, PolicyArn=arn), arns
    )
    known = {arn for arn, answer in zip(arns, found, strict=True) if answer}
    for where, arn in named.items():
        if arn in known:
            yield Found(where, {"id": arn, "arn": arn})
        else:
            yield platform.mistake(where, f"there is no managed policy {arn}")
