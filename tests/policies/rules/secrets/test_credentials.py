from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.rules.secrets.credentials import has_inline_password, is_literal, names_credential


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "PASSWORD2",
        "passwd",
        "TOKEN",
        "secretKey",
        "AWS_SECRET_ACCESS_KEY",
        "apiKey",
        "API_KEY",
        "privateKey",
        "SENTRY_DSN",
        "sentryDsn",
        "PGDSN",
        "clientSecret",
        "ACCESS_TOKEN_SECRET",
        "ConnectionStrings__Default",
        "connectionString",
        "basicAuthPassword",
        "jwtSecret",
    ],
)
def test_names_of_credentials(name: str) -> None:
    assert names_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD_FILE",
        "existingSecret",
        "existingSecretPasswordKey",
        "tokenSecretRef",
        "passwordKey",
        "tlsSecretName",
        "adminPasswordSecret",
        "configSecret",
        "imagePullSecrets",
        "pullSecretNames",
        "bearerTokenFile",
        "automountServiceAccountToken",
        "createSecretJob",
        "secretStoreRef",
        "secretProviderClass",
        "secretFieldSelector",
        "useExistingSecret",
        "envFromSecret",
        "MAX_TOKENS",
        "TOKEN_TTL",
        "token_url",
        "podsNamespace",
        "LOG_LEVEL",
        "SECRET_ARN",
        "SECRETS_PATH",
    ],
)
def test_names_that_only_speak_of_credentials(name: str) -> None:
    assert not names_credential(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "$(TOKEN)",
        "${TOKEN}",
        "$TOKEN",
        "<< $TOKEN >>",
        "{{ .Values.token }}",
        "$__file{/etc/secrets/token}",
        "$(USER):$(PASS)",
        "vault:secret/data/db#password",
        "ref+awssecrets://db",
        "/var/run/secrets/token",
        "arn:aws:secretsmanager:eu-central-1:1:secret:db",
    ],
)
def test_references_are_no_literals(text: str) -> None:
    assert not is_literal(text)


@pytest.mark.parametrize("text", ["correct horse", "pa$word", "$$(ESCAPED)", "prefix-$(TOKEN)", "7"])
def test_other_texts_are_literals(text: str) -> None:
    assert is_literal(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgres://app:hunter2@db:5432/app",
        "amqp://guest:guest@rabbitmq",
        "redis://:hunter2@redis:6379",
        "Host=db;Username=app;Password=hunter2",
        "Password=hunter2;Host=db",
        "AccountName=a;AccountKey=abc==;EndpointSuffix=core.windows.net",
        "host=db user=app password=hunter2",
    ],
)
def test_passwords_inside_addresses_are_found(text: str) -> None:
    assert has_inline_password(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgres://db:5432/app",
        "postgres://app@db/app",
        "postgres://app:$(PASSWORD)@db/app",
        "postgres://${USER}:${PASSWORD}@db/app",
        "postgres://app:<password>@db/app",
        "postgres://app:***@db/app",
        "Host=db;Password=${PASSWORD}",
        "http://proxy:8080/path@x",
        "password = os.environ['PASSWORD']",
        "read -s password; echo done",
    ],
)
def test_addresses_without_a_password_of_their_own_are_right(text: str) -> None:
    assert not has_inline_password(text)


@given(st.text(), st.text())
def test_any_text_gets_an_answer(name: str, text: str) -> None:
    assert names_credential(name) in (True, False)
    assert has_inline_password(text) in (True, False)
    assert is_literal(text) <= bool(text.strip())


@pytest.mark.parametrize("piece", ["a", "A", "{{", "${", "$__a{", "a://b:", "host=a ", "; password = ", "$(a", " "])
def test_the_time_of_a_search_is_linear_in_the_length_of_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        for question in (has_inline_password, is_literal, names_credential):
            question(text)
        return time.process_time() - started

    seconds(10_000)
    assert seconds(400_000) < 100 * max(seconds(20_000), 0.001)  # quadratic time would be 400 times as long
