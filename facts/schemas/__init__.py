"""What the Kubernetes API accepts: the schemas of the built-in kinds, a file for each supported release.

The files are extracts of ``api/openapi-spec/swagger.json`` of the Kubernetes repository
(Apache License 2.0), without descriptions and with the kinds of ``facts/schemas/extract.py``, which
renews them.
"""
