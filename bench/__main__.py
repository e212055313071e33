"""Run all benchmarks: `make bench`."""

from __future__ import annotations

from bench import policies, preview, scale, searches

preview.main()
policies.main()
searches.main()
scale.main()
