"""WAF of the embedded AWS, as far as load balancers have its web ACLs."""
