"""From settings to components: each function hands one component its own part of the settings, never the whole tree."""
