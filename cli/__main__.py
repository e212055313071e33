"""`python -m cli` is the `plinth` command."""

from cli.main import main

main()
