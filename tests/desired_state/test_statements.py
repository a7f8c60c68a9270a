from platform_files import HEAD

STATEMENT = "{actions: ['sqs:*'], resources: ['*'], conditions: {StringEquals: {aws:SourceVpc: %s}}}"


def test_a_condition_with_one_value_needs_no_list(files):
    text = f"services: {{api: {{permissions: [{STATEMENT % 'vpc-1'}, {STATEMENT % '[vpc-1, vpc-2]'}]}}}}\n"
    conditions = [statement.conditions for statement in files.load(HEAD + text).services["api"].permissions]
    assert conditions == [
        {"StringEquals": {"aws:SourceVpc": ("vpc-1",)}},
        {"StringEquals": {"aws:SourceVpc": ("vpc-1", "vpc-2")}},
    ]
