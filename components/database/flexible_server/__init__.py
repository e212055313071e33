"""PostgreSQL on Azure: the flexible server, its parameters, alarms and alerts."""
