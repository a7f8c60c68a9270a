"""ECS of the embedded AWS: clusters, services, rollouts and tasks."""
