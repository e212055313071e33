from __future__ import annotations

import time

import pytest

from facts.display import hide_credentials, make_presentable, show

# Put together here, so that no scanner takes this file for a leak.
PAGERDUTY = "0123456789abcdef" * 2
SLACK = "https://hooks.slack.com/" + "services/T00/B00/abc"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    ("text", "credential"),
    [
        (PAGERDUTY, PAGERDUTY),
        (f"webhook: {SLACK}", "T00/B00/abc"),
        ("https://deployer:hunter2@git.example.com/runbooks", "hunter2"),
        ("https://deployer:p/w@git.example.com/runbooks", "p/w"),
        ("https://onlyatoken@git.example.com/runbooks", "onlyatoken"),
        ("robot:hunter2@registry.example.com/mirror", "hunter2"),
        ("nats://app:hunter2@nats:4222", "hunter2"),
        ("Server=db;Password=hunter2;", "hunter2"),
        ("AKIA" + "IOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"),
        (AWS_SECRET, "bPxRfiCYEXAMPLEKEY"),
        ("ghp_" + "a1B2" * 9, "a1B2a1B2"),
        ("xoxb-" + "12345-67890-abc", "67890"),
        ("pul-" + "ab12" * 10, "ab12ab12"),
    ],
)
def test_what_is_shaped_like_a_credential_is_hidden(text: str, credential: str) -> None:
    assert credential in text
    assert credential not in show(text)
    assert credential not in make_presentable(f"given {text!r}; allowed is another")
    assert "[hidden]" in hide_credentials(text)


@pytest.mark.parametrize(
    "text",
    [
        "eu-west-1a",
        "arn:aws:iam::111122223333:role/platform-admin",
        "https://git.example.com:8443/platform/plinth/blob/main/runbooks",
        "ghcr.io/acme/service:1.2.3@sha256:" + "ab12" * 16,
        "ghcr.io/acme/service:" + "ab12" * 10,
        "registry.example.com:5000/mirror/service:1.2.3",
        "platform@example.com",
        "https://git.example.com/platform@v2/runbooks",
        "urn:pulumi:dev::plinth::plinth:messaging:Nats$kubernetes:core/v1:ConfigMap::nats-dashboard",
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    ],
)
def test_what_settings_and_messages_are_made_of_is_shown(text: str) -> None:
    assert hide_credentials(text) == text


def test_nothing_moves_the_terminal_but_line_feeds() -> None:
    assert make_presentable("a\x1b[2Jb\r\n\tc\x9bd\u202ee") == "a\\x1b[2Jb\\x0d\n\\x09c\\x9bd\\u202ee"


def test_a_value_is_cut_short_and_a_collection_is_only_named() -> None:
    assert show("n" * 100) == '"' + "n" * 59 + "…"
    assert show({"password": "hunter2"}) == "a mapping"
    assert show(["hunter2"]) == "a list"
    assert show(None) == "null"
    assert show("a\x1bb") == '"a\\u001bb"'


@pytest.mark.parametrize("part", ["a", "a1", "://", "@", "a:b@", "eyJ", "eyJaaaaaaaa.", "password=", "sk-", "x "])
def test_the_time_is_linear_in_the_length(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.process_time()
    make_presentable(text)
    assert time.process_time() - start < 5
