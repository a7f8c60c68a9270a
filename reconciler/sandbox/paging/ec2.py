"""Pages of EC2's describes: only when MaxResults is sent, and not together with ids."""

from functools import partial
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from reconciler.sandbox.ec2.describes import DESCRIBES, ONLY_PAGED, Describe
from reconciler.sandbox.world import wrap

# moto's response class, the action, the member of the answer that is cut into pages, the parameter with ids.
DESCRIBE_ACTIONS = tuple((one.owner, one.action, one.member, one.ids) for one in DESCRIBES)


def install() -> None:
    for describe, around in _WRAPPERS:
        wrap(describe.owner, describe.action, around)


def _page(describe: Describe, original: Any, response: Any) -> Any:
    sent, begin = response._get_param("MaxResults"), str(response._get_param("NextToken") or 0)
    if (sent is not None or begin != "0") and response.params.get(describe.ids):
        names = f"{describe.ids[0].lower()}{describe.ids[1:]}"
        message = f"The parameter {names} cannot be used with the parameter maxResults"
        raise EC2ClientError("InvalidParameterCombination", message)
    size = describe.most if sent is None else int(sent)
    if not describe.least <= size <= describe.most:
        bounds = f"Expecting a value between {describe.least} and {describe.most}."
        message = f"Value ( {size} ) for parameter maxResults is invalid. {bounds}"
        raise EC2ClientError("InvalidParameterValue", message)
    if not begin.isdecimal():
        raise EC2ClientError("InvalidNextToken", f"The token '{begin}' is invalid")
    answer = original(response)
    if sent is None and begin == "0":
        return answer
    items, start = list(answer.result[describe.member]), int(begin)
    answer.result[describe.member] = items[start : start + size]
    answer.result["NextToken"] = str(start + size) if start + size < len(items) else None
    return answer


_WRAPPERS = tuple((describe, partial(_page, describe)) for describe in (*DESCRIBES, *ONLY_PAGED))
