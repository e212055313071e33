"""Run all benchmarks: `make bench`."""

from __future__ import annotations

from bench import policies, preview, searches

preview.main()
policies.main()
searches.main()
