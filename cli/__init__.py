"""The `plinth` command: thin, it calls the packages."""
