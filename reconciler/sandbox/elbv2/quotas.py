"""The quotas of an account, which DescribeAccountLimits tells, and those of them that are enforced."""

from collections.abc import Mapping

QUOTAS: Mapping[str, int] = {  # as AWS names them, with the defaults of its quota pages
    "application-load-balancers": 50,
    "certificates-per-application-load-balancer": 25,
    "certificates-per-network-load-balancer": 25,
    "condition-values-per-alb-rule": 5,
    "condition-wildcards-per-alb-rule": 6,
    "listeners-per-application-load-balancer": 50,
    "listeners-per-network-load-balancer": 50,
    "network-load-balancers": 50,
    "rules-per-application-load-balancer": 100,
    "target-groups": 3000,
    "target-groups-per-action-on-application-load-balancer": 5,
    "target-groups-per-action-on-network-load-balancer": 5,  # 1 before they had weights; as many is an assumption
    "target-groups-per-application-load-balancer": 100,
    "targets-per-application-load-balancer": 1000,
    "targets-per-availability-zone-per-network-load-balancer": 500,
    "targets-per-network-load-balancer": 3000,
}
TARGETS_PER_GROUP = 1000
ACTIONS_PER_RULE = 5
