"""The digest of a file, by which a run knows whether it is the one that was applied last."""

from platform_files import HEAD

from desired_state import load

JOB = "drift_correction: {every: 15m}\n"
IGNORED = "drift: {ignore: [service.web.desired_count], correct: none}\n"


def digest(files, text: str) -> str:
    files.write(HEAD + text)
    return load(files.path, environ={}).digest


def test_comments_and_order_are_no_other_file(files):
    lines = ["lease: true\n", "# why\n", JOB]
    assert digest(files, "".join(lines)) == digest(files, "".join(reversed(lines)))


def test_what_becomes_of_drift_is_applied_with_the_job_only(files):
    """The job's command and rights are by it, and the file in its image is another one until it is pushed."""
    assert digest(files, IGNORED) == digest(files, "")
    assert digest(files, JOB + IGNORED) != digest(files, JOB)


def test_each_form_of_a_value_counts(files):
    """A key that takes a word or a list is written down without a warning."""
    private = "services: {web: {}}\nnetwork: {subnets: {public: {}, private: {}}, endpoints: %s}\n"
    assert digest(files, private % "auto") != digest(files, private % "[s3, ecr, logs]")
