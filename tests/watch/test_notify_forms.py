"""Messages in the forms of SNS, Slack and webhooks. What others wrote is hostile."""

import hmac
import json
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest

from reconciler.model.drift import Attribution, Known, Severity
from reconciler.watch.notify import slack, topic, webhook
from reconciler.watch.notify.failure import Undeliverable
from reconciler.watch.notify.message import Message, News, Told

ARN = "arn:aws:sns:us-east-1:123456789012:ops"
RAW = b"0123456789abcdef0123456789abcdef"
KEY = f"whsec_{b64encode(RAW).decode()}"
HOSTILE = "<!channel> `@here`\r\nSubject: x \x1b[31m & <https://evil.example|ok>"


def message(*keys, actor="", stack="demo/dev/us-east-1", news=News.APPEARED):
    who = Attribution(Known.FOUND, actor, "2026-11-27T22:10:00+00:00") if actor else None
    told = tuple(Told(key, Severity.SECURITY, who=who) for key in keys)
    return Message(news, stack, "2026-11-27T22:14:03+00:00", told, len(told), id="msg_1")


def test_a_topic_gets_a_subject_in_one_line_of_ascii_and_attributes_to_filter_by():
    sent = topic.publication(message("vpc.main.tags.x", stack="d\xe9mo\n/dev/us-east-1" + "y" * 200), ARN)
    assert len(sent["Subject"]) < 100
    assert sent["Subject"].isascii()
    assert sent["Subject"].isprintable()
    assert {k: v["StringValue"] for k, v in sent["MessageAttributes"].items()}["severity"] == "security"


def test_a_topic_gets_fewer_differences_than_there_are_if_they_do_not_fit_and_their_number():
    sent = topic.publication(message(*(f"vpc.{i}" for i in range(500))), ARN)
    assert len(sent["Message"].encode()) <= topic.LONGEST
    assert "vpc.19 " in sent["Message"]
    assert "and 480 more\n" in sent["Message"]
    assert "There are 500 differences now." in sent["Message"]


def test_slack_pings_nobody_and_shows_no_link_that_others_wrote():
    body = json.loads(slack.body(message(HOSTILE, actor=HOSTILE, stack=HOSTILE)))
    words = [body["text"], body["blocks"][1]["text"]["text"], body["blocks"][2]["elements"][0]["text"]]
    assert not {*"<>\x1b\r"} & {*"".join(words)}
    assert body["blocks"][0]["text"]["type"] == "plain_text"
    assert "&lt;!channel&gt;" in words[1]


def test_slack_gets_no_more_than_it_takes():
    body = json.loads(slack.body(message(*("&" * 300 + str(i) for i in range(100)))))
    header, section, _ = body["blocks"]
    assert len(header["text"]["text"]) <= 150
    assert len(section["text"]["text"]) <= 3000
    assert section["text"]["text"].endswith(" more")


def test_a_webhook_is_signed_over_its_id_its_time_and_its_body():
    sent = webhook.body(message("vpc.main"))
    headers = webhook.headers(message("vpc.main"), sent, KEY, 1_764_000_000)
    signed = b"msg_1.1764000000." + sent
    assert headers["webhook-id"] == "msg_1"
    assert headers["webhook-timestamp"] == "1764000000"
    version, _, signature = headers["webhook-signature"].partition(",")
    assert (version, b64decode(signature)) == ("v1", hmac.digest(RAW, signed, sha256))


def test_the_signature_is_that_of_the_example_of_standard_webhooks():
    """From the specification's reference libraries."""
    key = webhook.read_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}', key)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_keys_sign_twice_while_a_receiver_changes_its_own():
    other = f"whsec_{b64encode(RAW[::-1]).decode()}"
    headers = webhook.headers(message("vpc.main"), b"{}", f"{KEY} {other}", 1)
    assert len({*headers["webhook-signature"].split()}) == 2


@pytest.mark.parametrize("key", ["plain", "whsec_AAAA", "whsec_not base64", "whsec_*"])
def test_a_weak_key_is_refused_and_not_shown(key):
    with pytest.raises(Undeliverable) as refused:
        webhook.read_key(key)
    assert key.removeprefix("whsec_") not in str(refused.value)


def test_no_message_holds_a_value():
    """Values may be secrets, and channels are read by many."""
    differences = json.loads(webhook.body(message("iam_role.web.policies.x", actor="user alice")))["data"][
        "differences"
    ]
    assert [{*each} for each in differences] == [{"key", "severity", "finding", "by", "at", "event"}]
