"""What clouds and Kubernetes accept as the names and numbers of each kind of resource, as they publish it."""
