from __future__ import annotations

import json

from components.cluster.eks.kubeconfig import ClusterAccess, render_kubeconfig

ACCESS = ClusterAccess(
    cluster_name="plinth-dev",
    region="eu-west-1",
    endpoint="https://api.example.com",
    certificate_authority="Q0E=",
)


def test_the_current_context_leads_to_the_cluster_and_its_user() -> None:
    config = json.loads(render_kubeconfig(ACCESS))
    (context,) = (context["context"] for context in config["contexts"] if context["name"] == config["current-context"])
    (cluster,) = (cluster["cluster"] for cluster in config["clusters"] if cluster["name"] == context["cluster"])
    assert cluster == {"server": "https://api.example.com", "certificate-authority-data": "Q0E="}
    assert [user["name"] for user in config["users"]] == [context["user"]]


def test_the_user_is_a_command_that_gets_a_token_and_nothing_else() -> None:
    (user,) = json.loads(render_kubeconfig(ACCESS))["users"]
    assert set(user["user"]) == {"exec"}
    assert user["user"]["exec"]["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    command = " ".join([user["user"]["exec"]["command"], *user["user"]["exec"]["args"]])
    assert command == "aws eks get-token --region eu-west-1 --cluster-name plinth-dev --output json"
