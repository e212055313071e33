from __future__ import annotations

from components.alerts import Alert, AlertGroup, Severity, render_groups

ALERT = Alert(
    name="ShopClosed",
    expr="shop_open == 0",
    wait="5m",
    severity=Severity.P1,
    summary="The shop is closed",
    description="{{ $labels.shop }} serves nobody.",
    runbook="shop-closed",
)


def test_an_alert_is_rendered_as_prometheus_has_it() -> None:
    groups = render_groups([AlertGroup(name="shop", alerts=[ALERT])], "https://runbooks.example.org/")
    assert groups == {
        "groups": [
            {
                "name": "shop",
                "rules": [
                    {
                        "alert": "ShopClosed",
                        "expr": "shop_open == 0",
                        "for": "5m",
                        "labels": {"severity": "P1", "team": "platform_team"},
                        "annotations": {
                            "summary": "The shop is closed",
                            "description": "{{ $labels.shop }} serves nobody.",
                            "runbook_url": "https://runbooks.example.org/shop-closed.md",
                        },
                    }
                ],
            }
        ]
    }


def test_labels_of_an_alert_cannot_take_the_place_of_severity_and_team() -> None:
    alert = Alert(**{**vars(ALERT), "labels": {"page": "false", "severity": "P4"}})
    (group,) = render_groups([AlertGroup(name="shop", alerts=[alert])], "https://runbooks.example.org")["groups"]
    assert group["rules"][0]["labels"] == {"page": "false", "severity": "P1", "team": "platform_team"}
