"""What benchmark data is made of, and how: see benchmarks/generate.py for the command."""
