"""The network on AWS: a VPC, its routes, endpoints and flow logs."""
