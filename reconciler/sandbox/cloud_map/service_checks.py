"""What a new Cloud Map service may be (Cloud Map API reference, CreateService and DnsRecord)."""

from typing import Any

from reconciler.sandbox.cloud_map.operations import refuse

_COMBINATIONS = ({"A"}, {"AAAA"}, {"A", "AAAA"}, {"SRV"}, {"CNAME"})  # of types of records


def check_service(namespace: Any, wanted: dict[str, Any]) -> None:
    """Refuse a service that its namespace cannot hold. `wanted` has the parameters as moto names them."""
    dns, health = wanted["dns_config"] or {}, wanted["health_check_config"]
    if health and wanted["health_check_custom_config"]:
        raise refuse("InvalidInput", "HealthCheckConfig and HealthCheckCustomConfig exclude each other.")
    if health and namespace.type != "DNS_PUBLIC":
        raise refuse("InvalidInput", "HealthCheckConfig is for services of public DNS namespaces only.")
    if health and health["Type"] == "TCP" and health.get("ResourcePath"):
        raise refuse("InvalidInput", "ResourcePath is not for health checks of type TCP.")
    if dns and (namespace.type == "HTTP" or wanted["service_type"] == "HTTP"):
        raise refuse("InvalidInput", "A service that is found by HTTP only has no DnsConfig.")
    if dns:
        _check_records(dns, health)


def _check_records(dns: dict[str, Any], health: Any) -> None:
    kinds = [record["Type"] for record in dns["DnsRecords"]]
    if {*kinds} not in _COMBINATIONS or len({*kinds}) < len(kinds):
        raise refuse("InvalidInput", f"Invalid combination of DNS records: {', '.join(kinds)}")
    if kinds == ["CNAME"] and (health or dns.get("RoutingPolicy") != "WEIGHTED"):
        message = "A CNAME record needs the routing policy WEIGHTED, and has no HealthCheckConfig."
        raise refuse("InvalidInput", message)
