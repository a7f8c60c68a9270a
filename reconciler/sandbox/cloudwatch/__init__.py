"""CloudWatch of the embedded AWS: dashboards."""
