"""Accounts of AWS, through boto3. It is slow to import: only commands that talk to AWS do."""
