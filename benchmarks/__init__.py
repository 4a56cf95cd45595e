"""Figures on speed and quality: `python -m benchmarks` runs them all, `python -m benchmarks turn` one."""
