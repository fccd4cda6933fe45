"""From what an evaluator found to decisions: who gets what, who answers for it, what is missing, what is due."""
