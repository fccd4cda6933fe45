"""What only formats: decisions, registers, findings and runs as text, pages, workbooks and drawings."""
