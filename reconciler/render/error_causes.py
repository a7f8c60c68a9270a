"""The likely causes of AWS's errors on a platform like this, and their remedies, as data."""

from typing import NamedTuple


class Cause(NamedTuple):
    """The likely cause of errors that match `code`, `says` and `operation`; an empty one matches all."""

    code: str  # AWS's or botocore's, without `Exception`
    says: str  # a part of the message, in upper or lower case
    operation: str  # boto3's method name, or its beginning
    cause: str
    remedy: str


LOG_IN = "log in again (aws sso login, or however these credentials are made) and run the same command"
RUN_AGAIN = "run the same command again: it goes on from here"
NO_WAY_THROUGH = (
    "a proxy, a VPC endpoint or a firewall takes the connection and lets nothing through; or AWS is slow"
)
GATEWAY = "a proxy or gateway answers in AWS's place that it cannot reach AWS"
CHECK_WAY = "check HTTPS_PROXY and NO_PROXY, the security group of the VPC endpoint, and the firewall"
WHO_AM_I = "aws sts get-caller-identity shows who you are"

CAUSES: tuple[Cause, ...] = (  # the first that matches an error explains it
    # Credentials, network, configuration: before anything is done.
    Cause("NoCredentialsError", "", "", "boto3 found no AWS credentials", "set AWS_PROFILE, or log in; or try --sandbox"),
    Cause("PartialCredentialsError", "", "", "the AWS credentials are incomplete", "give both the key id and the secret"),
    Cause("ProfileNotFound", "", "", "AWS_PROFILE names a profile that is not configured", "aws configure list-profiles shows them"),
    Cause("ExpiredToken", "", "", "the session's credentials have expired", LOG_IN),
    Cause("RequestExpired", "", "", "the credentials have expired, or this machine's clock is wrong", LOG_IN),
    Cause("UnauthorizedSSOTokenError", "", "", "the SSO session has ended", LOG_IN),
    Cause("SSOTokenLoadError", "", "", "there is no SSO session", LOG_IN),
    Cause("TokenRetrievalError", "", "", "the SSO session has ended", LOG_IN),
    Cause("CredentialRetrievalError", "", "", "the program or role that gives credentials failed", "try it by itself"),
    Cause("InvalidClientTokenId", "", "", "AWS does not know this access key", WHO_AM_I),
    Cause("UnrecognizedClient", "", "", "AWS does not know this access key", WHO_AM_I),
    Cause("AuthFailure", "", "release_address", "the address's NAT gateway has just gone, or somebody uses the address", RUN_AGAIN),
    Cause("AuthFailure", "", "", "the key is wrong, or the region is not enabled in this account", WHO_AM_I),
    Cause("SignatureDoesNotMatch", "", "", "the secret key is wrong, or this machine's clock is", WHO_AM_I),
    Cause("OptInRequired", "", "", "the account has not been activated for this service or region", "activate it in the console"),
    Cause("NoRegionError", "", "", "no region is known", "set `region:` in the file, or AWS_DEFAULT_REGION"),
    Cause("EndpointConnectionError", "", "", "AWS could not be reached, or the region does not exist", "check the network and the region's name"),
    Cause("ConnectTimeoutError", "", "", "AWS could not be reached", "check the network and its proxy"),
    Cause("ProxyConnectionError", "", "", "the proxy could not be reached", "check HTTPS_PROXY"),
    Cause("ReadTimeoutError", "", "", NO_WAY_THROUGH, CHECK_WAY),
    Cause("ConnectionClosedError", "", "", NO_WAY_THROUGH, CHECK_WAY),
    Cause("ForeignAnswer", "", "", "a proxy, or a page that asks for a login, answers in AWS's place", "log in to that network; check HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL if it is set"),
    Cause("502", "", "", GATEWAY, CHECK_WAY),
    Cause("503", "", "", GATEWAY, CHECK_WAY),
    Cause("504", "", "", GATEWAY, CHECK_WAY),
    Cause("SSLError", "", "", "the connection is not trusted: perhaps a proxy is in between", "set AWS_CA_BUNDLE to its certificate"),
    Cause("OtherRun", "", "", "two runs made this stack at once, without a lease", "wait until the other one has ended, then run the same command: it keeps one of each and deletes the rest"),
    Cause("LeaseLost", "", "", "", f"`lease show` shows who has it; then {RUN_AGAIN}"),
    Cause("SecretUnusable", "", "", "", f"give the secret such a value, or name another key at `auth:` in the file; then {RUN_AGAIN}"),
    # ECS
    Cause("InvalidParameter", "not idempotent", "create_service", "a service of this name exists with other settings, or is still draining", f"wait until it is INACTIVE; {RUN_AGAIN}"),
    Cause("InvalidParameter", "does not have an associated load balancer", "", "no listener or rule sends to the target group yet", f"{RUN_AGAIN}; if it persists, look at the listener's rules"),
    Cause("InvalidParameter", "unable to assume the service linked role", "", "ECS's own role is being made, as in every new account, or was deleted", "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"),
    Cause("InvalidParameter", "unable to assume role", "", "IAM does not yet show the role to ECS, or its trust policy is wrong", RUN_AGAIN),
    Cause("InvalidParameter", "ecs service role being passed has the proper permissions", "", "IAM does not yet show the role to ECS", RUN_AGAIN),
    Cause("InvalidParameter", "draining", "", "the old service of this name still stops its tasks", RUN_AGAIN),
    Cause("InvalidParameter", "deployments are active", "delete_service", "a deployment of the service is under way", RUN_AGAIN),
    Cause("ServiceNotActive", "", "", "the service is being deleted, by somebody else perhaps", RUN_AGAIN),
    Cause("ClusterContainsServices", "", "", "services that are not this stack's run in the cluster, or ours still drain", "aws ecs list-services --cluster NAME shows them"),
    Cause("ClusterContainsTasks", "", "", "tasks still run in the cluster", "aws ecs list-tasks --cluster NAME shows them"),
    Cause("ResourceInUse", "capacity provider", "", "a service's own strategy names the capacity provider", "take it out of that service first"),
    Cause("UpdateInProgress", "", "", "the cluster is being changed", RUN_AGAIN),
    Cause("Client", "no fargate configuration exists", "", "Fargate does not offer this pair of cpu and memory", "choose another pair in the file"),
    Cause("Client", "max allowed length", "register_task_definition", "the task definition is larger than ECS takes, which no request raises", "put long values where the service reads them itself, such as S3 or SSM"),
    Cause("Client", "too many concurrent attempts", "", "somebody else registers revisions of this family", RUN_AGAIN),
    Cause("", "CannotPullContainer", "", "the image or its tag is not there, or the task has no way to ECR or its execution role no right to pull", "push the image; check that the service has public addresses and a route to the internet"),
    Cause("", "ResourceInitializationError", "", "the task could not get its secrets, logs or image before it started", "check the ARNs under `secrets:` and that the execution role may read them"),
    Cause("", "unable to assume the role", "", "the task's role is not yet visible, or does not trust ecs-tasks.amazonaws.com", RUN_AGAIN),
    Cause("", "failed elb health checks", "", "the tasks run, but do not answer the health check", "check its path and port, and a longer grace_period; the log group tells what they do"),
    Cause("", "Essential container in task exited", "", "the program itself ended", "its log group tells why"),
    Cause("", "OutOfMemory", "", "a container used more memory than it has", "raise `memory:` of the service"),
    Cause("", "circuit breaker", "", "too many tasks failed to start or to become healthy", "look at the stopped tasks above and at the log group"),
    # Load balancing
    Cause("DuplicateLoadBalancerName", "", "", "a load balancer of this name exists with other settings", "choose another `suffix` in the file, or remove it"),
    Cause("DuplicateTargetGroupName", "", "", "a target group of this name exists with other settings", "choose another `suffix` in the file, or remove it"),
    Cause("DuplicateListener", "", "", "another listener has the port", "remove it, or choose another port"),
    Cause("PriorityInUse", "", "", "a rule that is not this stack's has the priority", "choose another `priority:`, or remove that rule"),
    Cause("ResourceInUse", "listener or a rule", "delete_target_group", "something that is not this stack's still sends to the target group", "remove that listener or rule"),
    Cause("OperationNotPermitted", "does not support creating load balancers", "create_load_balancer", "AWS has not opened this account for load balancers yet, as happens to new accounts", "ask AWS Support for it (a case about the account, which every account may open), then run the same command: it goes on from here"),
    Cause("OperationNotPermitted", "deletion protection", "", "the load balancer is protected against deletion", "set `deletion_protection: false` in the file and apply"),
    Cause("CertificateNotFound", "", "", "the certificate is not there, not issued, or in another region", "check its ARN: it must be in the platform's region"),
    Cause("InvalidConfigurationRequest", "access denied for bucket", "", "the bucket's policy does not let ELB write the logs, or the bucket is in another region, or encrypted by a key of KMS", "aws s3api get-bucket-policy --bucket NAME shows the policy; ELB user guide, Enable access logs, has the needed one"),
    Cause("InvalidSubnet", "not enough", "create_load_balancer", "a subnet has fewer than 8 free addresses", "free some, or use larger subnets"),
    Cause("TargetGroupAssociationLimit", "", "", "the target group is used by another load balancer already", "remove it there"),
    Cause("TooManyUniqueTargetGroupsPerLoadBalancer", "", "", "a load balancer takes 100 target groups, which no request raises", "take the routes of some services out"),
    Cause("TooManyRules", "", "", "the account's quota of rules for a load balancer is reached", "ask for more in Service Quotas, or remove some"),
    Cause("TooManyListeners", "", "", "the account's quota of listeners for a load balancer is reached", "ask for more in Service Quotas, or remove some"),
    # Networks
    Cause("DependencyViolation", "", "delete_security_group", "a network interface uses the group, or another group's rule names it", "aws ec2 describe-network-interfaces --filters Name=group-id,Values=ID shows the former"),
    Cause("InvalidGroup.InUse", "", "", "a network interface uses the group, or another group's rule names it", "aws ec2 describe-network-interfaces --filters Name=group-id,Values=ID shows the former"),
    Cause("DependencyViolation", "", "delete_subnet", "a network interface is still in the subnet: load balancers and tasks take minutes to leave, and others may have put something in", "aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=ID shows whose it is"),
    Cause("DependencyViolation", "mapped public address", "", "something in the VPC still has a public address", "aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=ID shows whose it is"),
    Cause("DependencyViolation", "", "delete_vpc", "something that is not this stack's is in the VPC", "aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=ID shows interfaces; look for endpoints and groups too"),
    Cause("DependencyViolation", "", "", "something still uses it", RUN_AGAIN),
    Cause("VpcLimitExceeded", "", "", "the account has as many VPCs in this region as it may (5 by default)", "remove one, or ask for more: Service Quotas, L-F678F1CE"),
    Cause("InvalidSubnet.Conflict", "", "", "another subnet of the VPC has these addresses", "remove it, or choose another range"),
    Cause("AddressLimitExceeded", "", "", "the account has as many public addresses in this region as it may (5 by default)", "release some, or ask for more: Service Quotas, L-0263D0A3"),
    Cause("NatGatewayLimitExceeded", "", "", "the account has as many NAT gateways in the zone as it may (5 by default)", "remove one, or ask for more in Service Quotas"),
    Cause("NotAvailableInZone", "", "create_nat_gateway", "the zone offers no NAT gateways", "choose other `zones` in the file"),
    Cause("", "Gateway.NotAttached", "", "the VPC has no internet gateway: somebody has detached it", RUN_AGAIN),
    Cause("", "InsufficientFreeAddressesInSubnet", "", "a public subnet has no free address for the NAT gateway", "free some, or use larger public subnets"),
    Cause("VpcEndpointLimitExceeded", "", "", "the VPC has as many endpoints as it may", "ask for more in Service Quotas, or list fewer under `endpoints`"),
    Cause("RouteAlreadyExists", "", "create_vpc_endpoint", "an endpoint of the service that is not this stack's is in a route table", "remove that one: aws ec2 describe-vpc-endpoints shows it"),
    Cause("InvalidParameter", "conflicting dns domain", "", "another endpoint of the service, or a private hosted zone, has its name in the VPC", f"aws ec2 describe-vpc-endpoints shows the former; if it was deleted just now, {RUN_AGAIN}"),
    Cause("InvalidParameter", "does not support the availability zone", "", "AWS has no such endpoint in one of the zones", "choose other `zones` in the file, or give the network `nat`"),
    Cause("FlowLogAlreadyExists", "", "", "a flow log of the VPC that is not this stack's writes to the same log group", "remove that one: aws ec2 describe-flow-logs shows it"),
    Cause("InternetGatewayLimitExceeded", "", "", "the account has as many internet gateways as it may", "remove one, or ask for more in Service Quotas"),
    Cause("Resource.AlreadyAssociated", "", "", "somebody else attached or associated another one", "detach that one first"),
    # Discovery
    Cause("", "CANNOT_CREATE_HOSTED_ZONE", "", "a private zone that overlaps this name is on the VPC already, or Route 53's limit of zones is reached", "choose another `discovery.namespace`, or remove that zone"),
    Cause("NamespaceAlreadyExists", "", "", "a namespace of this name is in the VPC and not this stack's", "choose another `discovery.namespace`, or remove it"),
    Cause("ServiceAlreadyExists", "", "", "a Cloud Map service of this name is in the namespace and not this stack's", "remove it, or rename the service"),
    Cause("ResourceInUse", "instances", "", "instances are still registered; ECS takes them out as tasks stop, and may have lost one", "aws servicediscovery list-instances --service-id ID, and deregister-instance"),
    Cause("ResourceInUse", "", "delete_namespace", "services that are not this stack's are in the namespace", "aws servicediscovery list-services shows them"),
    # IAM, images, logs, scaling, dashboards
    Cause("EntityAlreadyExists", "", "", "a role of this name exists; IAM takes no account of upper and lower case", "choose another `suffix` in the file"),
    Cause("DeleteConflict", "", "", "something is attached to the role that is not this stack's", "aws iam list-attached-role-policies and list-instance-profiles-for-role show it"),
    Cause("MalformedPolicyDocument", "", "", "IAM does not take the policy", "look at `permissions:` of the service"),
    Cause("NoSuchEntity", "policy", "attach_role_policy", "there is no such managed policy in this partition", "check its ARN"),
    Cause("LimitExceeded", "maximum policy size", "", "the inline policies of the role are longer than IAM takes, which no request raises", "make fewer statements, with several actions and resources each, or use * in them"),
    Cause("LimitExceeded", "", "", "a quota of the account or the role is reached", "ask for more in Service Quotas, or remove something"),
    Cause("RepositoryAlreadyExists", "", "", "a repository of this name exists and is not this stack's", "choose another `suffix` in the file"),
    Cause("ResourceAlreadyExists", "log group", "", "the log group exists: a task or an earlier stack made it", "give it this stack's tags, or delete it; the plan prints the command"),
    Cause("Validation", "deletion protection", "delete_log_group", "the log group is protected against deletion", "aws logs put-log-group-deletion-protection --log-group-identifier ARN --no-deletion-protection-enabled, then run the same command"),
    Cause("OperationAborted", "", "", "somebody else changes the log group", RUN_AGAIN),
    Cause("FailedResourceAccess", "", "", "Application Auto Scaling may not read the service yet", RUN_AGAIN),
    Cause("ConcurrentUpdate", "", "", "the scalable target is being changed", RUN_AGAIN),
    Cause("InvalidParameterInput", "", "put_dashboard", "CloudWatch does not take the dashboard", "its message names the widget"),
    Cause("RequestLimitExceeded", "", "", "too much was asked of AWS at once, by others too", RUN_AGAIN),
    Cause("Throttling", "", "", "too much was asked of AWS at once, by others too", RUN_AGAIN),
)  # fmt: skip
