"""The actions that change ways out of a VPC: addresses, gateways, endpoints, flow logs; as in `writes`."""

from reconciler.rights.row import NOT_GIVEN_AWAY, OURS, UNCLAIMED, Row, made_by

_MADE = "egress-only-internet-gateway/* elastic-ip/* natgateway/* vpc-endpoint/* vpc-flow-log/*"
_CALLS = "AllocateAddress CreateEgressOnlyInternetGateway CreateFlowLogs CreateNatGateway CreateVpcEndpoint"
_USED = "elastic-ip/* route-table/* security-group/* subnet/* vpc/*"  # what these are made in, or of

WAY_OUT_ROWS = (
    Row("WaysNew", "ec2", _MADE, writes=_CALLS, conditions=UNCLAIMED),
    Row(
        "WaysNewIn",
        "ec2",
        _USED,
        writes="CreateEgressOnlyInternetGateway CreateFlowLogs CreateNatGateway CreateVpcEndpoint",
        conditions=OURS,
    ),
    Row("WaysNewTags", "ec2", _MADE, writes="CreateTags", conditions=made_by("ec2", _CALLS)),
    Row("WaysTags", "ec2", _MADE, writes="CreateTags", conditions=(*OURS, *NOT_GIVEN_AWAY)),
    Row(
        "Ways",
        "ec2",
        f"{_MADE} route-table/* security-group/* subnet/*",
        writes="ModifyVpcEndpoint",
        deletes="DeleteEgressOnlyInternetGateway DeleteFlowLogs DeleteNatGateway DeleteVpcEndpoints ReleaseAddress",
        conditions=OURS,
    ),
    Row(
        "AnyZoneOfAnEndpoint",
        "route53",
        "*",
        writes="AssociateVPCWithHostedZone",
        reason="EC2 asks for it where an endpoint gets the private name of its service; the zone is AWS's own",
    ),
)
