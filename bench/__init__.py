"""Benchmarks, each beside what it is compared with in the same run. Figures are ratios: the machine may be slow or noisy."""
