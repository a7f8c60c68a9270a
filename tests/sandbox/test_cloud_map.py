import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

from reconciler.sandbox import REAL, install

A_30 = {"DnsRecords": [{"Type": "A", "TTL": 30}]}


@pytest.fixture
def cloud_map(aws) -> Any:
    return client_of("servicediscovery")


@pytest.fixture
def vpc(aws) -> str:
    return make_vpc()


def make_vpc(*, hostnames: bool = True) -> str:
    vpc = client_of("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client_of("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": hostnames})
    return vpc


def start(cloud_map: Any, vpc: str, name: str = "services.local", creator: str = "one") -> str:
    return cloud_map.create_private_dns_namespace(Name=name, Vpc=vpc, CreatorRequestId=creator)["OperationId"]


def operation(cloud_map: Any, operation_id: str) -> dict[str, Any]:
    return cloud_map.get_operation(OperationId=operation_id)["Operation"]


def make(cloud_map: Any, vpc: str, name: str = "services.local", creator: str = "one") -> str:
    return operation(cloud_map, start(cloud_map, vpc, name, creator))["Targets"]["NAMESPACE"]


def make_service(cloud_map: Any, namespace: str, name: str = "api", **more: Any) -> dict[str, Any]:
    custom = {"HealthCheckCustomConfig": {"FailureThreshold": 5}}
    return cloud_map.create_service(Name=name, NamespaceId=namespace, DnsConfig=A_30, **{**custom, **more})[
        "Service"
    ]


def names(cloud_map: Any, **filters: list[str]) -> list[str]:
    asked = [{"Name": name, "Values": values} for name, values in filters.items()]
    return [n["Name"] for n in cloud_map.list_namespaces(Filters=asked)["Namespaces"]]


def test_an_operation_takes_its_time_and_the_namespace_appears_with_its_end(cloud_map, vpc, clock):
    install(REAL, clock=clock)
    started = start(cloud_map, vpc)
    seen = []
    for seconds in (0, REAL.namespace_operation / 3, REAL.namespace_operation * 2 / 3):
        clock.advance(seconds)
        seen.append((operation(cloud_map, started)["Status"], names(cloud_map)))
    assert seen == [("SUBMITTED", []), ("PENDING", []), ("SUCCESS", ["services.local"])]


def test_a_namespace_reads_back_with_its_zone_and_http_name(cloud_map, vpc):
    properties = cloud_map.get_namespace(Id=make(cloud_map, vpc))["Namespace"]["Properties"]
    assert properties["HttpProperties"]["HttpName"] == "services.local"
    zone = client_of("route53").get_hosted_zone(Id=properties["DnsProperties"]["HostedZoneId"])
    assert (zone["HostedZone"]["Name"], zone["VPCs"][0]["VPCId"]) == ("services.local.", vpc)


def test_a_name_is_taken_in_its_vpc_only(cloud_map, vpc):
    namespace = make(cloud_map, vpc)
    with pytest.raises(ClientError) as refused:
        start(cloud_map, vpc, creator="two")
    assert code_of(refused) == "NamespaceAlreadyExists"
    assert refused.value.response["NamespaceId"] == namespace
    assert refused.value.response["CreatorRequestId"] == "one"
    assert make(cloud_map, make_vpc(), creator="three") != namespace


def test_a_vpc_can_have_two_namespaces(cloud_map, vpc):
    make(cloud_map, vpc, "one.local", "one")
    make(cloud_map, vpc, "two.local", "two")
    assert sorted(names(cloud_map)) == ["one.local", "two.local"]


def test_a_repeated_request_is_told_the_running_operation(cloud_map, vpc, clock):
    install(REAL, clock=clock)
    first = start(cloud_map, vpc)
    with pytest.raises(ClientError) as refused:
        start(cloud_map, vpc)
    assert code_of(refused) == "DuplicateRequest"
    assert refused.value.response["DuplicateOperationId"] == first


def test_a_zone_of_the_same_name_makes_the_operation_fail(cloud_map, vpc):
    zone = {"HostedZoneConfig": {"PrivateZone": True}, "VPC": {"VPCRegion": "us-east-1", "VPCId": vpc}}
    client_of("route53").create_hosted_zone(Name="services.local", CallerReference="x", **zone)
    failed = operation(cloud_map, start(cloud_map, vpc))
    assert (failed["Status"], failed["ErrorCode"]) == ("FAIL", "CANNOT_CREATE_HOSTED_ZONE")
    assert names(cloud_map) == []


def test_private_dns_is_there_also_for_a_vpc_without_dns_hostnames(cloud_map):
    made = operation(cloud_map, start(cloud_map, make_vpc(hostnames=False)))
    assert made["Status"] == "SUCCESS"


def test_a_second_zone_of_a_name_in_a_vpc_conflicts(cloud_map, vpc):
    make(cloud_map, vpc)
    zone = {"HostedZoneConfig": {"PrivateZone": True}, "VPC": {"VPCRegion": "us-east-1", "VPCId": vpc}}
    with pytest.raises(ClientError) as refused:
        client_of("route53").create_hosted_zone(Name="services.local", CallerReference="x", **zone)
    assert code_of(refused) == "ConflictingDomainExists"
    (zone,) = client_of("route53").list_hosted_zones()["HostedZones"]
    with pytest.raises(ClientError) as refused:
        client_of("route53").delete_hosted_zone(Id=zone["Id"])
    assert code_of(refused) == "AccessDenied"


def test_the_soa_record_lives_for_15_seconds_in_a_private_zone_and_60_in_a_public_one(cloud_map, vpc):
    make(cloud_map, vpc)
    cloud_map.create_public_dns_namespace(Name="example.com")
    cloud_map.create_http_namespace(Name="http")
    told = {n["Type"]: n["Properties"]["DnsProperties"] for n in cloud_map.list_namespaces()["Namespaces"]}
    assert (told["DNS_PRIVATE"]["SOA"], told["DNS_PUBLIC"]["SOA"]) == ({"TTL": 15}, {"TTL": 60})
    assert "HostedZoneId" not in told["HTTP"]


def test_a_service_is_named_by_its_arn_too(cloud_map, vpc):
    service = make_service(cloud_map, make(cloud_map, vpc))
    assert cloud_map.get_service(Id=service["Arn"])["Service"]["Id"] == service["Id"]


def test_an_instance_is_replaced_by_a_second_registration(cloud_map, vpc):
    service = make_service(cloud_map, make(cloud_map, vpc))["Id"]
    for address in ("10.0.0.1", "10.0.0.2"):
        cloud_map.register_instance(
            ServiceId=service, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": address}
        )
    (instance,) = cloud_map.list_instances(ServiceId=service)["Instances"]
    assert instance["Attributes"] == {"AWS_INSTANCE_IPV4": "10.0.0.2"}
    cloud_map.update_instance_custom_health_status(ServiceId=service, InstanceId="i", Status="UNHEALTHY")
    assert cloud_map.get_instances_health_status(ServiceId=service)["Status"] == {"i": "UNHEALTHY"}


def test_namespaces_are_found_by_name_and_type(cloud_map, vpc):
    make(cloud_map, vpc, "one.local", "one")
    make(cloud_map, vpc, "two.local", "two")
    assert names(cloud_map, NAME=["two.local"]) == ["two.local"]
    assert names(cloud_map, HTTP_NAME=["one.local"]) == ["one.local"]
    assert names(cloud_map, TYPE=["HTTP"]) == []


def test_services_are_found_by_namespace(cloud_map, vpc):
    one, two = make(cloud_map, vpc, "one.local", "one"), make(cloud_map, vpc, "two.local", "two")
    make_service(cloud_map, one, "api")
    make_service(cloud_map, two, "web")
    found = cloud_map.list_services(Filters=[{"Name": "NAMESPACE_ID", "Values": [two]}])["Services"]
    assert [s["Name"] for s in found] == ["web"]


def test_lists_come_by_a_hundred(cloud_map, vpc):
    namespace = make(cloud_map, vpc)
    for number in range(101):
        make_service(cloud_map, namespace, f"s{number}")
    first = cloud_map.list_services()
    rest = cloud_map.list_services(NextToken=first["NextToken"])
    assert (len(first["Services"]), len(rest["Services"])) == (100, 1)
    assert "NextToken" not in rest


def test_a_service_reads_back_with_defaults(cloud_map, vpc):
    service = make_service(cloud_map, make(cloud_map, vpc))
    assert service["HealthCheckCustomConfig"] == {"FailureThreshold": 1}
    assert (service["Type"], service["DnsConfig"]["NamespaceId"]) == ("DNS_HTTP", service["NamespaceId"])
    assert service["DnsConfig"]["RoutingPolicy"] == "MULTIVALUE"
    assert service["Type"] == "DNS_HTTP"


def test_a_service_name_is_taken_without_case(cloud_map, vpc):
    namespace = make(cloud_map, vpc)
    service = make_service(cloud_map, namespace, "api")
    with pytest.raises(ClientError) as refused:
        make_service(cloud_map, namespace, "API")
    assert code_of(refused) == "ServiceAlreadyExists"
    assert refused.value.response["ServiceId"] == service["Id"]


def test_a_service_needs_its_namespace(cloud_map):
    with pytest.raises(ClientError) as refused:
        make_service(cloud_map, "ns-0123456789abcdef")
    assert code_of(refused) == "NamespaceNotFound"


def test_a_service_with_instances_is_not_deleted(cloud_map, vpc):
    service = make_service(cloud_map, make(cloud_map, vpc))["Id"]
    cloud_map.register_instance(ServiceId=service, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"})
    with pytest.raises(ClientError) as refused:
        cloud_map.delete_service(Id=service)
    assert code_of(refused) == "ResourceInUse"
    cloud_map.deregister_instance(ServiceId=service, InstanceId="i")
    cloud_map.delete_service(Id=service)
    with pytest.raises(ClientError, match="ServiceNotFound"):
        cloud_map.delete_service(Id=service)


def test_a_namespace_with_services_is_not_deleted(cloud_map, vpc):
    namespace = make(cloud_map, vpc)
    make_service(cloud_map, namespace)
    with pytest.raises(ClientError) as refused:
        cloud_map.delete_namespace(Id=namespace)
    assert code_of(refused) == "ResourceInUse"


def test_a_name_is_free_when_its_deletion_has_ended(cloud_map, vpc, clock):
    namespace = make(cloud_map, vpc)
    install(REAL, clock=clock)
    deletion = cloud_map.delete_namespace(Id=namespace)["OperationId"]
    with pytest.raises(ClientError) as refused:
        cloud_map.delete_namespace(Id=namespace)
    assert refused.value.response["DuplicateOperationId"] == deletion
    with pytest.raises(ClientError, match="NamespaceAlreadyExists"):
        start(cloud_map, vpc, creator="two")
    clock.advance(REAL.namespace_operation)
    start(cloud_map, vpc, creator="two")
    assert client_of("route53").list_hosted_zones()["HostedZones"] == []


def test_an_update_of_a_service_changes_ttl_and_description_by_an_operation(cloud_map, vpc):
    service = make_service(cloud_map, make(cloud_map, vpc))["Id"]
    wanted = {"Description": "ours", "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 10}]}}
    done = operation(cloud_map, cloud_map.update_service(Id=service, Service=wanted)["OperationId"])
    read = cloud_map.get_service(Id=service)["Service"]
    assert (done["Status"], read["Description"]) == ("SUCCESS", "ours")
    assert read["DnsConfig"]["RoutingPolicy"] == "MULTIVALUE"
    assert read["DnsConfig"]["DnsRecords"] == [{"Type": "A", "TTL": 10}]
    with pytest.raises(ClientError, match="InvalidInput"):
        cloud_map.update_service(
            Id=service, Service={"DnsConfig": {"DnsRecords": [{"Type": "SRV", "TTL": 10}]}}
        )


def test_an_update_of_a_namespace_keeps_its_zone(cloud_map, vpc):
    namespace = make(cloud_map, vpc)
    wanted = {"Description": "ours", "Properties": {"DnsProperties": {"SOA": {"TTL": 60}}}}
    cloud_map.update_private_dns_namespace(Id=namespace, Namespace=wanted)
    read = cloud_map.get_namespace(Id=namespace)["Namespace"]
    assert read["Description"] == "ours"
    assert read["Properties"]["DnsProperties"]["SOA"] == {"TTL": 60}
    assert read["Properties"]["DnsProperties"]["HostedZoneId"]


def test_an_absent_resource_takes_no_tags(cloud_map):
    arn = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloud_map.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}])


def test_ids_have_sixteen_characters_and_a_namespace_tells_how_many_services_it_has(cloud_map, vpc):
    namespace = make(cloud_map, vpc)
    service = make_service(cloud_map, namespace)["Id"]
    assert re.fullmatch(r"ns-[a-z0-9]{16}", namespace)
    assert re.fullmatch(r"srv-[a-z0-9]{16}", service)
    assert cloud_map.get_namespace(Id=namespace)["Namespace"]["ServiceCount"] == 1
