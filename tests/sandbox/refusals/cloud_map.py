"""Refused calls of Cloud Map."""

from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox import REAL, Clock, install
from refusals.probe import Probe

OPERATIONS = (
    "CreateHttpNamespace",
    "CreatePrivateDnsNamespace",
    "CreatePublicDnsNamespace",
    "UpdateHttpNamespace",
    "UpdatePrivateDnsNamespace",
    "UpdatePublicDnsNamespace",
    "GetNamespace",
    "ListNamespaces",
    "DeleteNamespace",
    "CreateService",
    "GetService",
    "ListServices",
    "UpdateService",
    "DeleteService",
    "GetServiceAttributes",
    "UpdateServiceAttributes",
    "DeleteServiceAttributes",
    "RegisterInstance",
    "DeregisterInstance",
    "GetInstance",
    "ListInstances",
    "GetInstancesHealthStatus",
    "UpdateInstanceCustomHealthStatus",
    "DiscoverInstances",
    "DiscoverInstancesRevision",
    "GetOperation",
    "ListOperations",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
)

Params = Callable[[], Mapping[str, Any]]
A = {"Type": "A", "TTL": 60}
CNAME = {"Type": "CNAME", "TTL": 60}
CUSTOM = {"HealthCheckCustomConfig": {"FailureThreshold": 1}}
IPV4 = {"AWS_INSTANCE_IPV4": "10.0.0.1"}
LONG_ID = "x" * 256
ABSENT_ARN = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-absent"
TOO_MANY = [{"Key": f"k{number}", "Value": "v"} for number in range(51)]
RESERVED = [{"Key": "aws:owner", "Value": "v"}]


def given(**params: Any) -> Params:
    return lambda: params


def backend() -> Any:
    """Return moto's own object, for what would take a thousand calls."""
    return servicediscovery_backends["123456789012"]["us-east-1"]


def vpc(**params: Any) -> Params:
    def make() -> Mapping[str, Any]:
        made = client_of("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        return {"Name": "services.local", "Vpc": made, **params}

    return make


def private() -> str:
    """Make a private namespace and return its id."""
    cloud_map = client_of("servicediscovery")
    started = cloud_map.create_private_dns_namespace(**vpc()())["OperationId"]
    return cloud_map.get_operation(OperationId=started)["Operation"]["Targets"]["NAMESPACE"]


def http() -> str:
    cloud_map = client_of("servicediscovery")
    started = cloud_map.create_http_namespace(Name="http")["OperationId"]
    return cloud_map.get_operation(OperationId=started)["Operation"]["Targets"]["NAMESPACE"]


def public() -> str:
    cloud_map = client_of("servicediscovery")
    started = cloud_map.create_public_dns_namespace(Name="example.com")["OperationId"]
    return cloud_map.get_operation(OperationId=started)["Operation"]["Targets"]["NAMESPACE"]


def repeated(kind: str, names: Params) -> Params:
    """Make a namespace and return the parameters that made it."""

    def make() -> Mapping[str, Any]:
        params = names()
        getattr(client_of("servicediscovery"), f"create_{kind}_namespace")(**params, CreatorRequestId="one")
        return {**params, "CreatorRequestId": "two"}

    return make


def slow(params: Params) -> Params:
    """Let operations take their time from here on."""

    def make() -> Mapping[str, Any]:
        install(REAL, clock=Clock(speed=0))
        return params()

    return make


def fifty(params: Params) -> Params:
    def make() -> Mapping[str, Any]:
        for number in range(50):
            backend().create_http_namespace(
                name=f"n{number}", creator_request_id=f"c{number}", description="", tags=None
            )
        return params()

    return make


def of_namespace(make_namespace: Callable[[], str], **params: Any) -> Params:
    return lambda: {"Id": make_namespace(), **params}


def being_changed(make_namespace: Callable[[], str], call: str, **params: Any) -> Params:
    """Begin an operation on a namespace that does not end."""

    def make() -> Mapping[str, Any]:
        named = {"Id": make_namespace(), **params}
        install(REAL, clock=Clock(speed=0))
        getattr(client_of("servicediscovery"), call)(**named)
        return named

    return make


def new_service(make_namespace: Callable[[], str], *records: Any, **params: Any) -> Params:
    dns = {"DnsConfig": {"DnsRecords": [*records]}} if records else {}
    return lambda: {"Name": "api", "NamespaceId": make_namespace(), **dns, **params}


def service(key: str = "ServiceId", records: Any = (A,), **params: Any) -> Params:
    """Make a service in a private namespace and return its id under this key."""

    def make() -> Mapping[str, Any]:
        wanted = new_service(private, *records)()
        made = client_of("servicediscovery").create_service(**wanted)["Service"]
        return {key: made["Arn"] if key == "ResourceARN" else made["Id"], **params}

    return make


def http_service(key: str = "Id", **params: Any) -> Params:
    return lambda: {
        key: client_of("servicediscovery").create_service(Name="api", NamespaceId=http())["Service"]["Id"],
        **params,
    }


def instance(key: str = "ServiceId", **params: Any) -> Params:
    def make() -> Mapping[str, Any]:
        made = service()()["ServiceId"]
        client_of("servicediscovery").register_instance(ServiceId=made, InstanceId="i", Attributes=IPV4)
        return {key: made, **params}

    return make


def updated_service() -> Mapping[str, Any]:
    params = service("Id", Service={"DnsConfig": {"DnsRecords": [A]}})()
    install(REAL, clock=Clock(speed=0))
    client_of("servicediscovery").update_service(**params)
    return params


def repeated_service() -> Mapping[str, Any]:
    params = new_service(private, A)()
    client_of("servicediscovery").create_service(**params)
    return {**params, "Name": "API"}


def full_service() -> Mapping[str, Any]:
    made = http_service("ServiceId")()
    for number in range(1000):
        backend().register_instance(made["ServiceId"], f"i{number}", "creator", {"k": "v"})
    return {**made, "InstanceId": "one-more", "Attributes": {"k": "v"}}


def service_with_attributes() -> Mapping[str, Any]:
    params = service(Attributes={f"k{number}": "v" for number in range(30)})()
    client_of("servicediscovery").update_service_attributes(**params)
    return {**params, "Attributes": {"one-more": "v"}}


ABSENT_NAMESPACE = {"Id": "ns-absent"}
ABSENT = {"ServiceId": "srv-absent"}
AN_INSTANCE = {"InstanceId": "i"}
DESCRIBED = {"Namespace": {"Description": "d"}}
DNS_TTL = {"Namespace": {"Properties": {"DnsProperties": {"SOA": {"TTL": 30}}}}}
TOKEN = {"NextToken": "no token"}

PROBES = [
    Probe("CreateHttpNamespace", "InvalidInput", given(Name="a name")),
    Probe("CreateHttpNamespace", "InvalidInput", given(Name="n", Tags=RESERVED)),
    Probe("CreateHttpNamespace", "TooManyTagsException", given(Name="n", Tags=TOO_MANY)),
    Probe("CreateHttpNamespace", "NamespaceAlreadyExists", repeated("http", given(Name="n"))),
    Probe("CreateHttpNamespace", "DuplicateRequest", slow(repeated("http", given(Name="n")))),
    Probe("CreateHttpNamespace", "ResourceLimitExceeded", fifty(given(Name="n"))),
    Probe("CreatePrivateDnsNamespace", "InvalidInput", given(Name="n.local", Vpc="vpc-absent")),
    Probe("CreatePrivateDnsNamespace", "InvalidInput", vpc(Name="n" * 254)),
    Probe("CreatePrivateDnsNamespace", "TooManyTagsException", vpc(Tags=TOO_MANY)),
    Probe("CreatePrivateDnsNamespace", "NamespaceAlreadyExists", repeated("private_dns", vpc())),
    Probe("CreatePrivateDnsNamespace", "DuplicateRequest", slow(repeated("private_dns", vpc()))),
    Probe("CreatePrivateDnsNamespace", "ResourceLimitExceeded", fifty(vpc())),
    Probe("CreatePublicDnsNamespace", "InvalidInput", given(Name="no-dots")),
    Probe("CreatePublicDnsNamespace", "TooManyTagsException", given(Name="n.com", Tags=TOO_MANY)),
    Probe(
        "CreatePublicDnsNamespace", "NamespaceAlreadyExists", repeated("public_dns", given(Name="example.com"))
    ),
    Probe(
        "CreatePublicDnsNamespace", "DuplicateRequest", slow(repeated("public_dns", given(Name="example.com")))
    ),
    Probe("CreatePublicDnsNamespace", "ResourceLimitExceeded", fifty(given(Name="example.com"))),
    Probe("UpdateHttpNamespace", "NamespaceNotFound", given(**ABSENT_NAMESPACE, **DESCRIBED)),
    Probe("UpdateHttpNamespace", "InvalidInput", of_namespace(private, **DESCRIBED)),
    Probe("UpdateHttpNamespace", "DuplicateRequest", being_changed(http, "update_http_namespace", **DESCRIBED)),
    Probe("UpdatePrivateDnsNamespace", "NamespaceNotFound", given(**ABSENT_NAMESPACE, **DESCRIBED)),
    Probe("UpdatePrivateDnsNamespace", "InvalidInput", of_namespace(http, **DNS_TTL)),
    Probe(
        "UpdatePrivateDnsNamespace",
        "DuplicateRequest",
        being_changed(private, "update_private_dns_namespace", **DNS_TTL),
    ),
    Probe("UpdatePublicDnsNamespace", "NamespaceNotFound", given(**ABSENT_NAMESPACE, **DESCRIBED)),
    Probe("UpdatePublicDnsNamespace", "InvalidInput", of_namespace(http, **DNS_TTL)),
    Probe(
        "UpdatePublicDnsNamespace",
        "DuplicateRequest",
        being_changed(public, "update_public_dns_namespace", **DNS_TTL),
    ),
    Probe("GetNamespace", "NamespaceNotFound", given(**ABSENT_NAMESPACE)),
    Probe("GetNamespace", "InvalidInput", given(Id=LONG_ID)),
    Probe("ListNamespaces", "InvalidInput", given(**TOKEN)),
    Probe("ListNamespaces", "InvalidInput", given(MaxResults=101)),
    Probe("ListNamespaces", "InvalidInput", given(Filters=[{"Name": "VPC", "Values": ["v"]}])),
    Probe("ListNamespaces", "InvalidInput", given(Filters=[{"Name": "NAME", "Values": ["a", "b"]}])),
    Probe("DeleteNamespace", "NamespaceNotFound", given(**ABSENT_NAMESPACE)),
    Probe("DeleteNamespace", "InvalidInput", given(Id=LONG_ID)),
    Probe("DeleteNamespace", "DuplicateRequest", being_changed(http, "delete_namespace")),
    Probe(
        "DeleteNamespace",
        "ResourceInUse",
        lambda: {"Id": repeated_service()["NamespaceId"]},
        "associated services",
    ),
    Probe("CreateService", "NamespaceNotFound", given(Name="api", NamespaceId="ns-absent")),
    Probe("CreateService", "ServiceAlreadyExists", repeated_service),
    Probe("CreateService", "TooManyTagsException", new_service(private, A, Tags=TOO_MANY)),
    Probe("CreateService", "InvalidInput", given(Name="api"), "namespace id cannot be null"),
    Probe("CreateService", "InvalidInput", new_service(private, A, Name="an api")),
    Probe("CreateService", "InvalidInput", new_service(private, A, CNAME), "combination"),
    Probe("CreateService", "InvalidInput", new_service(private, CNAME), "WEIGHTED"),
    Probe("CreateService", "InvalidInput", new_service(private, {"Type": "MX", "TTL": 1})),
    Probe("CreateService", "InvalidInput", new_service(private, {"Type": "A", "TTL": 2**31})),
    Probe("CreateService", "InvalidInput", new_service(private, A, HealthCheckConfig={"Type": "HTTP"})),
    Probe(
        "CreateService", "InvalidInput", new_service(public, A, HealthCheckConfig={"Type": "HTTP"}, **CUSTOM)
    ),
    Probe(
        "CreateService",
        "InvalidInput",
        new_service(public, A, HealthCheckConfig={"Type": "TCP", "ResourcePath": "/"}),
    ),
    Probe("CreateService", "InvalidInput", new_service(http, A)),
    Probe("CreateService", "InvalidInput", new_service(private, A, Type="HTTP")),
    Probe("GetService", "ServiceNotFound", given(Id="srv-absent")),
    Probe("GetService", "InvalidInput", given(Id=LONG_ID)),
    Probe("ListServices", "InvalidInput", given(**TOKEN)),
    Probe("UpdateService", "ServiceNotFound", given(Id="srv-absent", Service={})),
    Probe("UpdateService", "InvalidInput", http_service(Service={"Description": "d"})),
    Probe(
        "UpdateService",
        "InvalidInput",
        service("Id", Service={"DnsConfig": {"DnsRecords": [{"Type": "SRV", "TTL": 1}]}}),
    ),
    Probe("UpdateService", "DuplicateRequest", updated_service),
    Probe("DeleteService", "ServiceNotFound", given(Id="srv-absent")),
    Probe("DeleteService", "InvalidInput", given(Id=LONG_ID)),
    Probe("DeleteService", "ResourceInUse", instance("Id"), "contains registered instances"),
    Probe("GetServiceAttributes", "ServiceNotFound", given(**ABSENT)),
    Probe("GetServiceAttributes", "InvalidInput", given(ServiceId=LONG_ID)),
    Probe("UpdateServiceAttributes", "ServiceNotFound", given(**ABSENT, Attributes={"k": "v"})),
    Probe("UpdateServiceAttributes", "InvalidInput", service(Attributes={"k": "v" * 1025})),
    Probe("UpdateServiceAttributes", "ServiceAttributesLimitExceededException", service_with_attributes),
    Probe("DeleteServiceAttributes", "ServiceNotFound", given(**ABSENT, Attributes=["k"])),
    Probe("DeleteServiceAttributes", "InvalidInput", given(**ABSENT, Attributes=["k" * 256])),
    Probe("RegisterInstance", "ServiceNotFound", given(**ABSENT, **AN_INSTANCE, Attributes=IPV4)),
    Probe(
        "RegisterInstance", "InvalidInput", service(**AN_INSTANCE, Attributes={"k": "v"}), "AWS_INSTANCE_IPV4"
    ),
    Probe("RegisterInstance", "InvalidInput", service(**AN_INSTANCE, Attributes={"AWS_INSTANCE_IPV4": "x"})),
    Probe("RegisterInstance", "InvalidInput", service(InstanceId="an id", Attributes=IPV4)),
    Probe(
        "RegisterInstance",
        "InvalidInput",
        service(records=({"Type": "SRV", "TTL": 60},), **AN_INSTANCE, Attributes=IPV4),
        "AWS_INSTANCE_PORT",
    ),
    Probe("RegisterInstance", "ResourceLimitExceeded", full_service),
    Probe("DeregisterInstance", "ServiceNotFound", given(**ABSENT, **AN_INSTANCE)),
    Probe("DeregisterInstance", "InstanceNotFound", service(**AN_INSTANCE)),
    Probe("DeregisterInstance", "InvalidInput", given(ServiceId=LONG_ID, **AN_INSTANCE)),
    Probe("GetInstance", "ServiceNotFound", given(**ABSENT, **AN_INSTANCE)),
    Probe("GetInstance", "InstanceNotFound", service(**AN_INSTANCE)),
    Probe("GetInstance", "InvalidInput", given(ServiceId=LONG_ID, **AN_INSTANCE)),
    Probe("ListInstances", "ServiceNotFound", given(**ABSENT)),
    Probe("ListInstances", "InvalidInput", service(**TOKEN)),
    Probe("GetInstancesHealthStatus", "ServiceNotFound", given(**ABSENT)),
    Probe("GetInstancesHealthStatus", "InstanceNotFound", service(Instances=["i"])),
    Probe("GetInstancesHealthStatus", "InvalidInput", given(ServiceId=LONG_ID)),
    Probe(
        "UpdateInstanceCustomHealthStatus", "ServiceNotFound", given(**ABSENT, **AN_INSTANCE, Status="HEALTHY")
    ),
    Probe("UpdateInstanceCustomHealthStatus", "InstanceNotFound", service(**AN_INSTANCE, Status="HEALTHY")),
    Probe(
        "UpdateInstanceCustomHealthStatus", "CustomHealthNotFound", instance(**AN_INSTANCE, Status="HEALTHY")
    ),
    Probe("UpdateInstanceCustomHealthStatus", "InvalidInput", instance(**AN_INSTANCE, Status="ILL")),
    Probe("DiscoverInstances", "NamespaceNotFound", given(NamespaceName="absent", ServiceName="api")),
    Probe(
        "DiscoverInstances",
        "ServiceNotFound",
        lambda: http() and {"NamespaceName": "http", "ServiceName": "api"},
    ),
    Probe("DiscoverInstances", "InvalidInput", given(NamespaceName="n", ServiceName="api", HealthStatus="ILL")),
    Probe("DiscoverInstancesRevision", "NamespaceNotFound", given(NamespaceName="absent", ServiceName="api")),
    Probe(
        "DiscoverInstancesRevision",
        "ServiceNotFound",
        lambda: http() and {"NamespaceName": "http", "ServiceName": "api"},
    ),
    Probe("DiscoverInstancesRevision", "InvalidInput", given(NamespaceName="n", ServiceName="an api")),
    Probe("GetOperation", "OperationNotFound", given(OperationId="absent")),
    Probe("GetOperation", "InvalidInput", given(OperationId=LONG_ID)),
    Probe("ListOperations", "InvalidInput", given(Filters=[{"Name": "NAME", "Values": ["v"]}])),
    Probe("TagResource", "ResourceNotFoundException", given(ResourceARN=ABSENT_ARN, Tags=TOO_MANY[:1])),
    Probe("TagResource", "InvalidInput", service("ResourceARN", Tags=RESERVED)),
    Probe("TagResource", "TooManyTagsException", service("ResourceARN", Tags=TOO_MANY)),
    Probe("UntagResource", "ResourceNotFoundException", given(ResourceARN=ABSENT_ARN, TagKeys=["k"])),
    Probe("UntagResource", "InvalidInput", given(ResourceARN="no-arn", TagKeys=["k"])),
    Probe("ListTagsForResource", "ResourceNotFoundException", given(ResourceARN=ABSENT_ARN)),
    Probe("ListTagsForResource", "InvalidInput", given(ResourceARN="no-arn")),
]
