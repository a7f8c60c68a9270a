"""What people and programs see of a plan, of its making and of its outcome."""
