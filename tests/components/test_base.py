from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.base import Component

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview


class Thing(pulumi.CustomResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Thing", name, opts=opts)


class Inner(Component):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        Thing(self.child_name("thing"), self.child_options())
        self.register_outputs({})


class Outer(Component):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        first = Thing(self.child_name("first"), self.child_options(protect=True))
        Thing(self.child_name("second"), self.child_options(depends_on=[first]))
        Inner(self.child_name("inner"), self.child_options())
        self.register_outputs({})


def dependencies(run: Run) -> dict[str, set[str]]:
    """By the name of each resource the names of those that it depends on."""
    return {each.name: {urn.rpartition("::")[2] for urn in each.dependencies} for each in run.resources}


def test_children_are_behind_what_their_component_is_behind_at_any_depth(preview: Preview) -> None:
    def program() -> None:
        Outer("outer", pulumi.ResourceOptions(depends_on=[Thing("before")]))

    found = dependencies(preview(program))
    assert found["outer-first"] == {"before"}
    assert found["outer-second"] == {"before", "outer-first"}
    assert found["outer-inner-thing"] == {"before"}


def test_children_are_behind_a_gate_of_their_own_component_once_it_is_there(preview: Preview) -> None:
    class Gated(Component):
        def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
            super().__init__(name, opts)
            gate = Thing(self.child_name("gate"), self.child_options())
            self.go_behind(gate)
            Thing(self.child_name("after"), self.child_options())
            self.register_outputs({})

    def program() -> None:
        Gated("gated", pulumi.ResourceOptions(depends_on=[Thing("before")]))

    found = dependencies(preview(program))
    assert found["gated-gate"] == {"before"}
    assert found["gated-after"] == {"before", "gated-gate"}


def test_one_resource_to_be_behind_needs_no_list(preview: Preview) -> None:
    def program() -> None:
        Outer("outer", pulumi.ResourceOptions(depends_on=Thing("before")))

    assert dependencies(preview(program))["outer-first"] == {"before"}


def test_what_depends_on_a_component_is_behind_all_that_it_holds(preview: Preview) -> None:
    def program() -> None:
        Thing("after", pulumi.ResourceOptions(depends_on=[Outer("outer")]))

    assert {"outer-first", "outer-second", "outer-inner-thing"} <= dependencies(preview(program))["after"]


def test_children_of_a_component_that_is_behind_nothing_depend_on_nothing_and_keep_their_own_options(preview: Preview) -> None:
    run = preview(lambda: Outer("outer"))
    found = dependencies(run)
    assert found["outer-first"] == set()
    assert found["outer-second"] == {"outer-first"}
    (first,) = (each for each in run.resources if each.name == "outer-first")
    assert first.options["protect"] is True
    assert first.parent.rpartition("::")[2] == "outer"
