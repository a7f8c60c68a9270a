"""EventBridge: the default bus, the events that AWS itself puts on it, and their way into queues."""
