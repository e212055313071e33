"""What runs in the pods of the drill: programs of the standard library alone, each of which is mounted as a file."""
