"""EventBridge Scheduler: groups, schedules, and the tasks that they start."""
