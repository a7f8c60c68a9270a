"""The options of load balancers and listeners, from the file to AWS and back to an empty plan."""

from pathlib import Path
from typing import Any

from crash.cloud import cloud, run
from crash.prerequisites import CERTIFICATE
from support import client

from desired_state import Platform, load
from desired_state.elsewhere import list_existing
from reconciler.sandbox import CALM
from reconciler.sandbox.planted import plant

OTHER = f"{CERTIFICATE}-too"
STORE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/shop/0a1b2c3d4e5f6789"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/0a"
FILE = """
platform: shop
environment: crash
suffix: "{environment}"
region: us-east-1
images: {check: false}
load_balancer: {%s}
services:
  web: {image: {uri: nginx}, routes: [{priority: 1, paths: ["/*"]}]}
"""
PLAIN = "listeners: {http: {port: 80}}"
FULL = f"""
  listeners: {{https: {{port: 443, certificate: '{CERTIFICATE}', certificates: ['{OTHER}'], trust_store: '{STORE}'}}}},
  access_logs: {{bucket: shop-logs, prefix: web}}, connection_logs: shop-logs,
  waf: '{WEB_ACL}', attributes: {{client_keep_alive.seconds: 600, routing.http.preserve_host_header.enabled: true}}
"""
OFF = f"""
  listeners: {{https: {{port: 443, certificate: '{CERTIFICATE}', certificates: [], trust_store: none}}}},
  access_logs: none, connection_logs: none, waf: none, drop_invalid_headers: false
"""


def platform(folder: Path, balancer: str) -> Platform:
    (folder / "platform.yaml").write_text(FILE % balancer)
    return load(folder / "platform.yaml", environ={})


def on_aws() -> dict[str, Any]:
    elb = client("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]
    pairs = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    attributes = {pair["Key"]: pair["Value"] for pair in pairs}
    (listener,) = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    told = elb.describe_listener_certificates(ListenerArn=listener["ListenerArn"])["Certificates"]
    return {
        "logs": [attributes[f"{kind}_logs.s3.enabled"] for kind in ("access", "connection", "health_check")],
        "keep_alive": attributes["client_keep_alive.seconds"],
        "drops": attributes["routing.http.drop_invalid_header_fields.enabled"],
        "further": [one["CertificateArn"] for one in told if not one["IsDefault"]],
        "mutual": listener["MutualAuthentication"]["Mode"],
        "web_acl": client("wafv2").get_web_acl_for_resource(ResourceArn=arn).get("WebACL", {}),
    }


def test_all_of_them_come_with_the_load_balancer_and_go_in_place(tmp_path: Path):
    full, off = platform(tmp_path, FULL), platform(tmp_path, OFF)
    with cloud(CALM) as clock:
        pem = {"CertificateBody": "-", "PrivateKey": "-"}
        client("iam").upload_server_certificate(ServerCertificateName=OTHER.rpartition("/")[2], **pem)
        plant(list_existing(full), None, "us-east-1")
        assert run(full, clock).clean
        assert run(full, clock).todo.changes == ()
        found = on_aws()
        assert found.pop("web_acl")["ARN"] == WEB_ACL
        assert found == {
            "logs": ["true", "true", "false"],
            "keep_alive": "600",
            "drops": "true",
            "further": [OTHER],
            "mutual": "verify",
        }
        assert run(off, clock).clean
        assert run(off, clock).todo.changes == ()
        assert on_aws() == {
            "logs": ["false", "false", "false"],
            "keep_alive": "600",
            "drops": "false",
            "further": [],
            "mutual": "off",
            "web_acl": {},
        }


def test_logs_into_a_bucket_that_refuses_them_are_a_conflict_before_any_write(tmp_path: Path):
    logging = platform(tmp_path, f"{PLAIN}, access_logs: shop-logs")
    with cloud(CALM) as clock:
        client("s3").create_bucket(Bucket="shop-logs")
        todo = run(logging, clock).todo
        (conflict,) = todo.conflicts
        assert "logdelivery.elasticloadbalancing.amazonaws.com" in conflict.remedy
        assert not client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
