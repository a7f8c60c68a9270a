"""What the refused calls of ELBv2 and ACM need to be there first."""

from collections.abc import Mapping
from typing import Any

from issued import issue_certificate, request_certificate
from makers import NOT_FOUND, client_of, forward, make_alb, make_group, make_listener, make_network, make_rule

Params = Mapping[str, Any]
ACCOUNT = "us-east-1:123456789012"
LB = f"arn:aws:elasticloadbalancing:{ACCOUNT}:loadbalancer/app/absent/0123456789abcdef"
GROUP = f"arn:aws:elasticloadbalancing:{ACCOUNT}:targetgroup/absent/0123456789abcdef"
LISTENER = f"{LB.replace(':loadbalancer/', ':listener/')}/0123456789abcdef"
RULE = f"{LISTENER.replace(':listener/', ':listener-rule/')}/0123456789abcdef"
CERTIFICATE = f"arn:aws:acm:{ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef"
STORE = f"arn:aws:elasticloadbalancing:{ACCOUNT}:truststore/absent/0123456789abcdef"
TAG = [{"Key": "k", "Value": "v"}]
TWICE = [*TAG, *TAG]
MANY = [{"Key": f"k{n}", "Value": "v"} for n in range(51)]
CONDITIONS = [{"Field": "path-pattern", "Values": ["/a"]}]


def absent(**params: Any) -> Any:
    """Return what makes the parameters of a call that names what is not there."""
    return lambda: params


class Stage:
    """A load balancer in a network, made with boto3 and nothing else."""

    def __init__(self) -> None:
        self.elb = client_of("elbv2")
        self.network = make_network(client_of("ec2"), "10.0")
        self.alb = make_alb(self.elb, self.network)

    def group(self, name: str = "web", **fields: Any) -> str:
        return make_group(self.elb, self.network, name, **fields)

    def listener(self, actions: Any = NOT_FOUND, port: int = 80) -> str:
        return make_listener(self.elb, self.alb, actions, port)

    def rule(self, priority: int = 1) -> str:
        return make_rule(self.elb, self.listener(), NOT_FOUND, priority)

    def default_rule(self) -> str:
        rules = self.elb.describe_rules(ListenerArn=self.listener())["Rules"]
        return str(rules[-1]["RuleArn"])

    def secure(self, certificate: str | None = None) -> str:
        made = self.elb.create_listener(
            LoadBalancerArn=self.alb,
            Protocol="HTTPS",
            Port=443,
            DefaultActions=NOT_FOUND,
            Certificates=[{"CertificateArn": certificate or issued()}],
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def taken_group(self) -> str:
        """Return a target group that another load balancer forwards to."""
        group = self.group("taken")
        make_listener(self.elb, make_alb(self.elb, self.network, "other"), forward(group))
        return group

    def new_balancer(self, **fields: Any) -> Params:
        return {"Name": "new", "Subnets": self.network.subnets, **fields}

    def new_group(self, **fields: Any) -> Params:
        return {"Name": "new", "Protocol": "HTTP", "Port": 80, "VpcId": self.network.vpc, **fields}

    def new_listener(self, **fields: Any) -> Params:
        plain = {"LoadBalancerArn": self.alb, "Protocol": "HTTP", "Port": 81, "DefaultActions": NOT_FOUND}
        return {**plain, **fields}

    def new_secure(self, **fields: Any) -> Params:
        certificates = [{"CertificateArn": issued()}]
        return self.new_listener(**{"Protocol": "HTTPS", "Certificates": certificates, **fields})

    def new_rule(self, **fields: Any) -> Params:
        rule = {"Priority": 2, "Conditions": CONDITIONS, "Actions": NOT_FOUND}
        return {"ListenerArn": self.listener(), **rule, **fields}


def issued(domain: str = "shop.example") -> str:
    return issue_certificate(client_of("acm"), client_of("route53"), domain)


def pending() -> str:
    return request_certificate(client_of("acm"), "pending.example")


def redirect(**config: str) -> list[Any]:
    return [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}]


def certificates(*arns: str) -> list[Any]:
    return [{"CertificateArn": arn} for arn in arns]


def attribute(key: str, value: str) -> list[Any]:
    return [{"Key": key, "Value": value}]
