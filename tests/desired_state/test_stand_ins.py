"""A rehearsal asks AWS for nothing: what only AWS knows has stand-ins of the right form."""

from platform_files import HEAD

from desired_state.load import fill_from_aws
from desired_state.stand_ins import choose_stand_ins

TEXT = """
network: {existing: {vpc: "{ssm:/vpc}", subnets: {public: ["{ssm:/one}", "{cloudformation:net.Two}"]}}}
load_balancer: {listeners: {https: {port: 443, certificate: "{ssm:/{environment}/certificate}"}}}
roles: {boundary: "arn:aws:iam::{account}:policy/{ssm:/boundary}"}
readable_secrets: ["{ssm:/secret}"]
services:
  web:
    image: "{ssm:/registry}/web:1"
    environment: {URL: "https://{ssm:/host}/"}
"""


def test_stand_ins_are_right_where_they_stand(files):
    platform = files.load(HEAD + TEXT)
    filled = fill_from_aws(platform, choose_stand_ins(platform, "123456789012"))
    assert not filled.is_open
    assert filled.network.existing.vpc.id.startswith("vpc-")
    one, other = filled.network.existing.subnets["public"].ids
    assert one != other
    assert one.startswith("subnet-")
    assert filled.roles.boundary == "arn:aws:iam::123456789012:policy/x"
    assert filled.services["web"].environment == {"URL": "https://ssm:/host/"}
    assert filled.services["web"].image.uri == "x/web:1"
