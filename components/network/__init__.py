"""Networks: the plan of their addresses, and what carries it out on a cloud."""
