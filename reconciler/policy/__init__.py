"""The least-privilege IAM policies for each use of a platform file."""
