"""S3 of the embedded AWS, as far as load balancers write their logs into it."""
