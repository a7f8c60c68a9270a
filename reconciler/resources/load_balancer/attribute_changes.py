"""The attributes of a load balancer that have to be set, in AWS's form."""

from reconciler.aws.parallel import batches
from reconciler.model.spec import Live
from reconciler.model.steps import ErrorMatch
from reconciler.resources.elb_attributes import diff_attributes
from reconciler.resources.load_balancer.spec import DROP_INVALID_HEADERS, LoadBalancer, default_attributes

PER_CALL = 20  # ELBv2 API reference, ModifyLoadBalancerAttributes
# Of a bucket of logs that was made a moment ago (cn-terraform/terraform-aws-ecs-fargate#49).
BUCKET_NOT_YET = ErrorMatch("InvalidConfigurationRequest", "validation transient issue", patience=120)


def find_attributes(want: LoadBalancer, live: Live[LoadBalancer] | None) -> list[list[dict[str, str]]]:
    """Return the attributes to set, for each call."""
    desired, has = {**want.attributes}, {**(live.spec.attributes if live else default_attributes(want.type))}
    if live and live.spec.drops_invalid_headers is not None:
        has[DROP_INVALID_HEADERS] = str(live.spec.drops_invalid_headers).lower()
    if want.drops_invalid_headers and DROP_INVALID_HEADERS in has:
        desired[DROP_INVALID_HEADERS] = "true"
    return batches(diff_attributes(desired, has), PER_CALL)
