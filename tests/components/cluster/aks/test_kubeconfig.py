from __future__ import annotations

import base64
import json

from components.cluster.aks.kubeconfig import read_access, render_access

# As AKS answers for a cluster without local accounts, but for the names.
ANSWER = """
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://plinth-dev-1a2b3c4d.hcp.westeurope.azmk8s.io:443
  name: plinth-dev
contexts:
- context: {cluster: plinth-dev, user: clusterUser_plinth-dev_plinth-dev}
  name: plinth-dev
current-context: plinth-dev
kind: Config
users:
- name: clusterUser_plinth-dev_plinth-dev
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args: [get-token, --login, devicecode]
      command: kubelogin
"""
ACCESS = read_access(base64.b64encode(ANSWER.encode()).decode(), cluster_name="plinth-dev", tenant_id="tenant")


def test_the_answer_of_aks_says_where_the_cluster_is() -> None:
    assert ACCESS.endpoint == "https://plinth-dev-1a2b3c4d.hcp.westeurope.azmk8s.io:443"
    assert ACCESS.certificate_authority == "Q0E="


def test_the_current_context_leads_to_the_cluster_and_its_user() -> None:
    config = json.loads(render_access(ACCESS))
    (context,) = (context["context"] for context in config["contexts"] if context["name"] == config["current-context"])
    (cluster,) = (cluster["cluster"] for cluster in config["clusters"] if cluster["name"] == context["cluster"])
    assert cluster == {"server": ACCESS.endpoint, "certificate-authority-data": "Q0E="}
    assert [user["name"] for user in config["users"]] == [context["user"]]


def test_the_user_is_a_command_that_asks_nobody_and_nothing_else() -> None:
    (user,) = json.loads(render_access(ACCESS))["users"]
    assert set(user["user"]) == {"exec"}
    assert user["user"]["exec"]["interactiveMode"] == "Never"
    command = " ".join([user["user"]["exec"]["command"], *user["user"]["exec"]["args"]])
    assert command == "kubelogin get-token --login azurecli --server-id 6dae42f8-4368-4678-94ff-3960e28e3630 --tenant-id tenant"
