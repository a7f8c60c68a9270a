"""Check that a private zone answers in the VPC of the load balancer that its records lead to."""

from collections.abc import Iterator

from reconciler.aws.reads import Reads
from reconciler.model.plan import PlanWarning
from reconciler.resources import elb
from reconciler.resources.dns_record.spec import DnsRecord


def check_zones(reads: Reads) -> Iterator[PlanWarning]:
    """Yield a warning for each record that nobody in its load balancer's VPC sees. Raises `ReadFailed`.

    A load balancer that is not there yet is not looked at.
    """
    wanted = [want for want in reads.desired.of(DnsRecord).values() if want.private]
    vpcs = {b["LoadBalancerName"]: b["VpcId"] for b in elb.list_all_load_balancers(reads)} if wanted else {}
    for want in wanted:
        vpc, path = vpcs.get(want.target.name), "VPCs[].VPCId"
        seen_in = reads.assuming(want.role).ask("route53", "get_hosted_zone", path, Id=want.zone) or ()
        if vpc and vpc not in seen_in:
            why = f"the private zone {want.zone} is seen in {', '.join(seen_in)}, and not in {vpc} of the load balancer"
            yield PlanWarning(why, want.address, f"associate {vpc} with the zone if names are asked for there")
