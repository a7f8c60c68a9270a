"""Subjects of Publish (SNS API reference): one line of ASCII that begins with no space."""

import re
from typing import Any

from moto.sns.responses import SNSResponse

from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

_SUBJECT = re.compile(r"[!-~][ -~]{0,98}")


def install() -> None:
    wrap(SNSResponse, "publish", _publish)


def _publish(original: Any, response: Any) -> Any:
    subject = sent_parameters(response).get("Subject")
    if subject is not None and not _SUBJECT.fullmatch(str(subject)):
        raise Refusal("InvalidParameter", "Invalid parameter: Subject")
    return original(response)
