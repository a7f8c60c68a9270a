import json
import random
import string

import pytest
from secrets_table import HARMLESS, PLANTED
from work import grows_linearly

from desired_state.secrecy import HIDDEN, find_secrets, hide, hide_in_text, hide_known
from desired_state.secrecy.randomness import is_random

BASE64 = string.ascii_letters + string.digits + "+/"
HEX = string.digits + "abcdef"


@pytest.mark.parametrize(("name", "value", "shown"), PLANTED)
def test_of_a_secret_only_the_rest_is_shown(name, value, shown):
    assert hide(name, value) == shown


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_a_harmless_value_is_shown(name, value):
    assert hide(name, value) == value


@pytest.mark.parametrize(("name", "value", "shown"), PLANTED)
def test_the_judge_can_say_which_parts_it_hides(name, value, shown):
    found = [*find_secrets(name, value)]
    assert found
    assert all(secret in value and secret not in shown for secret in found)


@pytest.mark.parametrize(("name", "value", "shown"), PLANTED)
def test_what_is_shown_is_shown_again_as_it_is(name, value, shown):
    assert hide(name, shown) == shown
    assert hide_in_text(shown) == shown


@pytest.mark.parametrize(("name", "value", "shown"), PLANTED)
def test_a_secret_is_found_in_what_others_say(name, value, shown):
    secrets = {*find_secrets(name, value)}
    said = hide_known(f"Invalid value '{value}' for {name}: [{value}] must not be empty", secrets)
    assert not any(secret in said for secret in secrets)


def test_of_two_secrets_the_longer_one_is_hidden_whole():
    assert hide_known("said hunter2-and-more", ["hunter2", "hunter2-and-more"]) == f"said {HIDDEN}"


def test_what_others_say_may_show_a_secret_that_the_file_does_not_have():
    assert (
        hide_known("cannot run migrate --password=winter-sun", []) == f"cannot run migrate --password={HIDDEN}"
    )


@pytest.mark.parametrize("quote", [json.dumps, repr])
def test_a_secret_is_hidden_however_a_text_quotes_it(quote):
    secret = "win\"ter's \n sün"
    assert "ter" not in hide_known(f"wrong: {quote(secret)}", [secret])


def test_the_name_of_a_value_may_stand_beside_it():
    pairs = json.dumps([{"Key": "DB_PASSWORD", "Value": "winter"}, {"Key": "MODE", "Value": "fast"}])
    assert hide("labels", pairs) == pairs.replace("winter", HIDDEN)
    words = json.dumps(["migrate", "--password=winter-sun", "upwards"])
    assert hide("command", words) == words.replace("winter-sun", HIDDEN)


def test_a_short_secret_does_not_tear_words():
    assert hide_known("the dev cluster of developers", {"dev", "e"}) == "the dev cluster of developers"
    assert hide_known("role of developers, not devel", {"devel"}) == "role of developers, not (hidden)"
    assert (
        hide_known(r"line\nhunter2, xhunter2345x", {"hunter2", "hunter2345"}) == r"line\n(hidden), x(hidden)x"
    )


@pytest.mark.parametrize(
    "said",
    [
        "ExpiredToken: The security token included in the request is expired",
        "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: secretsmanager:GetSecretValue",
        "Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abcdef1234567890ABCDEF",
        "(service shop-api) was unable to place task 9f86d081884c7d659a2feaa0c55ad015.",
        "The value for 'retentionInDays' is not one of [1, 3, 5]",
        "look at `secrets:` of the service: {DB_PASSWORD: /shop/dev/db}",
        "Key=ecs-reconciler:stack,Value=shop/dev/us-east-1 Key=ecs-reconciler:name,Value=main",
    ],
)
def test_what_aws_says_without_a_secret_stays_as_it_is(said):
    assert hide_known(said, {"hunter2"}) == said


@pytest.mark.parametrize(
    ("alphabet", "length", "share"), [(BASE64, 20, 0.9), (BASE64, 40, 0.98), (HEX, 32, 0.99)]
)
def test_random_keys_look_random(alphabet, length, share):
    chance = random.Random(0)  # noqa: S311 - the same keys each time
    keys = ("".join(chance.choices(alphabet, k=length)) for _ in range(1000))
    assert sum(map(is_random, keys)) >= 1000 * share


@pytest.mark.parametrize(
    "part",
    [
        "//a:",
        "a=",
        '"a":"',
        "password=",
        "eyJ-",
        "curl ",
        "--token ",
        "-----BEGIN PRIVATE KEY-----",
        "a.b-c_d",
        "[",
        '{"a":',
    ],
)
def test_a_value_of_twice_the_length_takes_twice_the_time(part):
    def prepare(length):
        value = part * (length // len(part))
        return lambda: hide("PLAIN", value)

    assert grows_linearly(prepare, 16 * 1024)
