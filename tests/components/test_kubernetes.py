from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.kubernetes import CustomResource, declare, labels
from tests.components.recorded import the

if TYPE_CHECKING:
    from tests.components.recorded import Preview

WIDGET = CustomResource(api_version="example.org/v1", kind="Widget", name="one", spec={"maxSize": 3})


def test_labels_name_the_application_and_say_who_manages_it() -> None:
    assert labels("nats") == {
        "app.kubernetes.io/name": "nats",
        "app.kubernetes.io/part-of": "plinth",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def test_a_component_of_an_application_has_a_label_of_its_own() -> None:
    assert labels("nats", "alerts") == {**labels("nats"), "app.kubernetes.io/component": "alerts"}


def test_metadata_leaves_out_what_is_not_given() -> None:
    assert WIDGET.metadata() == {"name": "one"}


def test_a_custom_resource_is_registered_as_the_cluster_will_see_it(preview: Preview) -> None:
    widget = CustomResource(
        api_version=WIDGET.api_version,
        kind=WIDGET.kind,
        name=WIDGET.name,
        spec=WIDGET.spec,
        namespace="shop",
        labels=labels("shop"),
        annotations={"platform/rpo": "0"},
    )
    run = preview(lambda: declare("widget", widget, pulumi.ResourceOptions()))
    assert the(run, "kubernetes:example.org/v1:Widget", "widget").inputs == {
        "apiVersion": "example.org/v1",
        "kind": "Widget",
        "metadata": {"name": "one", "namespace": "shop", "labels": labels("shop"), "annotations": {"platform/rpo": "0"}},
        "spec": {"maxSize": 3},
    }
