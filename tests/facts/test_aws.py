from __future__ import annotations

import botocore.session
import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.instance_types import INSTANCE_TYPES

from components.network.aws.endpoints import CLUSTER_SERVICES, SESSION_SERVICES
from facts.aws import INSIGHTS_RETENTION_DAYS, REGION_ZONES, is_arm, zones_of


def test_the_regions_are_those_that_have_kubernetes() -> None:
    session = botocore.session.get_session()
    offered = {region for partition in ("aws", "aws-us-gov") for region in session.get_available_regions("eks", partition)}
    assert set(REGION_ZONES) == offered


@pytest.mark.parametrize("region", REGION_ZONES)
def test_the_zones_of_a_region_are_those_that_an_account_may_see(region: str) -> None:
    seen = {zone.name for zone in RegionsAndZonesBackend.zones[region]}
    assert seen <= set(zones_of(region))


@pytest.mark.parametrize("service", [*CLUSTER_SERVICES, *SESSION_SERVICES])
def test_every_region_has_the_services_that_a_network_gives_private_addresses_to(service: str) -> None:
    name = {"ecr.api": "ecr", "ecr.dkr": "ecr", "elasticloadbalancing": "elbv2", "ssmmessages": "ssm"}.get(service, service)
    session = botocore.session.get_session()
    assert set(REGION_ZONES) <= {region for partition in ("aws", "aws-us-gov") for region in session.get_available_regions(name, partition)}


def test_the_processor_of_every_instance_type_follows_from_its_name() -> None:
    arm = {name for name, details in INSTANCE_TYPES.items() if "arm64" in details["ProcessorInfo"]["SupportedArchitectures"]}
    assert {name for name in INSTANCE_TYPES if is_arm(name)} == arm


def test_insights_are_kept_for_a_week_for_months_or_for_two_years() -> None:
    assert INSIGHTS_RETENTION_DAYS[:3] == (7, 31, 62)
    assert INSIGHTS_RETENTION_DAYS[-2:] == (713, 731)
