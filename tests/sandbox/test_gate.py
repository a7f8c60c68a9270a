"""The server passes on what AWS's clients send to open services, and nothing that a web page can send."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto.core.models import botocore_stubber
from werkzeug.test import Client

from reconciler.early import SERVICES_READ
from reconciler.sandbox import install
from reconciler.sandbox.served import SERVED
from reconciler.sandbox.server import application

SIGNED = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
ROOT = Path(__file__).parents[2]
HOST = {"Host": "127.0.0.1:5000"}
LIST = HOST | {
    "X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters",
    "Content-Type": "application/x-amz-json-1.1",
    "Authorization": SIGNED.format("ecs"),
}
MOTO_PATHS = (
    "/moto-api/reset",
    "/moto-api/recorder/start-recording",
    "/MOTO-API/reset",
    "//moto-api/reset",
    "/./moto-api/reset",
    "/a/../moto-api/reset",
    "/%6doto-api/reset",
    "/moto-api%2freset",
    "/2013-04-01/../moto-api/reset",
    "/latest/meta-data/",
    "/ecs_us-east-1/",
)


class Served:
    """The application, without a socket: as werkzeug hands requests to it, and as boto3's clients see it."""

    def __init__(self) -> None:
        self.web = Client(application("token", lambda: None))

    def ask(self, path: str = "/", method: str = "POST", body: bytes = b"{}", **headers: str | None) -> Any:
        named = LIST | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in named.items() if value is not None}
        return self.web.open(path, method=method, data=body, headers=sent)

    def client(self, service: str) -> Any:
        """Return a client whose requests come to the application."""
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
        made = boto3.client(service, "us-east-1", endpoint_url="http://127.0.0.1:5000", **keys)
        made.meta.events.register_first("before-send", self._send)
        return made

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        sent = {k: v.decode() if isinstance(v, bytes) else v for k, v in request.headers.items()}
        path = request.url.removeprefix("http://127.0.0.1:5000")
        answer = self.web.open(path, method=request.method, data=request.body or b"", headers=sent | HOST)
        return AWSResponse(request.url, answer.status_code, dict(answer.headers), Body(answer.data))


class Body:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self) -> Iterator[bytes]:
        yield self.data


@pytest.fixture
def served() -> Served:
    install()
    assert not botocore_stubber.enabled
    return Served()


def test_what_clients_send_is_answered_and_no_page_may_read_it(served: Served) -> None:
    for host in ("127.0.0.1:5000", "LOCALHOST:1", "localhost", "[::1]:5000", "data-127.0.0.1:5000"):
        answer = served.ask(Host=host)
        assert json.loads(answer.data) == {"clusterArns": []}
        assert not [name for name in dict(answer.headers) if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Origin", ["http://evil.example", "null", "", "http://127.0.0.1:5000"]),
        ("Sec-Fetch-Site", ["cross-site", "same-site", "same-origin", "none"]),
        (
            "Host",
            [
                "evil.example",
                "evil.example:5000",
                "127.0.0.1.evil.example",
                "localhost@evil.example",
                "127.1",
                "",
            ],
        ),
        (
            "Authorization",
            [None, "", "Bearer x", SIGNED.format("ecs/x"), SIGNED.format("ecs").replace("2026", "")],
        ),
    ],
)
def test_what_pages_and_strange_names_send_is_refused(served: Served, name: str, values: list[Any]) -> None:
    for value in values:
        answer = served.ask(**{name.replace("-", "_"): value})
        assert answer.status_code == 403, value
        assert not [sent for sent in dict(answer.headers) if sent.lower().startswith("access-control")]


def test_a_page_is_not_even_told_what_it_may_ask(served: Served) -> None:
    asked = {"Authorization": None, "Origin": "http://evil.example", "Access_Control_Request_Method": "POST"}
    for headers in (asked, {}):
        answer = served.ask(method="OPTIONS", body=b"", **headers)
        assert (answer.status_code, "Allow" in answer.headers) == (403, False)


@pytest.mark.parametrize("path", MOTO_PATHS)
def test_motos_own_pages_are_shut_however_they_are_spelt(
    served: Served, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # moto's recorder writes a file there
    for signed in (None, SIGNED.format("ecs"), SIGNED.format("route53"), SIGNED.format("moto-api")):
        assert served.ask(path, Authorization=signed).status_code in (400, 403, 404)
    assert json.loads(served.ask().data) == {"clusterArns": []}
    assert not [*tmp_path.iterdir()]


def test_the_servers_own_pages_need_the_token(served: Served) -> None:
    for action in ("status", "reset", "stop", "given", "advance"):
        assert served.ask(f"/sandbox-api/{action}").status_code == 403


def test_a_body_has_a_length_that_is_told_and_not_huge(served: Served) -> None:
    assert served.ask(body=b" " * (16 * 2**20 + 1)).status_code == 413
    assert served.ask(Transfer_Encoding="chunked").status_code == 411
    untold = served.web.post("/", headers=LIST, environ_overrides={"CONTENT_LENGTH": "-1"})
    assert untold.status_code == 411


def test_the_services_that_the_engine_reads_are_open(served: Served) -> None:
    names = {served.client(service).meta.service_model.signing_name for service in (*SERVICES_READ, "dynamodb")}
    assert names <= SERVED.keys()
    told = (ROOT / "docs" / "sandbox.md").read_text().partition("table `SERVED`")[2].partition("\n")[0]
    assert all(service.why and name in told for name, service in SERVED.items())


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("ecs", "list_clusters", {}),
        ("ec2", "describe_vpcs", {}),
        ("elbv2", "describe_load_balancers", {}),
        ("cloudwatch", "list_dashboards", {}),
        ("dynamodb", "list_tables", {}),
        ("route53", "list_hosted_zones", {}),
        ("scheduler", "list_schedules", {}),
        ("s3", "create_bucket", {"Bucket": "shop-logs"}),
        ("wafv2", "list_web_acls", {"Scope": "REGIONAL"}),
    ],
)
def test_open_services_answer_each_protocol(
    served: Served, service: str, operation: str, params: dict[str, Any]
) -> None:
    assert getattr(served.client(service), operation)(**params)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("s3", "list_buckets", {}),
        ("s3", "put_object", {"Bucket": "b", "Key": "../x", "Body": b"x"}),
        ("kms", "list_keys", {}),
        ("kinesis", "list_streams", {}),
        ("lambda", "list_functions", {}),
        ("cloudfront", "list_distributions", {}),
        ("elb", "describe_load_balancers", {}),
        ("dynamodbstreams", "list_streams", {}),
    ],
)
def test_other_services_are_refused_in_their_own_format(
    served: Served, service: str, operation: str, params: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="The embedded AWS does not serve") as refused:
        getattr(served.client(service), operation)(**params)
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_form_without_a_signature_is_refused_as_the_query_protocol_is(served: Served) -> None:
    form = b"Action=CreateVpc&CidrBlock=10.0.0.0/16&Version=2016-11-15"
    answer = served.ask(
        body=form, Authorization=None, X_Amz_Target=None, Content_Type="application/x-www-form-urlencoded"
    )
    assert b"<ErrorResponse><Error><Code>MissingAuthenticationToken</Code>" in answer.data


@pytest.mark.parametrize(("service", "beginning"), [("ec2", b"<Response><Errors>"), ("ecs", b'{"__type": ')])
def test_a_newer_clients_call_is_refused_once(served: Served, service: str, beginning: bytes) -> None:
    form = {"X_Amz_Target": None, "Content_Type": "application/x-www-form-urlencoded"}
    headers = form if service == "ec2" else {"X_Amz_Target": "AmazonEC2ContainerServiceV20141113.New"}
    body = b"Action=New&Version=2016-11-15" if service == "ec2" else b"{}"
    answer = served.ask(body=body, Authorization=SIGNED.format(service), **headers)
    assert (answer.status_code, answer.data.startswith(beginning)) == (400, True)
    assert b"The embedded AWS does not know this call: New" in answer.data
