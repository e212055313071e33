"""The network on Azure: a virtual network, its subnets, NAT gateway, private DNS zones and flow logs."""
