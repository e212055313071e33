"""From settings to components: each gets its own part of the settings, never the whole tree."""
