"""Events of AWS that wake the stack that they touch, between its rounds."""
