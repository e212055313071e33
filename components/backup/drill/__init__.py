"""The restore drill: a canary that is backed up with everything else, and a job that brings it back elsewhere and looks at it."""
