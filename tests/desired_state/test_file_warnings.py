from desired_state.warnings import find_warnings

HEAD = "platform: shop\nenvironment: dev\nregion: us-east-1\nservices:\n  web:\n    port: 80\n    routes:\n"


def routes(number: int) -> str:
    return HEAD + "".join(f"      - {{priority: {n}, paths: [/{n}]}}\n" for n in range(1, number + 1))


def test_a_default_quota_that_the_file_passes_is_a_warning(files):
    assert not [*find_warnings(files.load(routes(100)))]
    (warning,) = find_warnings(files.load(routes(101)))
    assert warning.where == ("services",)
    assert warning.message.startswith("101 routes; an account has a quota of 100 rules for a load balancer")


def test_a_description_of_a_range_that_may_not_connect_is_a_warning(files):
    text = f"{routes(1)}load_balancer: {{ingress: [10.0.0.0/8], ingress_descriptions: {{%s: office}}}}\n"
    assert not [*find_warnings(files.load(text % "10.0.0.0/8"))]
    (warning,) = find_warnings(files.load(text % "10.0.0.0/9"))
    assert warning.message == "10.0.0.0/9 is described, and is not in `load_balancer.ingress`"


def test_a_job_that_can_correct_nothing_is_a_warning(files):
    job = f"{routes(1)}lease: false\ndrift_correction: {{correct: %s}}\n"
    assert not [*find_warnings(files.load(job % "none"))]
    (warning,) = find_warnings(files.load(job % "safe"))
    assert warning.where == ("lease",)
