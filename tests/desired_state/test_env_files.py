"""Files of variables are read as compose reads them, but for the shell's variables, which nobody has here."""

import pytest

from desired_state.endpoints import find_needed
from desired_state.env_file import read_variables
from desired_state.tree import Located
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.resources.iam_role import IamRole

HEAD = "platform: shop\nenvironment: dev\nregion: us-east-1\n"
FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=x", "x"),
        ("export A = x y ", "x y"),
        ("A=", ""),
        ("A= # nothing", ""),
        ("A=x # said", "x"),
        ("A=x# not said", "x# not said"),
        ("A=#x", "#x"),
        ("A='x # y' # said", "x # y"),
        ("A='$B ${C} \\n'", "$B ${C} \\n"),
        (r"A='Let\'s go'", "Let's go"),
        (r'A="{\"a\": \"b\\n\"}"', '{"a": "b\\n"}'),
        (r'A="a\tb\nc\d\$E"', "a\tb\nc\\d$E"),
        ('A="one\ntwo"', "one\ntwo"),
        ("A=a=b", "a=b"),
        ("A=5 $", "5 $"),
        ("# A=x\n\n  A=y\r", "y"),
    ],
)
def test_a_line_is_read_as_compose_reads_it(tmp_path, line, value):
    (tmp_path / "web.env").write_bytes(f"{line}\n".encode())
    (found,) = read_variables(tmp_path / "web.env", ())
    assert isinstance(found, Located)
    assert (found.where, found.value) == (("A",), value)


NO_VARIABLE = "is no NAME=value, and nothing is taken from the shell"
OF_THE_SHELL = "holds $NAME, and nothing is taken from the shell: write it in single quotes if it is meant so"
QUOTATION = "has a quotation that does not end, or more behind it"


@pytest.mark.parametrize(
    ("line", "where", "told"),
    [
        ("A", "", NO_VARIABLE),
        ("A: hunter2", "", NO_VARIABLE),
        ("A=$B", ".A", OF_THE_SHELL),
        ('A="${HOME}/x"', ".A", OF_THE_SHELL),
        ("A='hunter2", ".A", QUOTATION),
        ('A="hunter2" x', ".A", QUOTATION),
    ],
)
def test_a_mistake_is_told_with_the_line_of_the_file_and_without_what_is_there(files, line, where, told):
    (files.path.parent / "web.env").write_text(f"B=b\n{line}\nC=c\n")
    found = files.mistakes(f"{HEAD}services: {{web: {{env_file: web.env}}}}\n")
    assert found == [f"web.env:2:1: services.web.environment{where}: {told}"]


def test_the_last_file_counts_and_environment_outweighs_all(files):
    (files.path.parent / "one.env").write_text("A={environment}\nB=1\nC=1\n")
    (files.path.parent / "two.env").write_text("B=2\nC=2\nC=3\nD=4\n")
    services = "services: {web: {env_file: [one.env, two.env], environment: {C: 4, D: null}}}\n"
    assert files.load(HEAD + services).services["web"].environment == {"A": "{environment}", "B": "2", "C": "4"}


def test_an_overlay_names_files_beside_itself(files):
    (files.path.parent / "environments").mkdir()
    (files.path.parent / "web.env").write_text("A=all")
    (files.path.parent / "environments" / "web.env").write_text("A=dev")
    text = f"{HEAD}service_defaults: {{env_file: web.env}}\nservices: {{web: {{}}, api: {{}}}}\n"
    services = files.load(text, "dev", dev="services: {web: {env_file: web.env}}").services
    assert {name: service.environment["A"] for name, service in services.items()} == {
        "web": "dev",
        "api": "all",
    }


def test_a_secret_may_not_have_the_name_of_a_variable_of_a_file(files):
    (files.path.parent / "web.env").write_text("A=1")
    services = "services: {web: {env_file: web.env, secrets: {A: /shop/a}}}\n"
    (told,) = files.mistakes(HEAD + services)
    assert "services.web.secrets.A: is in environment too" in told


def test_a_private_task_needs_the_way_to_s3_for_them(files):
    network = "network: {subnets: {public: {}, private: {}}, endpoints: auto}\nload_balancer: null\n"
    services = "services: {web: {image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1, env_file: s3://shop/a.env}}\n"
    assert find_needed(files.load(HEAD + network + services))["s3"] == "images of web; env_file of web"


def test_the_execution_role_may_read_exactly_the_files_in_s3(files):
    services = "services: {web: {env_file: [s3://shop/b/web.env, 'arn:aws:s3:::shop/all.env']}, api: {}}\n"
    specs = blueprint(files.load(HEAD + services), FACTS)
    (policy,) = [s.policies["env-files"] for s in specs if isinstance(s, IamRole) and "env-files" in s.policies]
    assert {(*s.actions, *sorted(s.resources)) for s in policy.statements} == {
        ("s3:GetObject", "arn:aws:s3:::shop/all.env", "arn:aws:s3:::shop/b/web.env"),
        ("s3:GetBucketLocation", "arn:aws:s3:::shop"),
    }
