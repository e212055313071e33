"""Run all benchmarks: `make bench`."""

from __future__ import annotations

from bench import policies, preview

preview.main()
policies.main()
