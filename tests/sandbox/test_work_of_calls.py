"""A call takes as much work beside many resources as beside few: a platform of hundreds is no slower."""

from collections import defaultdict

from moto.core.responses import BaseResponse
from whole import applied, varied
from work import count_lines

SERVICES = 16
READS = ("Describe", "Get", "List")


def test_calls_beside_many_things_are_no_more_work(aws, tmp_path, monkeypatch):
    lines = defaultdict(list)  # of each call, by service and operation
    original = BaseResponse.call_action

    def counted(response):
        if response._get_action().startswith(READS):  # those of lists grow with what they list
            return original(response)
        answers = []
        number = count_lines(lambda: answers.append(original(response)))
        lines[response.boto3_service_name, response._get_action()].append(number)
        return answers[0]

    monkeypatch.setattr(BaseResponse, "call_action", counted)
    platform = varied(tmp_path, SERVICES)
    applied(platform)
    of_each = {call: found for call, found in lines.items() if len(found) >= SERVICES}
    half = SERVICES // 2  # the least of each: services come in any order, and some have longer documents
    grown = {call: min(found[-half:]) / min(found[:half]) for call, found in of_each.items()}
    assert {("ecs", "CreateService"), ("iam", "CreateRole"), ("logs", "PutRetentionPolicy")} < grown.keys()
    assert {call: times for call, times in grown.items() if times > 1.25} == {}
