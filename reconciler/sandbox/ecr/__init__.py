"""ECR of the embedded AWS."""
