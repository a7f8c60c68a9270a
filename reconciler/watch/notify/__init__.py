"""Messages to people: when drift appears, when it becomes worse, and when it is gone."""
