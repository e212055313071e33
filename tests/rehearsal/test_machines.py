from __future__ import annotations

from decimal import Decimal

import pytest

from rehearsal.errors import PreparationError
from rehearsal.machines import GIB, Machine, machine_of, parse_machine


@pytest.mark.parametrize(
    ("name", "cores", "memory"),
    [
        ("m7i.2xlarge", 8, 32),
        ("m7g.xlarge", 4, 16),
        ("m7i-flex.large", 2, 8),
        ("r7g.4xlarge", 16, 128),
        ("c7i.xlarge", 4, 8),
        ("t3.medium", 2, 4),
        ("t3.xlarge", 4, 16),
        ("Standard_D4s_v5", 4, 16),
        ("Standard_D8ds_v5", 8, 32),
        ("Standard_E4s_v5", 4, 32),
        ("Standard_F8s_v2", 8, 16),
        ("Standard_D4ls_v5", 4, 8),
    ],
)
def test_a_machine_leaves_a_little_less_than_it_has(name: str, cores: int, memory: int) -> None:
    machine = machine_of(name, {})
    assert cores * Decimal("0.8") < machine.cpu < cores
    assert memory * GIB * Decimal("0.5") < machine.memory < memory * GIB


def test_kubelets_keep_what_the_clouds_formulas_say() -> None:
    # EKS: 8 cores keep 90m, 58 pods 893 MiB; its daemon sets are on top.
    assert machine_of("m7i.2xlarge", {}).cpu == Decimal("7.91") - Decimal("0.25")
    # AKS: 4 cores keep 140m.
    assert machine_of("Standard_D4s_v5", {}).cpu == Decimal("3.86") - Decimal("0.25")
    assert machine_of("Standard_D16s_v5", {}, pods=30).memory > machine_of("Standard_D16s_v5", {}, pods=250).memory


def test_what_the_user_says_of_a_machine_counts() -> None:
    own = parse_machine("4/16Gi")
    assert own == Machine(cpu=Decimal(4), memory=16 * GIB, pods=110)
    assert machine_of("x2idn.16xlarge", {"x2idn.16xlarge": own}) is own


@pytest.mark.parametrize("name", ["x2idn.16xlarge", "Standard_NC6", "vm"])
def test_an_unknown_machine_is_asked_about(name: str) -> None:
    with pytest.raises(PreparationError, match=f"--machine {name}="):
        machine_of(name, {})


@pytest.mark.parametrize("text", ["", "4", "4/", "/16Gi", "four/16Gi", "4/16Gigs", "4/16Gi/2"])
def test_a_size_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(PreparationError, match="such as 4/16Gi"):
        parse_machine(text)
