"""What an account holds before the first stack, and how it is reached: state backend, keys, the identity that deploys."""
