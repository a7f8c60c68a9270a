"""A network of others, which a platform is made in."""

from support import client

Ids = tuple[str, list[str], list[str]]  # of the VPC, of its public subnets and of its private ones


def make_network(*, way_out: bool = True) -> Ids:
    """Make a VPC with two public and two private subnets; these have a NAT gateway, if they have a way out.

    The tag `Tier` tells the subnets' tier, and `Owner` that all of it is others'.
    """
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=_tags("vpc"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    placed = [(number, zone, "public" if number < 2 else "private") for number, zone in enumerate("abab")]
    subnets = [_make_subnet(vpc, number, zone, tier) for number, zone, tier in placed]
    routes = [{"GatewayId": gateway}]
    if way_out:
        allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=allocation)["NatGateway"]["NatGatewayId"]
        routes.append({"NatGatewayId": nat})
    for target, tier in zip(routes, (subnets[:2], subnets[2:]), strict=False):
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
        for subnet in tier:
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return vpc, subnets[:2], subnets[2:]


def find_table(vpc: str, subnet: str) -> str:
    """Return the id of a subnet's route table: its own one, or else the VPC's main one."""
    in_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    tables = client("ec2").describe_route_tables(Filters=in_vpc)["RouteTables"]
    held = [t["RouteTableId"] for t in tables if any(a.get("SubnetId") == subnet for a in t["Associations"])]
    main = [t["RouteTableId"] for t in tables if any(a.get("Main") for a in t["Associations"])]
    return str((held or main)[0])


def _make_subnet(vpc: str, number: int, zone: str, tier: str) -> str:
    made = client("ec2").create_subnet(
        VpcId=vpc,
        CidrBlock=f"10.9.{number}.0/24",
        AvailabilityZone=f"us-east-1{zone}",
        TagSpecifications=_tags("subnet", Tier=tier),
    )
    return str(made["Subnet"]["SubnetId"])


def _tags(resource: str, **more: str) -> list[dict[str, object]]:
    tags = {"Owner": "others", **more}
    return [{"ResourceType": resource, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}]
