"""What is really in an account, in the shapes of the pack's resources, judged by the same rules as what is declared."""
