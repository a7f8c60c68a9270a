"""What `apply` is made of: the ledger of what is due, the tasks in it, and the workers that try them."""
