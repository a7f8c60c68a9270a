"""`apply`, in this process, on an embedded AWS in this process."""

import json
import re

from shop_file import OWN_IMAGE, changed
from support import client

from reconciler.cli import main
from reconciler.sandbox import install


def test_a_second_apply_does_nothing_and_tells_the_url_again(applied, capsys):
    assert main(["apply", str(applied)]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(
        r"Plan for shop/dev/us-east-1 in account 123456789012\n\nNothing to do\.\nURL  http://\S+/\n", out
    )
    assert err == ""


def test_progress_goes_to_stderr(file, capsys):
    assert main(["apply", str(file), "--json", "--no-wait"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["outcome"] == "done"
    assert "✓ create vpc.vpc-shop-dev (" in err


def test_what_waits_for_a_person_is_held(file, capsys):
    install(images=False)
    file.write_text(OWN_IMAGE)
    assert main(["plan", str(file)]) == 2
    assert "needs image ecr-repo-web-shop-dev:v1 by then" in capsys.readouterr().out
    assert main(["apply", str(file), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "held"
    assert {h["key"] for h in found["held"]} == {
        "image.ecr-repo-web-shop-dev:v1",
        "ecs_service.svc-web-shop-dev",
    }
    assert 'docker push "$REPOSITORY:v1"' in found["held"][0]["remedy"]
    assert main(["plan", str(file)]) == 2
    out = capsys.readouterr().out
    assert "held: it is not there yet" in out
    assert "docker push" in out
    assert main(["apply", str(file)]) == 3
    out, err = capsys.readouterr()
    assert "‖ image.ecr-repo-web-shop-dev:v1: held: it is not there yet\n    REPOSITORY=" in out
    assert "held because of it: ecs_service.svc-web-shop-dev" in out
    assert out.count("docker push") == 1
    assert re.search(r"‖ await image.ecr-repo-web-shop-dev:v1 \(.* s\): it is not there yet\n", err)


def test_a_digest_that_is_not_there_holds_its_service(file, capsys):
    digest = f"sha256:{'ab' * 32}"
    file.write_text(OWN_IMAGE.replace("{tag: v1}", f'{{digest: "{digest}"}}'))
    assert main(["plan", str(file)]) == 2
    assert f"needs image ecr-repo-web-shop-dev@{digest} by then" in capsys.readouterr().out
    assert main(["apply", str(file)]) == 3
    out = capsys.readouterr().out
    assert f"‖ image.ecr-repo-web-shop-dev@{digest}: held: it is not there yet" in out
    assert "# push the image that has this digest" in out
    assert "docker push" not in out


def test_images_that_need_no_check_hold_nothing(file, capsys):
    install(images=False)
    file.write_text(f"{OWN_IMAGE}images: {{check: false}}\n")
    assert main(["apply", str(file), "--json", "--no-wait"]) == 0
    keys = [change["key"] for change in json.loads(capsys.readouterr().out)["changes"]]
    assert "ecs_service.svc-web-shop-dev" in keys
    assert not [key for key in keys if key.startswith("image.")]


def test_tasks_may_be_started_with_the_parameters_that_they_name(file):
    parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/shop/password"
    changed(file, "    image:", f'    secrets: {{PASSWORD: "{parameter}"}}\n    image:')
    assert main(["apply", str(file)]) == 0
    role = {"RoleName": "ecs-task-execution-shop-dev", "PolicyName": "secrets"}
    statements = client("iam").get_role_policy(**role)["PolicyDocument"]["Statement"]
    (granted,) = (s for s in statements if s["Action"] == ["ssm:GetParameters"])
    assert (granted["Effect"], granted["Resource"]) == ("Allow", [parameter])


def test_a_replacement_needs_its_own_word(applied, capsys):
    file = changed(applied, "services:\n", "load_balancer: {scheme: internal}\nservices:\n")
    assert main(["plan", file]) == 2
    assert "± load_balancer.alb-shop-dev   replaces " in capsys.readouterr().out
    assert main(["apply", file, "--yes"]) == 1
    err = capsys.readouterr().err
    assert "load_balancer.alb-shop-dev, listener.alb-shop-dev-http" in err
    assert "allow it: --allow-replace" in err
    assert main(["apply", file, "--yes", "--allow-replace"]) == 0
    assert main(["plan", file]) == 0
