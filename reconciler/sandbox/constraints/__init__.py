"""What the models of AWS's services say of the values of parameters, refused as the services refuse it."""
