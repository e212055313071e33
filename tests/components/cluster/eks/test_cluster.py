from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.aws import LogRetentionError
from components.cluster.eks.addons import AFTER_NODES, BEFORE_NODES
from components.cluster.eks.cluster import ClusterAccessError, EksCluster, EksClusterArgs
from components.cluster.eks.node_groups import NodeGroup, Taint
from components.cluster.eks.versions import KubernetesVersionError, addon_versions
from facts.aws import CapacityType
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ADMIN = "arn:aws:iam::111122223333:role/deploy"
VIEWER = "arn:aws:iam::111122223333:role/teams/on-call"
ARGS = EksClusterArgs(
    name="plinth-production",
    region="eu-west-1",
    account_id="111122223333",
    kubernetes_version="1.35",
    vpc_id="vpc-1",
    control_plane_subnet_ids=["subnet-c1", "subnet-c2", "subnet-c3"],
    node_subnet_ids=["subnet-n1", "subnet-n2", "subnet-n3"],
    node_groups=[NodeGroup(name="system", instance_types=["m7i.large"], min_size=3, desired_size=4, max_size=9)],
    admin_role_arns=[ADMIN],
    viewer_role_arns=[VIEWER],
    log_retention_days=365,
    retain=True,
    tags={"project": "plinth"},
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
    assert (inputs["name"], inputs["version"]) == ("plinth-production", "1.35")
    assert inputs["upgradePolicy"] == {"supportType": "STANDARD"}


def test_the_api_is_private_unless_networks_are_named(run: Run) -> None:
    vpc = the(run, CLUSTER, "eks-cluster").inputs["vpcConfig"]
    assert vpc["endpointPrivateAccess"] is True
    assert vpc["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in vpc
    assert vpc["subnetIds"] == ["subnet-c1", "subnet-c2", "subnet-c3"]


def test_the_public_api_is_for_the_named_networks(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, public_access_cidrs=["198.51.100.0/24"]))
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
    run = cluster(preview, replace(ARGS, private_access_cidrs=["10.99.0.0/16"]))
    rule = the(run, INGRESS, "eks-api-from-10.99.0.0-16")
    assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"]) == ("10.99.0.0/16", 443)


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


def test_roles_of_one_name_in_two_accounts_are_two_entries(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, admin_role_arns=[ADMIN, "arn:aws:iam::444455556666:role/deploy"]))
    names = [entry.name for entry in of_type(run, "aws:eks/accessEntry:AccessEntry")]
    assert names[:2] == ["eks-access-111122223333-role-deploy", "eks-access-444455556666-role-deploy"]


def test_addons_are_ours_at_exact_versions(run: Run) -> None:
    assert the(run, CLUSTER, "eks-cluster").inputs["bootstrapSelfManagedAddons"] is False
    installed = {addon.inputs["addonName"]: addon.inputs["addonVersion"] for addon in of_type(run, ADDON)}
    assert installed == dict(addon_versions("1.35"))
    assert {addon.inputs["resolveConflictsOnUpdate"] for addon in of_type(run, ADDON)} == {"OVERWRITE"}


def test_network_policies_are_enforced(run: Run) -> None:
    assert document(the(run, ADDON, "eks-vpc-cni"), "configurationValues")["enableNetworkPolicy"] == "true"


def test_volumes_of_pods_bear_the_tags_of_the_stack(run: Run) -> None:
    configuration = document(the(run, ADDON, "eks-aws-ebs-csi-driver"), "configurationValues")
    assert configuration == {"controller": {"extraVolumeTags": {"project": "plinth"}}}


def test_without_tags_the_volume_driver_is_left_at_its_defaults(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, tags={}))
    assert "configurationValues" not in the(run, ADDON, "eks-aws-ebs-csi-driver").inputs


def test_nodes_wait_for_their_network_and_other_addons_for_nodes(run: Run) -> None:
    nodes = the(run, NODES, "eks-nodes-system")
    assert {the(run, ADDON, f"eks-{addon}").urn for addon in BEFORE_NODES} <= set(nodes.dependencies)
    assert {rule.urn for rule in of_type(run, INGRESS)} <= set(nodes.dependencies)
    assert all(nodes.urn in the(run, ADDON, f"eks-{addon}").dependencies for addon in AFTER_NODES)
    driver = the(run, ADDON, "eks-aws-ebs-csi-driver")
    assert the(run, ADDON, "eks-snapshot-controller").urn in driver.dependencies


@pytest.mark.parametrize(
    ("addon", "account", "policy"),
    [
        ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
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
    assert inputs["scalingConfig"] == {"minSize": 3, "desiredSize": 4, "maxSize": 9}
    assert inputs["updateConfig"] == {"maxUnavailable": 1}
    assert inputs["nodeRepairConfig"] == {"enabled": True}
    assert inputs["version"] == "1.35"


def test_the_autoscaler_is_not_overruled(run: Run) -> None:
    assert option(the(run, NODES, "eks-nodes-system"), "ignore_changes") == ["scalingConfig.desiredSize"]


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


def test_a_spot_group_is_labelled_and_tainted_as_asked(preview: Preview) -> None:
    adapters = NodeGroup(
        name="adapters",
        instance_types=["m7i.large", "m6i.large"],
        min_size=1,
        desired_size=1,
        max_size=6,
        capacity_type=CapacityType.SPOT,
        labels={"workload": "adapter"},
        taints=[Taint(key="spot", value="true")],
    )
    inputs = the(cluster(preview, replace(ARGS, node_groups=[*ARGS.node_groups, adapters])), NODES, "eks-nodes-adapters").inputs
    assert inputs["capacityType"] == "SPOT"
    assert inputs["instanceTypes"] == ["m7i.large", "m6i.large"]
    assert inputs["labels"] == {"workload": "adapter"}
    assert inputs["taints"] == [{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}]


def test_workloads_can_sign_in_through_the_issuer_of_the_cluster(run: Run) -> None:
    provider = the(run, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "eks-oidc")
    assert provider.inputs["clientIdLists"] == ["sts.amazonaws.com"]
    assert the(run, CLUSTER, "eks-cluster").urn in provider.dependencies


def test_cluster_keys_and_logs_outlive_a_mistake_where_asked(run: Run) -> None:
    assert the(run, CLUSTER, "eks-cluster").inputs["deletionProtection"] is True
    for token in (CLUSTER, "aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key"):
        assert of_type(run, token)
        assert all(option(resource, "protect") and option(resource, "retain_on_delete") for resource in of_type(run, token))


def test_nothing_holds_on_where_nothing_is_to_be_retained(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, retain=False))
    assert the(run, CLUSTER, "eks-cluster").inputs["deletionProtection"] is False
    assert not any(option(resource, "protect") or option(resource, "retain_on_delete") for resource in run.resources)


def test_policies_are_those_of_the_partition(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, region="us-gov-west-1"))
    arns = [resource.inputs["policyArn"] for resource in run.resources if "policyArn" in resource.inputs]
    assert arns
    assert all(arn.startswith("arn:aws-us-gov:") for arn in arns)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"admin_role_arns": []}, ClusterAccessError, "nobody could administer it"),
        ({"viewer_role_arns": [ADMIN]}, ClusterAccessError, f"{ADMIN} is in admin_role_arns and in viewer_role_arns"),
        ({"public_access_cidrs": ["0.0.0.0/0"]}, ClusterAccessError, "lets the whole internet in"),
        ({"kubernetes_version": "1.29"}, KubernetesVersionError, r"1\.29 is not supported"),
        ({"log_retention_days": 8}, LogRetentionError, "no retention of 8 days; allowed are 1, 3, 5, 7, 14"),
    ],
)
def test_a_cluster_that_must_not_be_is_refused(wrong: dict[str, Any], error: type[ValueError], message: str) -> None:
    with pytest.raises(error, match=message):
        replace(ARGS, **wrong)
