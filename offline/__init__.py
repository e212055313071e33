"""The embedded engine: runs the program without the Pulumi CLI, with the semantics of a preview, and lets the pack judge it."""
