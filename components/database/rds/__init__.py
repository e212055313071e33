"""PostgreSQL on AWS: RDS, its parameters, alarms and alerts."""
