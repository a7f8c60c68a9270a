"""The web ACL of WAF before a load balancer: at most one, which another replaces without a word."""

from collections.abc import Iterator

from reconciler.aws.reads import Reads
from reconciler.model.plan import Conflict
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Step
from reconciler.resources.load_balancer.spec import LoadBalancer

NONE_THERE = ("WAFNonexistentItemException",)
# While either is new (terraform-provider-aws#29080, #17527, aws-load-balancer-controller#2022).
NOT_YET = ("WAFUnavailableEntityException",)
PATIENCE = 600  # seconds; five minutes were too few in one report


def read_web_acl(reads: Reads, name: str, arn: str) -> str | None:
    """Return the ARN of a load balancer's web ACL, empty if it has none.

    None, without a question, if the file leaves it open: AWS's Firewall Manager may set it.
    """
    want = reads.desired.of(LoadBalancer).get(name)
    if want is None or want.web_acl is None:
        return None
    return reads.ask("wafv2", "get_web_acl_for_resource", "WebACL.ARN", NONE_THERE, ResourceArn=arn) or ""


def set_web_acl(want: LoadBalancer, live: Live[LoadBalancer] | None) -> Iterator[Step]:
    """Yield the call that gives the load balancer its web ACL, or takes it away, if it differs."""
    has = (live.spec.web_acl or "") if live else ""
    if want.web_acl is None or want.web_acl == has:
        return
    is_new = not live or live.spec.provisioning
    if want.web_acl:
        params = {"WebACLArn": want.web_acl, "ResourceArn": want.ref()}
        not_yet = (*NOT_YET, *(NONE_THERE if is_new else ()))
        yield Call("wafv2", "associate_web_acl", params, retry=not_yet, patience=PATIENCE, settling=not live)
        return
    params = {"ResourceArn": want.ref()}
    yield Call("wafv2", "disassociate_web_acl", params, ignore=NONE_THERE, retry=NOT_YET, patience=PATIENCE)


def check_web_acls(reads: Reads) -> Iterator[Conflict]:
    """Yield each web ACL of desired load balancers that is not there. Raises `ReadFailed`."""
    for want in reads.desired.of(LoadBalancer).values():
        if not want.web_acl:
            continue
        _, _, name, own_id = want.web_acl.split(":", 5)[5].split("/")
        if not reads.ask(
            "wafv2", "get_web_acl", "WebACL.ARN", NONE_THERE, Name=name, Id=own_id, Scope="REGIONAL"
        ):
            why = f"its web ACL {want.web_acl} does not exist"
            remedy = "check its ARN; aws wafv2 list-web-acls --scope REGIONAL shows those of a region"
            yield Conflict(want.address, why, remedy)
