"""ARNs of what is put before a load balancer; `none`, which is what null gives, says that there is none."""

from typing import Annotated

from desired_state.part import Pattern

TrustStore = Annotated[
    str,
    Pattern(
        r"none|arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:truststore/\S+",
        "the ARN of a trust store, arn:aws:elasticloadbalancing:REGION:ACCOUNT:truststore/NAME/ID, or none",
    ),
]
WebAcl = Annotated[
    str,
    Pattern(
        r"none|arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/[^/\s]+/[^/\s]+",
        "the ARN of a regional web ACL, arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID, or none",
    ),
]
