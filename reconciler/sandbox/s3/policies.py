"""The answer to a new policy of a bucket has no body."""

from typing import Any

from moto.s3.responses import S3Response

from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(S3Response, "_bucket_response_put", _put)


def _put(original: Any, response: Any, request: Any, bucket_name: str, querystring: Any) -> Any:
    answer = original(response, request, bucket_name, querystring)
    return (204, {}, "") if answer == "True" and "policy" in querystring else answer
