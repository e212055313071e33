from __future__ import annotations

import json
from dataclasses import replace

from components.cluster.eks.kubeconfig import ClusterAccess, render_access

ACCESS = ClusterAccess(
    cluster_name="plinth-dev",
    region="eu-west-1",
    endpoint="https://api.example.com",
    certificate_authority="Q0E=",
    local_port=None,
)


def test_the_current_context_leads_to_the_cluster_and_its_user() -> None:
    config = json.loads(render_access(ACCESS))
    (context,) = (context["context"] for context in config["contexts"] if context["name"] == config["current-context"])
    (cluster,) = (cluster["cluster"] for cluster in config["clusters"] if cluster["name"] == context["cluster"])
    assert cluster == {"server": "https://api.example.com", "certificate-authority-data": "Q0E="}
    assert [user["name"] for user in config["users"]] == [context["user"]]


def test_the_user_is_a_command_that_gets_a_token_and_nothing_else() -> None:
    (user,) = json.loads(render_access(ACCESS))["users"]
    assert set(user["user"]) == {"exec"}
    assert user["user"]["exec"]["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    command = " ".join([user["user"]["exec"]["command"], *user["user"]["exec"]["args"]])
    assert command == "aws eks get-token --region eu-west-1 --cluster-name plinth-dev --output json"


def test_through_a_tunnel_the_certificate_is_still_checked_against_the_name_of_the_api() -> None:
    (cluster,) = json.loads(render_access(replace(ACCESS, local_port=8443)))["clusters"]
    assert cluster["cluster"]["server"] == "https://127.0.0.1:8443"
    assert cluster["cluster"]["tls-server-name"] == "api.example.com"
    assert cluster["cluster"]["certificate-authority-data"] == "Q0E="
