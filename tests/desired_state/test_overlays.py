import pytest
from platform_files import HEAD

from desired_state import LoadError, load


def test_the_argument_wins_over_the_variable_and_that_over_the_file(files):
    files.write("platform: shop\nenvironment: file\n")
    chosen = [
        load(files.path, argument, environ=environ).environment
        for argument, environ in [
            ("argument", {"RECONCILER_ENV": "variable"}),
            (None, {"RECONCILER_ENV": "variable"}),
            (None, {"RECONCILER_ENV": ""}),
            (None, {}),
        ]
    ]
    assert chosen == ["argument", "variable", "file", "file"]


def test_without_an_environment_there_is_no_platform(files):
    assert files.mistakes("platform: shop") == [
        "platform.yaml:1:1: environment: is missing (name of the environment; --env and RECONCILER_ENV win over the file)"
    ]


def test_a_wrong_environment_is_told_with_its_source(files):
    assert files.mistakes(HEAD, "../dev") == [
        "--env: environment: '../dev' is not right: lower-case letters, digits and inner hyphens, such as order-processor"
    ]


def test_the_environment_is_checked_against_every_name_derived_from_it(files):
    assert files.mistakes(HEAD + 'suffix: "{environment}"\nload_balancer: {}\n', "a" * 30) == [
        f"--env: environment: the load balancer would be alb-{'a' * 30}, 34 characters of 32: shorten the environment by 2"
    ]


def test_the_region_of_the_file_wins(files):
    files.write(HEAD)
    assert load(files.path, environ={}, region="eu-west-1").region == "us-east-1"
    files.write("platform: shop\nenvironment: dev\n")
    assert load(files.path, environ={}, region="eu-west-1").stack == "shop/dev/eu-west-1"
    assert load(files.path, environ={}).region is None
    assert load(files.path, environ={}).with_region("eu-west-1").stack == "shop/dev/eu-west-1"


def test_a_region_that_a_name_needs_and_nobody_gives_is_asked_for_in_the_file_or_where_boto3_looks(files):
    (told,) = files.mistakes('platform: shop\nenvironment: dev\nsuffix: "{environment}-{region}"\n')
    assert told.endswith("{region} is not known: write region: in the file, or set AWS_DEFAULT_REGION")


def test_names_are_put_together_from_the_platform(files):
    platform = files.load(
        HEAD + 'suffix: "{environment}-{region}"\ndiscovery: {namespace: "{platform}.{suffix}.local"}\n'
    )
    assert platform.suffix == "dev-us-east-1"
    assert platform.discovery.namespace == "shop.dev-us-east-1.local"


def test_names_end_in_platform_and_environment_by_default(files):
    platform = files.load(HEAD)
    assert (platform.suffix, platform.discovery.namespace) == ("shop-dev", "services-shop-dev.local")


def test_an_overlay_is_merged_deeply_and_its_lists_are_whole(files):
    base = "services: {api: {command: [a, b], environment: {A: base, B: base}}}\n"
    over = "services: {api: {command: [c], environment: {B: over, C: over}}}"
    api = files.load(HEAD + base, dev=over).services["api"]
    assert api.command == ("c",)
    assert api.environment == {"A": "base", "B": "over", "C": "over"}


def test_only_the_overlay_of_the_environment_counts(files):
    assert files.load(HEAD, "test", dev="tags: {a: b}", test="").tags == {}


def test_an_overlay_may_remove_a_service_and_add_one(files):
    platform = files.load(HEAD + "services: {api: {}, web: {}}\n", dev="services: {web: , jobs: {new: true}}")
    assert list(platform.services) == ["api", "jobs"]


@pytest.mark.parametrize(
    ("over", "mistake"),
    [
        ("wbe: {port: 81}", "wbe: the file has no service wbe; did you mean web? (a new one says new: true)"),
        (
            "jobs: {port: 81}",
            "jobs: the file has no service jobs; there are api, web (a new one says new: true)",
        ),
        ("web: {new: true}", "web.new: web is in the file already; leave it out"),
        ("jobs: {new: yes}", "jobs.new: write new: true, or leave it out"),
    ],
)
def test_a_service_of_an_overlay_is_in_the_file_or_says_that_it_is_new(files, over, mistake):
    found = files.mistakes(HEAD + "services: {api: {}, web: {}}\n", dev=f"services: {{{over}}}")
    position = "1:18" if ".new" in mistake and "web" in mistake else "1:19" if ".new" in mistake else "1:12"
    assert found == [f"environments/dev.yaml:{position}: services.{mistake}"]


def test_a_service_that_an_overlay_removes_is_in_the_file(files):
    assert files.mistakes(HEAD + "services: {api: {}, web: {}}\n", dev="services: {wbe: null}") == [
        "environments/dev.yaml:1:12: services.wbe: the file has no service wbe; did you mean web?"
    ]


def test_only_an_overlay_says_that_a_service_is_new(files):
    assert files.mistakes(HEAD + "services: {api: {new: true}}\n") == [
        "platform.yaml:4:18: services.api.new: is not a key here: leave it out: only an overlay says it of a service"
    ]


def test_an_overlay_does_not_remove_all_services_by_a_bare_key(files):
    assert files.mistakes(HEAD + "services: {api: {}}\n", dev="services:\n#  api: {cpu: 512}\n") == [
        "environments/dev.yaml:1:1: services: has nothing after it, which would remove every service; name those to remove"
    ]


def test_defaults_need_no_services(files):
    assert files.load(HEAD + "service_defaults: {cpu: 512}\n").services == {}


def test_null_removes_what_the_defaults_say(files):
    base = "service_defaults: {scaling: {max: 3, cpu: 50}, tracing: {xray: {}}}\nservices: {api: {scaling: null}, web: {}}\n"
    platform = files.load(HEAD + base, dev="services: {web: {tracing: null}}")
    api, web = platform.services["api"], platform.services["web"]
    assert (api.scaling, web.tracing.xray) == (None, None)
    assert (api.tracing.xray is not None, web.scaling is not None) == (True, True)


def test_a_service_completes_the_defaults(files):
    base = "service_defaults: {scaling: {min: 2, cpu: 50}}\nservices: {api: {scaling: {max: 4}}}\n"
    scaling = files.load(HEAD + base).services["api"].scaling
    assert (scaling.min, scaling.max, scaling.cpu) == (2, 4, 50)


def test_the_nearer_choice_of_an_image_ends_the_farther_one(files):
    digest = "sha256:" + "0" * 64
    base = f'service_defaults: {{image: {{tag: v1, keep: 3}}}}\nservices: {{api: {{image: {{digest: "{digest}"}}}}}}\n'
    image = files.load(HEAD + base).services["api"].image
    assert (image.tag, image.digest, image.keep) == (None, digest, 3)


def test_a_redirect_takes_the_place_of_an_answer(files):
    base = "load_balancer: {listeners: {http: {port: 80, default: {status: 404}}}}\n"
    http = files.load(HEAD + base, dev="load_balancer: {listeners: {http: {redirect: {}}}}")
    redirect = http.load_balancer.listeners["http"].redirect
    assert (redirect.protocol, redirect.port, redirect.status) == ("HTTPS", 443, 301)


def test_a_certificate_makes_a_listener_https(files):
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/1234"
    listeners = f"load_balancer: {{listeners: {{https: {{port: 443, certificate: '{arn}'}}}}}}\n"
    assert files.load(HEAD + listeners).load_balancer.listeners["https"].protocol == "HTTPS"


def test_aliases_and_merge_keys_are_written_out(files):
    text = "services:\n  api: &small {cpu: 512, memory: 1024, environment: &vars {A: a, B: b}}\n  web: {<<: *small, cpu: 256, environment: {<<: [{A: first}, *vars]}}\n  jobs: *small\n"
    services = files.load(HEAD + text).services
    assert services["jobs"] == services["api"]
    assert (services["web"].cpu, services["web"].memory) == (256, 1024)
    assert services["web"].environment == {"A": "first", "B": "b"}


def test_mistakes_name_the_file_and_the_key_where_they_were_made(files):
    base = "service_defaults: {cpu: 300}\nservices:\n  api: {memory: 512}\n  web: {memory: 512}\n"
    assert files.mistakes(HEAD + base, dev="# dev\nservices:\n  api: {port: 0}\n") == [
        "environments/dev.yaml:3:9: services.api.port: 0 is out of range: 1 to 65535",
        "platform.yaml:4:20: service_defaults.cpu: 300 is not one of 256, 512, 1024, 2048, 4096, 8192, 16384; did you mean 256?",
    ]


def test_an_overlay_that_is_no_yaml_is_told_with_what_is_known_of_the_file(files):
    assert files.mistakes(HEAD + "tags: {a: b, a: c}\n", dev="tags: [") == [
        "environments/dev.yaml:1:8: is not YAML: expected the node content, but found '<stream end>'",
        "platform.yaml:4:14: tags.a: is written twice, first in line 4",
    ]


def test_an_overlay_that_cannot_be_looked_for_is_told_and_not_passed_over(files):
    files.path.write_text(HEAD)
    folder = files.path.parent / "environments"
    folder.symlink_to(folder)
    with pytest.raises(LoadError, match=rf"^{folder}/dev\.yaml: too many levels of symbolic links"):
        load(files.path, environ={})


def test_an_overlay_cannot_choose_the_environment(files):
    assert files.mistakes(HEAD, dev="environment: prod") == [
        "environments/dev.yaml:1:1: environment: an overlay cannot choose the environment"
    ]


def test_null_removes_a_variable_that_the_file_or_the_defaults_give(files):
    base = "service_defaults: {environment: {A: a}}\nservices: {api: {environment: {A: null, B: b}}, web: {}}\n"
    platform = files.load(
        HEAD + base, dev="services: {api: {environment: {B: null}}, web: {environment: {A: null}}}"
    )
    assert [service.environment for service in platform.services.values()] == [{}, {}]
    assert files.mistakes(HEAD + base, dev="services: {web: {environment: {B: null}}}") == [
        'environments/dev.yaml:1:32: services.web.environment.B: has nothing after it; write "" for an empty text, or leave it out'
    ]


@pytest.mark.parametrize("nothing", ["null", "none"])
def test_an_overlay_takes_away_the_load_balancer_and_the_port(files, nothing):
    base = (
        "load_balancer: {idle_timeout: 9}\nservices: {api: {port: 80, routes: [{priority: 1, paths: [/]}]}}\n"
    )
    over = f"load_balancer: {nothing}\nservices: {{api: {{port: {nothing}, routes: {nothing}}}}}\n"
    platform = files.load(HEAD + base, dev=over)
    assert (platform.load_balancer, platform.services["api"].port, platform.services["api"].routes) == (
        None,
        None,
        (),
    )


def test_what_an_overlay_says_takes_the_place_of_null_in_the_file(files):
    base = "load_balancer: null\nservices: {api: {port: none, scaling: null}}\n"
    over = "load_balancer: {idle_timeout: 9}\nservices: {api: {port: 81, scaling: {max: 2, cpu: 50}}}\n"
    platform = files.load(HEAD + base, dev=over)
    api = platform.services["api"]
    assert (platform.load_balancer.idle_timeout, api.port, api.scaling.max) == (9, 81, 2)


def test_null_for_the_answer_of_a_listener_keeps_the_redirect_that_the_file_gives(files):
    base = "load_balancer: {listeners: {http: {port: 80, redirect: {}}}}\n"
    (told,) = files.mistakes(HEAD + base, dev="load_balancer: {listeners: {http: {default: null}}}")
    assert "load_balancer.listeners.http.default: is null, and cannot be absent" in told
