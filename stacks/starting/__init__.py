"""New stack files: what has to be asked, and the commented file that the answers make."""
