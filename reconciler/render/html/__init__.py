"""The parts of pages: markup that is escaped by construction, values, differences, and one style."""
