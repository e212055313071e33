from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from pydantic import ValidationError

from facts.aws import NatGateways
from facts.tiers import Tier
from stacks.errors import PlinthError, SettingsError
from stacks.loading import load_settings
from stacks.merge import merge
from tests.stacks.examples import GOOD, STACK_FILES, as_config, complaints, given, load, nested, read_stack_file

GIB = 2**30


def test_deviations_go_over_the_defaults_of_the_tier() -> None:
    settings = load(nested("database.storage", "300Gi"))
    assert given(settings.database).storage == 300 * GIB
    assert given(settings.database).storage_gib == 300
    assert given(settings.database).max_storage_gib == 1000
    assert given(settings.database).backup_retention == timedelta(days=30)


def test_every_value_is_parsed_once_into_what_it_means() -> None:
    settings = load(nested("cluster.publicAccessCidrs", ["192.0.2.0/24"]))
    assert settings.environment is Tier.PRODUCTION
    assert settings.network.cidr == IPv4Network("10.20.0.0/16")
    assert settings.network.nat_gateways is NatGateways.PER_ZONE
    assert settings.cluster.public_access_cidrs == (IPv4Network("192.0.2.0/24"),)
    assert given(settings.nats).storage == Decimal(500 * GIB)
    assert given(settings.nats).streams["orders"].max_age == timedelta(days=7)
    assert given(settings.nats).streams["orders"].consumers["billing"].ack_wait == timedelta(seconds=30)
    assert given(settings.nats).cpu == 2


def test_a_node_group_of_the_tier_is_changed_and_another_one_is_added() -> None:
    spot = {"instanceTypes": ["m7i.large", "m6i.large"], "minSize": 1, "desiredSize": 2, "maxSize": 4, "capacityType": "SPOT"}
    groups = load(nested("cluster.nodeGroups", {"general": {"maxSize": 20}, "batch": spot})).cluster.node_groups
    assert (groups["general"].min_size, groups["general"].first_size, groups["general"].max_size) == (3, 3, 20)
    assert (groups["batch"].first_size, groups["batch"].disk_gib) == (2, 80)


@pytest.mark.parametrize(("tier", "retained"), [("local", False), ("dev", False), ("staging", True), ("production", True)])
def test_every_tier_has_defaults_for_all_but_what_only_the_user_knows(tier: str, *, retained: bool) -> None:
    settings = load_settings(as_config({**GOOD, "environment": tier}))
    assert settings.environment == tier
    assert settings.retain is retained


def test_production_is_as_strong_as_the_reviews_ask_for() -> None:
    settings = load()
    assert settings.network.nat_gateways is NatGateways.PER_ZONE
    assert settings.cluster.node_groups["general"].min_size >= 3
    assert given(settings.database).multi_az
    assert given(settings.database).backup_retention >= timedelta(days=30)
    assert (given(settings.nats).servers, given(settings.nats).rpo) == (3, "0s")
    assert given(settings.nats).storage >= 500 * GIB
    assert given(settings.observability).replicas >= 2
    assert given(settings.observability).retention >= timedelta(days=30)


def test_staging_mirrors_production_in_kind() -> None:
    settings = load({"environment": "staging"})
    assert settings.network.nat_gateways is NatGateways.PER_ZONE
    assert given(settings.database).multi_az
    assert (given(settings.nats).servers, given(settings.nats).rpo, given(settings.observability).replicas) == (3, "0s", 2)


@pytest.mark.parametrize(("tier", "copies"), [("dev", 1), ("production", 3)])
def test_a_stream_has_as_many_copies_as_servers_unless_it_says_otherwise(tier: str, copies: int) -> None:
    nats = load({"environment": tier, **nested("nats.streams.audit", {"subjects": ["audit"], "maxAge": "1d", "maxBytes": "1Gi"})}).nats
    assert nats
    assert nats.replicas_of(nats.streams["audit"]) == copies
    assert nats.replicas_of(nats.streams["audit"].model_copy(update={"replicas": 1})) == 1


def test_keys_of_other_namespaces_are_not_ours() -> None:
    config = {**as_config(GOOD), "aws:region": "eu-west-1", "pulumi:disable-default-providers": '["*"]'}
    assert load_settings(config) == load()


def test_the_tree_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().network.cidr = IPv4Network("10.0.0.0/16")  # type: ignore[misc] # that is the point


def test_without_any_setting_only_what_has_no_default_is_missed() -> None:
    assert set(complaints({})) == {
        "plinth:environment",
        "plinth:team",
        "plinth:aws",
        "plinth:observability.runbookBaseUrl",
    }


def test_all_problems_are_told_at_once_a_line_each_and_in_plain_words() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"environment": "prod", "aws": {"region": "mars"}, **nested("network.cidr", "10.0.0.0/8"), **nested("nats.servers", 2)})
    head, *lines = str(refused.value).splitlines()
    assert head == "the stack's settings have 4 problems"
    assert [line.split(": ")[0].strip() for line in lines] == [
        "plinth:aws.region",
        "plinth:network.cidr",
        "plinth:environment",
        "plinth:nats.servers",
    ]
    assert isinstance(refused.value, PlinthError)
    assert refused.value.__cause__ is refused.value.__context__ is None
    assert not any(jargon in str(refused.value) for jargon in ("pydantic", "Value error", "https://errors", "Input should"))


@pytest.mark.parametrize("written", [{}, {"environment": "prod"}])
def test_of_a_stack_without_a_tier_nothing_is_told_that_follows_from_one(written: dict[str, str]) -> None:
    # Right for dev and wrong for production, as which an unknown tier would be judged.
    config = merge(GOOD, {**nested("network.natGateways", "single"), **nested("nats.servers", 1), "environment": None})
    config = {key: value for key, value in {**config, **written}.items() if value is not None}
    found = complaints(config)
    assert set(found) == {"plinth:environment"}
    assert all(tier.value in found["plinth:environment"] for tier in Tier)
    assert ("did you mean production?" in found["plinth:environment"]) == bool(written)


@pytest.mark.parametrize("namespace", ["plint", "plinht", "Plinth", "plinths"])
def test_a_misspelt_namespace_is_refused_where_it_would_be_ignored(namespace: str) -> None:
    with pytest.raises(SettingsError, match=f"{namespace}:nats: unknown namespace {namespace}; write plinth:nats"):
        load_settings({**as_config(GOOD), f"{namespace}:nats": "{}"})


def test_what_stands_under_a_misspelt_namespace_is_not_missing_as_well() -> None:
    config = as_config(GOOD)
    with pytest.raises(SettingsError, match=r"have a problem\n  plint:team: unknown namespace plint; write plinth:team\Z"):
        load_settings({**config, "plint:team": config.pop("plinth:team")})


@pytest.mark.parametrize("namespace", ["aws", "kubernetes", "azure-native", "pulumi", "github"])
def test_the_namespaces_of_providers_are_left_alone(namespace: str) -> None:
    assert load_settings({**as_config(GOOD), f"{namespace}:profile": "x"}) == load()


def test_one_problem_is_told_in_the_singular() -> None:
    with pytest.raises(SettingsError, match=r"\Athe stack's settings have a problem\n  plinth:team: given"):
        load({"team": "Platform Team"})


def test_the_value_of_an_unknown_key_stays_unsaid() -> None:
    message = complaints({**GOOD, "pasword": "correct horse"})["plinth:pasword"]
    assert message.startswith("unknown key; allowed are aws, backups, charts, cluster")
    assert "correct horse" not in message


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_every_stack_of_the_repo_is_right(path: Path) -> None:
    config = {key.removeprefix("plinth:"): value for key, value in read_stack_file(path)["config"].items() if key.startswith("plinth:")}
    named = load_settings(as_config(config)).environment.value
    assert named in path.name or path.name == "Pulumi.homelab.yaml"


def test_the_networks_of_the_stacks_can_be_joined() -> None:
    files = [read_stack_file(path)["config"] for path in STACK_FILES]
    cidrs = [IPv4Network(config["plinth:network"]["cidr"]) for config in files if "plinth:network" in config]
    assert len(cidrs) >= 3
    assert not any(one.overlaps(other) for one in cidrs for other in cidrs if one is not other)


def test_encrypted_settings_are_refused_with_everything_else_that_is_wrong() -> None:
    config = {**as_config(GOOD), "plinth:team": "?", "plinth:aws": "[secret]", "other:token": "[secret]"}
    with pytest.raises(SettingsError) as caught:
        load_settings(config, ["plinth:aws", "other:token"])
    assert [problem.path for problem in caught.value.problems] == ["plinth:aws", "plinth:team"]
    assert "[secret]" not in str(caught.value)
