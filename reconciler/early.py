"""Ask ahead of time what a plan asks in any case, while the facts that its specs depend on are read.

The answers are there when the types are read, as each question is asked once (`aws.read_requests.Answers`).
"""

from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint import blueprint, facts
from reconciler.resources import KINDS

SERVICES_READ = (  # their clients are made in this order: those of the facts, then of the longest chains of reads
    *("sts", "ec2", "ecs", "elbv2", "iam", "ecr", "servicediscovery", "logs", "cloudwatch"),
    *("application-autoscaling", "resourcegroupstaggingapi"),
)


def ask_early(reads: Reads, platform: Platform, *, all_kinds: bool) -> None:
    """Begin to ask what the reads of all types ask first, or of those only that the platform has.

    A service is asked as soon as its client is made. What fails is told where the answer is wanted.
    """
    early = reads.for_specs(blueprint(platform, facts.assume_facts(platform, reads.aws.partition)))
    kinds = [kind for name, kind in KINDS.items() if all_kinds or name in early.desired.by_kind]
    for service in SERVICES_READ:
        reads.aws.client(service)
        for kind in kinds:
            if ask := kind.early.get(service):
                reads.meanwhile(ask, early)
