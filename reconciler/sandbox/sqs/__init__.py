"""SQS: queues of a name once deleted, policies, and long polls that hold up nobody."""
