"""Rules about pods and what runs in them."""
