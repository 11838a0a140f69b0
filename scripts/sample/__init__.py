"""How the bundled sample is made; `scripts/build_sample.py` runs it."""
