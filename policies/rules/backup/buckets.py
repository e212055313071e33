"""Buckets and storage accounts as rules see them: which hold backups, and what is set of a bucket beside it."""

from __future__ import annotations

from typing import Final

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
ACCOUNT: Final = "azure-native:storage:StorageAccount"
