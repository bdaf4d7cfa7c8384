"""What `make bench` measures, and how: see `benchmarks.__main__`."""
