"""Rules about managed databases on AWS and Azure."""
