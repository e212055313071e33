from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pulumi_aws as aws
import pytest

from components.cluster.eks.addons import AFTER_NODES, BEFORE_NODES
from components.cluster.eks.cluster import EksCluster, EksClusterArgs
from components.cluster.eks.model import ClusterSettings
from components.cluster.eks.releases import RELEASES
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ADMIN = "arn:aws:iam::111122223333:role/deploy"
VIEWER = "arn:aws:iam::111122223333:role/teams/on-call"
SETTINGS: Final[Mapping[str, Any]] = {
    "version": "1.36",
    "adminRoleArns": [ADMIN],
    "viewerRoleArns": [VIEWER],
    "logRetention": "365d",
    "nodeGroups": {"system": {"instanceTypes": ["m7i.large"], "minSize": 3, "maxSize": 9}},
}


def settings(**changed: Any) -> ClusterSettings:
    return ClusterSettings.model_validate({**SETTINGS, **changed})


def of_groups(**changed: Any) -> ClusterSettings:
    """The settings with a changed group ``system``."""
    return settings(nodeGroups={"system": {**SETTINGS["nodeGroups"]["system"], **changed}})


ARGS = EksClusterArgs(
    settings=settings(),
    name="plinth-production",
    region="eu-west-1",
    account_id="111122223333",
    vpc_id="vpc-1",
    control_plane_subnet_ids={"eu-west-1a": "subnet-c1", "eu-west-1b": "subnet-c2", "eu-west-1c": "subnet-c3"},
    node_subnet_ids={"eu-west-1a": "subnet-n1", "eu-west-1b": "subnet-n2", "eu-west-1c": "subnet-n3"},
    retain=True,
    tags={"project": "plinth", "team": "platform"},
)
CLUSTER = "aws:eks/cluster:Cluster"
ADDON = "aws:eks/addon:Addon"
NODES = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def cluster(preview: Preview, args: EksClusterArgs = ARGS) -> Run:
    return preview(lambda: EksCluster("eks", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return cluster(preview)


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:cluster:EksCluster")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("aws:"))


def test_the_version_is_pinned_and_stays_in_standard_support(run: Run) -> None:
    inputs = the(run, CLUSTER, "eks-cluster").inputs
    assert (inputs["name"], inputs["version"]) == ("plinth-production", "1.36")
    assert inputs["upgradePolicy"] == {"supportType": "STANDARD"}


def test_the_api_is_private_unless_networks_are_named(run: Run) -> None:
    vpc = the(run, CLUSTER, "eks-cluster").inputs["vpcConfig"]
    assert vpc["endpointPrivateAccess"] is True
    assert vpc["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in vpc
    assert vpc["subnetIds"] == ["subnet-c1", "subnet-c2", "subnet-c3"]


def test_the_public_api_is_for_the_named_networks(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, settings=settings(publicAccessCidrs=["198.51.100.0/24"])))
    vpc = the(run, CLUSTER, "eks-cluster").inputs["vpcConfig"]
    assert (vpc["endpointPublicAccess"], vpc["publicAccessCidrs"]) == (True, ["198.51.100.0/24"])


def test_only_nodes_reach_the_api_from_within(run: Run) -> None:
    nodes, api = the(run, GROUP, "eks-nodes"), the(run, GROUP, "eks-control-plane")
    rules = [rule for rule in of_type(run, INGRESS) if rule.name.startswith("eks-api-")]
    assert [rule.name for rule in rules] == ["eks-api-from-nodes"]
    assert (rules[0].inputs["fromPort"], rules[0].inputs["toPort"]) == (443, 443)
    assert {nodes.urn, api.urn} <= set(rules[0].dependencies)
    assert not any("cidrIpv4" in rule.inputs for rule in of_type(run, INGRESS))


def test_a_named_private_network_reaches_the_api(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, settings=settings(privateAccessCidrs=["10.99.0.0/16"])))
    rule = the(run, INGRESS, "eks-api-from-10.99.0.0-16")
    assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"]) == ("10.99.0.0/16", 443)


def test_a_group_of_clients_reaches_the_api(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, client_group_ids={"session-manager": "sg-sessions"}))
    rule = the(run, INGRESS, "eks-api-from-session-manager").inputs
    assert (rule["referencedSecurityGroupId"], rule["fromPort"], rule["toPort"]) == ("sg-sessions", 443, 443)


def test_load_balancer_controllers_find_one_group_on_each_node(run: Run) -> None:
    tagged = [group.name for group in of_type(run, GROUP) if group.inputs["tags"].get("kubernetes.io/cluster/plinth-production") == "owned"]
    assert tagged == ["eks-nodes"]


def test_secrets_are_encrypted_with_a_key_that_rotates(run: Run) -> None:
    key = the(run, "aws:kms/key:Key", "eks-secrets-key")
    assert key.inputs["enableKeyRotation"] is True
    created = the(run, CLUSTER, "eks-cluster")
    assert created.inputs["encryptionConfig"]["resources"] == ["secrets"]
    assert key.urn in created.dependencies


def test_all_control_plane_logs_go_to_a_group_that_was_there_before(run: Run) -> None:
    created = the(run, CLUSTER, "eks-cluster")
    assert sorted(created.inputs["enabledClusterLogTypes"]) == ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    group = the(run, "aws:cloudwatch/logGroup:LogGroup", "eks-logs")
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/aws/eks/plinth-production/cluster", 365)
    assert the(run, "aws:kms/key:Key", "eks-logs-key").urn in group.dependencies
    assert group.urn in created.dependencies


def test_people_sign_in_through_access_entries_alone(run: Run) -> None:
    assert the(run, CLUSTER, "eks-cluster").inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    granted = {
        association.inputs["principalArn"]: association.inputs["policyArn"].rsplit("/", 1)[-1]
        for association in of_type(run, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    }
    assert granted == {ADMIN: "AmazonEKSClusterAdminPolicy", VIEWER: "AmazonEKSViewPolicy"}
    entries = {entry.inputs["principalArn"] for entry in of_type(run, "aws:eks/accessEntry:AccessEntry")}
    assert entries == {ADMIN, VIEWER}


@pytest.mark.parametrize(
    "other",
    [
        "arn:aws:iam::444455556666:role/deploy",
        "arn:aws:iam::111122223333:role/teams/deploy",
        "arn:aws:iam::111122223333:role/teams-deploy",
        "arn:aws:iam::111122223333:role/teams.deploy",
    ],
)
def test_roles_whose_names_resemble_each_other_are_entries_of_their_own(preview: Preview, other: str) -> None:
    roles = [ADMIN, "arn:aws:iam::111122223333:role/teams_deploy", other]
    run = cluster(preview, replace(ARGS, settings=settings(adminRoleArns=roles)))
    entries = of_type(run, "aws:eks/accessEntry:AccessEntry")
    assert {entry.inputs["principalArn"] for entry in entries} == {*roles, VIEWER}


def test_addons_are_ours_at_exact_versions(run: Run) -> None:
    assert the(run, CLUSTER, "eks-cluster").inputs["bootstrapSelfManagedAddons"] is False
    installed = {addon.inputs["addonName"]: addon.inputs["addonVersion"] for addon in of_type(run, ADDON)}
    assert installed == dict(RELEASES["1.36"].addons)
    assert {addon.inputs["resolveConflictsOnUpdate"] for addon in of_type(run, ADDON)} == {"OVERWRITE"}


def test_network_policies_are_enforced(run: Run) -> None:
    assert document(the(run, ADDON, "eks-vpc-cni"), "configurationValues")["enableNetworkPolicy"] == "true"


def test_its_targets_are_declared_as_tags(preview: Preview, run: Run) -> None:
    declared = cluster(preview, replace(ARGS, settings=settings(recovery={"rpo": "1h", "rto": "4h"})))
    assert of_type(declared, CLUSTER)[0].inputs["tags"] == {"platform:rpo": "1h", "platform:rto": "4h"}
    assert "tags" not in of_type(run, CLUSTER)[0].inputs


def test_volumes_of_pods_bear_the_tags_of_the_stack(run: Run) -> None:
    configuration = document(the(run, ADDON, "eks-aws-ebs-csi-driver"), "configurationValues")
    assert configuration == {"controller": {"extraVolumeTags": {"project": "plinth", "team": "platform"}}}


def test_without_tags_the_volume_driver_is_left_at_its_defaults(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, tags={}))
    assert "configurationValues" not in the(run, ADDON, "eks-aws-ebs-csi-driver").inputs


def test_nodes_wait_for_their_network_and_other_addons_for_nodes(run: Run) -> None:
    nodes = the(run, NODES, "eks-nodes-system")
    order = [the(run, ADDON, f"eks-{addon}") for addon in (*BEFORE_NODES, *AFTER_NODES)]
    assert order[len(BEFORE_NODES) - 1].urn in nodes.dependencies
    assert {rule.urn for rule in of_type(run, INGRESS)} <= set(nodes.dependencies)
    for earlier, later in pairwise(order):
        before = nodes if later is order[len(BEFORE_NODES)] else earlier
        assert before.urn in later.dependencies


def test_what_runs_in_the_cluster_has_one_gate_behind_all_of_it(preview: Preview) -> None:
    gates = []
    run = preview(lambda: gates.append(EksCluster("eks", ARGS).ready))
    (gate,) = gates
    assert gate.pulumi_resource_name == f"eks-{AFTER_NODES[-1]}"
    assert run.resources


def test_nodes_and_addons_go_behind_the_gate_of_the_network(preview: Preview) -> None:
    def program() -> None:
        route = aws.ec2.Route("route", route_table_id="rtb-1", destination_cidr_block="0.0.0.0/0", nat_gateway_id="nat-1")
        EksCluster("eks", ARGS, pulumi.ResourceOptions(depends_on=[route]))

    run = preview(program)
    (route,) = of_type(run, "aws:ec2/route:Route")
    for token in (CLUSTER, NODES, ADDON):
        assert all(route.urn in each.dependencies for each in of_type(run, token))


@pytest.mark.parametrize(
    ("addon", "account", "policy"),
    [
        ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicyV2"),
    ],
)
def test_an_addon_with_a_role_shares_it_with_no_other_pod(run: Run, addon: str, account: str, policy: str) -> None:
    (association,) = the(run, ADDON, f"eks-{addon}").inputs["podIdentityAssociations"]
    assert association["serviceAccount"] == account
    attachment = the(run, ATTACHMENT, f"eks-{addon}-policy")
    assert attachment.inputs["policyArn"] == f"arn:aws:iam::aws:policy/{policy}"
    assert attachment.urn in the(run, ADDON, f"eks-{addon}").dependencies
    (trust,) = document(the(run, ROLE, f"eks-{addon}"), "assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/plinth-production",
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": account,
    }


def test_nodes_may_join_and_pull_and_no_more(run: Run) -> None:
    attached = {
        attachment.inputs["policyArn"].rsplit("/", 1)[-1]
        for attachment in of_type(run, ATTACHMENT)
        if attachment.name.startswith("eks-node-")
    }
    assert attached == {"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}


def test_a_node_group_covers_all_zones_within_its_bounds(run: Run) -> None:
    inputs = the(run, NODES, "eks-nodes-system").inputs
    assert inputs["subnetIds"] == ["subnet-n1", "subnet-n2", "subnet-n3"]
    assert inputs["scalingConfig"] == {"minSize": 3, "desiredSize": 3, "maxSize": 9}
    assert inputs["updateConfig"] == {"maxUnavailable": 1}
    assert inputs["nodeRepairConfig"] == {"enabled": True}
    assert inputs["version"] == "1.36"


def test_a_zone_that_the_network_gains_later_replaces_neither_the_cluster_nor_its_nodes(preview: Preview) -> None:
    grown = replace(ARGS, node_subnet_ids={**ARGS.node_subnet_ids, "eu-west-1d": "subnet-n4"})
    run = cluster(preview, grown)
    assert the(run, CLUSTER, "eks-cluster").inputs["vpcConfig"]["subnetIds"] == ["subnet-c1", "subnet-c2", "subnet-c3"]
    assert the(run, NODES, "eks-nodes-system").inputs["subnetIds"] == ["subnet-n1", "subnet-n2", "subnet-n3"]


def test_a_group_of_its_own_is_for_the_new_zone(preview: Preview) -> None:
    grown = replace(ARGS, settings=of_groups(zones=["eu-west-1d"]), node_subnet_ids={**ARGS.node_subnet_ids, "eu-west-1d": "subnet-n4"})
    assert the(cluster(preview, grown), NODES, "eks-nodes-system").inputs["subnetIds"] == ["subnet-n4"]


def test_the_image_of_the_nodes_is_pinned(run: Run) -> None:
    inputs = the(run, NODES, "eks-nodes-system").inputs
    assert inputs["releaseVersion"] == RELEASES["1.36"].node_image
    assert "forceUpdateVersion" not in inputs


@pytest.mark.parametrize(("nodes", "minutes"), [(9, 240), (100, 2060)])
def test_an_update_may_take_as_long_as_every_node_needs_to_drain(preview: Preview, nodes: int, minutes: int) -> None:
    group = the(cluster(preview, replace(ARGS, settings=of_groups(maxSize=nodes))), NODES, "eks-nodes-system")
    timeouts = option(group, "custom_timeouts")
    assert (timeouts["update"], timeouts["delete"]) == (60 * minutes, 60 * minutes)


def test_the_autoscaler_is_not_overruled(run: Run) -> None:
    assert option(the(run, NODES, "eks-nodes-system"), "ignore_changes") == ["scalingConfig.desiredSize"]


def test_a_size_that_is_written_is_set_so_that_min_size_can_be_raised(preview: Preview) -> None:
    group = the(cluster(preview, replace(ARGS, settings=of_groups(minSize=5, desiredSize=5))), NODES, "eks-nodes-system")
    assert group.inputs["scalingConfig"] == {"minSize": 5, "desiredSize": 5, "maxSize": 9}
    assert not option(group, "ignore_changes")


def test_pods_cannot_take_the_credentials_of_their_node(run: Run) -> None:
    metadata = the(run, TEMPLATE, "eks-nodes-system").inputs["metadataOptions"]
    assert (metadata["httpTokens"], metadata["httpPutResponseHopLimit"]) == ("required", 1)


def test_nodes_have_encrypted_disks_detailed_metrics_and_no_public_address(run: Run) -> None:
    inputs = the(run, TEMPLATE, "eks-nodes-system").inputs
    (device,) = inputs["blockDeviceMappings"]
    assert device["deviceName"] == "/dev/xvda"
    assert device["ebs"] == {"volumeType": "gp3", "volumeSize": 80, "encrypted": "true", "deleteOnTermination": "true"}
    assert inputs["monitoring"] == {"enabled": True}
    (interface,) = inputs["networkInterfaces"]
    assert interface["associatePublicIpAddress"] == "false"
    assert the(run, GROUP, "eks-nodes").urn in the(run, TEMPLATE, "eks-nodes-system").dependencies


def test_instances_volumes_and_interfaces_bear_the_tags_of_the_stack(run: Run) -> None:
    specifications = the(run, TEMPLATE, "eks-nodes-system").inputs["tagSpecifications"]
    assert {specification["resourceType"] for specification in specifications} == {"instance", "volume", "network-interface"}
    assert all(specification["tags"]["project"] == "plinth" for specification in specifications)


def test_a_changed_tag_reaches_new_instances_and_replaces_none(run: Run) -> None:
    assert option(the(run, TEMPLATE, "eks-nodes-system"), "ignore_changes") == ["tagSpecifications"]
    tags = {tag.inputs["tag"]["key"]: tag.inputs["tag"] for tag in of_type(run, "aws:autoscaling/tag:Tag")}
    assert {key: tag["value"] for key, tag in tags.items()} == dict(ARGS.tags)
    assert all(tag["propagateAtLaunch"] is True for tag in tags.values())


def test_a_spot_group_is_labelled_and_tainted_as_asked(preview: Preview) -> None:
    adapters = {
        "instanceTypes": ["m7i.large", "m6i.large"],
        "minSize": 1,
        "maxSize": 6,
        "capacityType": "SPOT",
        "labels": {"workload": "adapter"},
        "taints": [{"key": "spot", "value": "true"}],
    }
    mixed = settings(nodeGroups={**SETTINGS["nodeGroups"], "adapters": adapters})
    inputs = the(cluster(preview, replace(ARGS, settings=mixed)), NODES, "eks-nodes-adapters").inputs
    assert inputs["capacityType"] == "SPOT"
    assert inputs["instanceTypes"] == ["m7i.large", "m6i.large"]
    assert inputs["labels"] == {"workload": "adapter"}
    assert inputs["taints"] == [{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}]


def test_workloads_can_sign_in_through_the_issuer_of_the_cluster(run: Run) -> None:
    provider = the(run, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "eks-oidc")
    assert provider.inputs["clientIdLists"] == ["sts.amazonaws.com"]
    assert the(run, CLUSTER, "eks-cluster").urn in provider.dependencies


def test_cluster_keys_and_logs_are_protected_where_asked(run: Run) -> None:
    assert the(run, CLUSTER, "eks-cluster").inputs["deletionProtection"] is True
    for token in (CLUSTER, "aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key"):
        assert of_type(run, token)
        assert all(option(resource, "protect") for resource in of_type(run, token))


def test_nothing_holds_on_where_nothing_is_to_be_retained(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, retain=False))
    assert the(run, CLUSTER, "eks-cluster").inputs["deletionProtection"] is False
    assert not any(option(resource, "protect") for resource in run.resources)


def test_policies_are_those_of_the_partition(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, region="us-gov-west-1"))
    arns = [resource.inputs["policyArn"] for resource in run.resources if "policyArn" in resource.inputs]
    assert arns
    assert all(arn.startswith("arn:aws-us-gov:") for arn in arns)


def test_a_release_whose_support_ends_soon_is_advised_against(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not cluster(preview).log
    monkeypatch.setattr("components.cluster.eks.cluster.support_advice", lambda _release, _service, _today: "support ends soon")
    (entry,) = cluster(preview).log
    assert entry.severity == "warning"
    assert "support ends soon. Set version to" in entry.message
