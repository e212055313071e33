"""The offline preview of ever larger stacks: CPU per resource against that of the smallest.

A stack grows by namespaces, and by streams with two consumers and a client each. Every size runs in a fresh process, engine and policy
pack included; what a process needs before its first resource (imports) is measured by an empty program and taken off.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from offline.engine import run_program
from offline.stackfile import read_stack
from policies.analyzer import Analyzer

ROOT = Path(__file__).parent.parent
SIZES = ((1, 1), (30, 140), (100, 500))
"""Namespaces and streams: about 200, 1,000 and 3,000 resources."""
AIM = 1.5


def config_of(namespaces: int, streams: int) -> Mapping[str, str]:
    """The configuration of production with so many namespaces and streams."""
    own = {
        "namespaces": {f"team-{index}": {} for index in range(namespaces)},
        "nats": {
            "storage": "16Ti",
            "streams": {
                f"stream-{index}": {
                    "subjects": [f"stream-{index}.>"],
                    "maxAge": "7d",
                    "maxBytes": "1Gi",
                    "consumers": {"billing": {}, "audit": {}},
                }
                for index in range(streams)
            },
            "clients": {
                f"client-{index}": {"namespace": f"team-{index % namespaces}", "consumes": [f"stream-{index}"]} for index in range(streams)
            },
        },
        # Its clients are in namespaces that are not there.
        "rabbitmq": None,
    }
    written = read_stack(ROOT / "tests" / "product", "production").values
    return {**written, **{f"plinth:{name}": json.dumps(value) for name, value in own.items()}}


def preview(namespaces: int, streams: int) -> None:
    """Run one size, and print how many resources it has and the CPU seconds that they took."""
    config = config_of(namespaces, streams)
    run_program(ROOT / "__main__.py", stack="warm", config=config_of(1, 1), pack=Analyzer())
    start = time.process_time()
    run = run_program(ROOT / "__main__.py", stack="production", config=config, pack=Analyzer())
    print(len(run.resources), time.process_time() - start)


def main() -> None:
    """Print CPU per resource for each size, and its ratio to the smallest."""
    print("Offline preview by size, CPU of engine, program and pack")
    least = None
    for namespaces, streams in SIZES:
        command = (sys.executable, "-m", "bench.scale", str(namespaces), str(streams))
        printed = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.split()  # noqa: S603 # our own module
        resources, seconds = int(printed[0]), float(printed[1])
        each = seconds / resources
        least = least or each
        print(f"  {resources:5d} resources  {seconds:6.2f} s  {1000 * each:6.2f} ms each  {each / least:5.2f} times  (aim: {AIM})")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        preview(int(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
