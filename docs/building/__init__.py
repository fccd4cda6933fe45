"""What the configuration of the documentation does: pages made from other files, and the search of Chinese words."""
