"""A report as a page: all that it tells is there, nothing in it runs, and it asks nobody for anything."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from reports import ALICE, AT, ATTACK, LEFT, STOPPED, TAGGED, damaged, hostile, report

from reconciler.model.correction import Correction, Ended, Reason, Waiting
from reconciler.model.drift import Attribution, Known, Severity
from reconciler.render.drift_html import drift_html
from reconciler.render.html.document import hash_of, style
from reconciler.render.html.markup import Html, between, element, join, raw
from reconciler.render.html.when import moment


class Words(HTMLParser):
    """The words, the elements and the attributes of a page, as a browser understands them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements, self.attributes, self.words, self._within = set(), [], "", ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs
        self._within = tag

    def handle_data(self, data):
        self.words += "" if self._within == "style" else f" {data}"


def words(page: str) -> str:
    """Return the words of a page as they are read."""
    one_line = " ".join(Words(page).words.split())
    return re.sub(r" ([,.)])", r"\1", one_line).replace("( ", "(")


def test_it_tells_what_differs_how_bad_it_is_who_did_it_and_since_when():
    told = words(drift_html(damaged(), since={STOPPED.key: "2026-11-28T10:00:00+00:00"}))
    assert "5 differences: 1 security, 2 availability, 1 configuration, 1 tags" in told
    assert "ecs_service. orders service orders desired_count found 0 wanted 3 user alice" in told
    assert "UpdateService, console, 28 Nov 2026, 09:58 UTC" in told
    assert "drifts since 28 Nov 2026, 10:00 UTC" in told
    assert "CloudTrail does not show yet who changed it" in told
    assert "ingress found tcp 22 0.0.0.0/0 wanted the file does not have it" in told
    assert "scalable_target. orders service orders missing found AWS does not have it" in told
    orphan = words(drift_html(report(LEFT)))
    assert "ecr_repository. old old-1 not in the file wanted the file does not have it" in orphan


def test_it_tells_what_is_beside_the_drift():
    told = words(drift_html(damaged()))
    for title in (
        "Not compared 1 iam_role iam:GetRolePolicy is not allowed",
        "Dangerous, and not in the file 1 security load_balancer.alb",
        "Foreign, inside of what is ours 1 configuration ecs_service.canary",
        "Remarks 1",
        "Not applied yet 1 ecs_service. web",
        "Ignored 1 ecs_service. web",
        "Left open by the file 1 load_balancer.alb.idle_timeout is 120, by default 60 (to set it: idle)",
        "last applied 28 Nov 2026, 10:12 UTC by arn:aws:sts::123456789012:assumed-role/ci/deploy",
    ):
        assert title in told


def test_it_tells_what_became_of_the_drift():
    corrections = (Correction(TAGGED.key, Severity.TAGS, AT, Ended.DONE, "TagResource"),)
    waits = (Waiting(STOPPED.key, Severity.AVAILABILITY, Reason.WINDOW, "for Mon-Fri 08:00", AT),)
    told = words(drift_html(damaged(), corrections, waits))
    assert "corrected TagResource (28 Nov 2026, 10:12 UTC)" in told
    assert "waiting for Mon-Fri 08:00 (28 Nov 2026, 10:12 UTC)" in told
    gone = words(drift_html(report(), waiting=waits))
    assert "Corrections that wait 1 availability ecs_service.orders.desired_count waiting" in gone


def test_why_nothing_or_one_thing_is_not_corrected_is_told():
    held = replace(STOPPED, held="it restarts tasks")
    told = words(drift_html(report(held, obstacle="run apply")))
    assert "Nothing is corrected: run apply" in told
    assert "held it restarts tasks" in told


def test_a_reason_of_most_differences_is_told_once():
    found = [replace(STOPPED, path=f"cpu{n}", held="it restarts tasks") for n in range(5)]
    other = replace(found.pop(), held="it is protected")
    waits = [Waiting(d.key, d.severity, Reason.CONSENT, d.held) for d in found]
    for told in (
        words(drift_html(report(*found, other))),
        words(drift_html(report(*found, other), waiting=waits)),
    ):
        assert "Not corrected, unless another reason is told: it restarts tasks" in told
        assert told.count("it restarts tasks") == 1
        assert "held it is protected" in told


def test_what_a_difference_means_is_told_with_it():
    told = words(drift_html(report(replace(STOPPED, note="nothing runs"))))
    assert "desired_count nothing runs found 0" in told


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(ALICE, exact=True), "user alice, UpdateService"),
        (ALICE, "user alice, last to touch it, UpdateService"),
        (replace(ALICE, by_us=True), "user alice (a run of this program)"),
        (Attribution(Known.NOT_ALLOWED), "cloudtrail:LookupEvents"),
        (Attribution(Known.TOO_OLD), "more than 90 days ago"),
    ],
)
def test_it_says_no_more_of_the_author_than_aws_does(found, said):
    assert said in words(drift_html(report(STOPPED, who={STOPPED.key: found})))


def test_a_clean_report_says_that_all_was_compared():
    assert "No drift: all of it was compared" in words(drift_html(report()))


def test_secrets_are_not_in_it():
    page = drift_html(damaged())
    assert "hunter" not in page
    assert "found (hidden) wanted (hidden, changed)" in words(page)


def test_what_others_wrote_is_only_text():
    page, harmless = Words(drift_html(hostile())), Words(drift_html(damaged()))
    assert page.elements <= harmless.elements | {"mark"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    shown = ATTACK.replace("\u202e", "\\u202e")
    assert page.words.count(shown) > 20


def test_it_asks_nobody_for_anything_and_runs_no_script():
    page = Words(drift_html(hostile()))
    links = {value for name, value in page.attributes if name in {"src", "href"}}
    assert all(link.startswith("data:image/svg+xml,") for link in links)
    assert "script" not in page.elements
    (policy,) = (value for name, value in page.attributes if name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'")
    assert policy.endswith(f"style-src {hash_of(style())}")
    assert not re.search(r"url\(|@import", style())


def test_of_many_differences_the_first_are_shown_and_the_others_counted():
    many = [replace(TAGGED, path=f"tags.{n:03}") for n in range(230)]
    told = words(drift_html(report(*many)))
    assert "tags.199" in told
    assert "tags.200" not in told
    assert "and 30 more" in told


@pytest.mark.parametrize(
    ("live", "want", "marked"),
    [
        ("/healthz/of-the-console", "/healthz/of-the-file", ["conso", "fi"]),
        ("one", "two", []),
        ({"a": "x" * 90, "b": 1}, {"a": "x" * 90, "b": 2}, ["&quot;b&quot;: 1", "&quot;b&quot;: 2"]),
    ],
)
def test_what_differs_in_two_values_is_marked(live, want, marked):
    page = drift_html(report(replace(STOPPED, live=live, want=want)))
    assert re.findall("<mark>(.*?)</mark>", page) == marked


def test_a_long_value_is_cut_and_says_so():
    told = words(drift_html(report(replace(STOPPED, live="x" * 5_000))))
    assert "… (1,000 more characters)" in told


def test_what_is_formatted_with_markup_is_a_text_again():
    bold = element("b", "<")
    assert element("p", f"{bold}") == "<p>&lt;b&gt;&amp;lt;&lt;/b&gt;</p>"
    assert element("p", bold, [None, ">"]) == "<p><b>&lt;</b>&gt;</p>"


def test_attributes_that_are_false_are_left_out_and_others_are_quoted():
    made = element("br", class_='a"b', data_key="x", hidden=True, open=False, title=None)
    assert made == '<br class="a&quot;b" data-key="x" hidden>'
    assert join(made, "&") == f"{made}&amp;"
    assert between(", ", (None, "a", Html(""), "b")) == "a, b"


@pytest.mark.parametrize("code", ["a</style>", "a</SCRIPT >", "<!-- a"])
def test_code_that_could_end_its_element_is_refused(code):
    with pytest.raises(ValueError, match="end its element"):
        raw(code)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (
            "2026-11-28T10:12:21+01:00",
            '<time datetime="2026-11-28T09:12:21+00:00">28 Nov 2026, 09:12 UTC</time>',
        ),
        ("<yesterday>", "<span>&lt;yesterday&gt;</span>"),
    ],
)
def test_times_are_shown_in_utc_and_what_is_none_as_it_is(at, shown):
    assert moment(at) == shown
