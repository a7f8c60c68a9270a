"""What options of load balancers need is in a policy if the file has them, and only then."""

import pytest
from uses import why_not

from desired_state import DEFAULT_FILE, Platform, load
from desired_state.balancer_logs import BalancerLogs
from desired_state.load_balancer import Listener
from reconciler.policy import Use

ELB = "elasticloadbalancing"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a"
STORE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/shop/0a"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/0a"
LISTENER, BALANCER = "listener/app/alb-dev/0a/0b", "loadbalancer/app/alb-dev/0a"
READS = [
    ("s3:GetBucketPolicy", "arn:aws:s3:::shop-logs"),
    ("s3:GetBucketLocation", "arn:aws:s3:::shop-logs"),
    (f"{ELB}:DescribeTrustStores", "*"),
    ("wafv2:GetWebACL", WEB_ACL),
    ("wafv2:GetWebACLForResource", f"arn:aws:{ELB}:us-east-1:123456789012:{BALANCER}"),
]
WRITES = [
    (f"{ELB}:AddListenerCertificates", LISTENER),
    (f"{ELB}:RemoveListenerCertificates", LISTENER),
    (f"{ELB}:SetWebACL", BALANCER),
    ("wafv2:AssociateWebACL", WEB_ACL),
    ("wafv2:DisassociateWebACL", f"arn:aws:{ELB}:us-east-1:123456789012:{BALANCER}"),
]


def default() -> Platform:
    return load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")


def with_options() -> Platform:
    platform = default()
    secure = Listener(port=443, certificate=CERTIFICATE, certificates=(f"{CERTIFICATE}b",), trust_store=STORE)
    options = {"access_logs": BalancerLogs(bucket="shop-logs"), "waf": WEB_ACL, "listeners": {"https": secure}}
    assert platform.load_balancer is not None
    return platform.model_copy(update={"load_balancer": platform.load_balancer.model_copy(update=options)})


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize(("action", "end"), [*READS, *WRITES])
def test_an_option_of_the_file_is_allowed_where_it_is_used(use: Use, action: str, end: str):
    allowed = not why_not(with_options(), use, action, end)
    assert allowed is (use.writes or (action, end) in READS)
    assert why_not(default(), use, action, end)


@pytest.mark.parametrize(
    ("action", "end"),
    [
        ("s3:GetBucketPolicy", "arn:aws:s3:::others"),
        ("s3:GetObject", "arn:aws:s3:::shop-logs"),
        (f"{ELB}:AddListenerCertificates", "listener/app/others/0a/0b"),
        (f"{ELB}:SetWebACL", "loadbalancer/app/others/0a"),
    ],
)
def test_what_is_others_is_not(action: str, end: str):
    assert why_not(with_options(), Use.APPLY, action, end)
