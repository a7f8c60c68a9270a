"""What options of load balancers and their listeners need: of these, only what the file has."""

from collections.abc import Iterator

from desired_state.platform import Platform
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.row import OURS
from reconciler.rights.use import Use

READ_BUCKET = ("s3:GetBucketLocation", "s3:GetBucketPolicy")
CERTIFICATES = (
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:RemoveListenerCertificates",
)
READ_TRUST_STORES = "elasticloadbalancing:DescribeTrustStores"
READ_WEB_ACL = ("wafv2:GetWebACL", "wafv2:GetWebACLForResource")
SET_WEB_ACL = ("wafv2:AssociateWebACL", "wafv2:DisassociateWebACL")
ON_BALANCER = "elasticloadbalancing:SetWebACL"


def edge_grants(platform: Platform, use: Use, place: Place) -> Iterator[Grant]:
    """Yield the rights on the buckets of logs, the lists of certificates and the web ACLs of the file."""
    balancers = [one for one in platform.balancers.values() if not one.existing]
    if buckets := {logs.bucket for one in balancers for logs in one.logs if logs.bucket}:
        arns = (f"arn:{{partition}}:s3:::{bucket}" for bucket in sorted(buckets))
        yield grant(place, "LogBuckets", READ_BUCKET, map(place.fill, arns))
    lists = [
        one for balancer in balancers for one in balancer.listeners.values() if one.certificates is not None
    ]
    if lists and use.writes:
        listeners = place.arn("elasticloadbalancing", "listener/{balancer}/*")
        yield grant(place, "CertificateLists", CERTIFICATES, (listeners,), OURS)
    if any(one.trust_store for one in platform.doors.values()):
        reason = "AWS takes no resource for DescribeTrustStores"
        yield grant(place, "AnyTrustStores", (READ_TRUST_STORES,), ("*",), reason=reason)
    if any(one.waf for one in balancers):
        yield from _web_acl_grants(use, place)


def _web_acl_grants(use: Use, place: Place) -> Iterator[Grant]:
    """Yield the rights on web ACLs, which have no tags of ours: any may be before the load balancer now.

    Each call needs the web ACL and the load balancer (WAF developer guide, "Permissions for AssociateWebACL").
    """
    balancers = place.arn("elasticloadbalancing", "loadbalancer/{balancer}/*")
    resources = (place.arn("wafv2", "regional/webacl/*/*"), balancers)
    yield grant(place, "WebAclReads", READ_WEB_ACL, resources)
    if use.writes:
        yield grant(place, "WebAcls", SET_WEB_ACL, resources)
        yield grant(place, "WebAclOfBalancer", (ON_BALANCER,), (balancers,), OURS)
