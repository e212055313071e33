"""Subscriptions of Azure, through its resource manager's SDK. It is slow to import: only commands that talk to Azure do."""
