"""What clusters have beside the API: load balancers, ingress classes, metrics of pods, Pod Security."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from doctor.cluster import Cluster
from doctor.findings import Finding, advice, fine, missing, unchecked
from doctor.needs import Needs

_BALANCERS: Final = {"speaker": "MetalLB", "metallb-speaker": "MetalLB", "kube-vip-ds": "kube-vip", "kube-vip": "kube-vip"}
_CLOUDS: Final = ("aws", "azure", "gce", "openstack", "digitalocean", "hcloud", "vsphere")
_METRICS: Final = "v1beta1.metrics.k8s.io"
_SECURITY_METRIC: Final = 'name="PodSecurity"'
_ANY_ADMISSION: Final = "apiserver_admission_controller_admission_duration_seconds_count{"


def check_load_balancer(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Somebody gives Services of the type LoadBalancer an address, if the settings say so."""
    if needs.offer is None or not needs.offer.load_balancer:
        return
    subject = "load balancer"
    services = [each for each in cluster.objects("/api/v1/services") if each["spec"].get("type") == "LoadBalancer"]
    served = [each for each in services if (each["status"].get("loadBalancer") or {}).get("ingress")]
    daemons = {each["metadata"]["name"] for each in cluster.objects("/apis/apps/v1/daemonsets")}
    title = next((title for name, title in _BALANCERS.items() if name in daemons), None)
    if title is None and any(name.startswith("svclb-") for name in daemons):
        title = "ServiceLB of k3s"
    providers = {str(node["spec"].get("providerID", "")).partition(":")[0] for node in cluster.objects("/api/v1/nodes")}
    cloud = next((each for each in _CLOUDS if each in providers), None)
    if served or title or cloud:
        yield fine(subject, title or cloud or f"{len(served)} Services have an address")
    elif services:
        name = services[0]["metadata"]["name"]
        yield missing(
            subject, f"Service {name} waits for an address that nobody gives it", "Install MetalLB and give it a pool of addresses"
        )
    else:
        problem = "nothing that is known gives Services an address"
        yield unchecked(subject, problem, "Install MetalLB, or make sure that something else does it")


def check_ingress_class(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """The class that the settings name is there."""
    wanted = needs.offer.ingress_class if needs.offer else None
    if wanted is None:
        return
    names = sorted(each["metadata"]["name"] for each in cluster.objects("/apis/networking.k8s.io/v1/ingressclasses"))
    if wanted in names:
        yield fine("ingress class", wanted)
    else:
        there = ", ".join(names) or "none"
        yield missing("ingress class", f"there is no class {wanted}; there are: {there}", "Install its controller, or name one of these")


def check_metrics(_: Needs, cluster: Cluster) -> Iterator[Finding]:
    """The metrics API: autoscalers of pods and `kubectl top` ask it."""
    services = {each["metadata"]["name"]: each for each in cluster.objects("/apis/apiregistration.k8s.io/v1/apiservices")}
    found = services.get(_METRICS)
    conditions = (found or {}).get("status", {}).get("conditions") or ()
    if any(each["type"] == "Available" and each["status"] == "True" for each in conditions):
        yield fine("metrics API", "available")
    else:
        problem = "it does not answer" if found else "there is none"
        yield advice("metrics API", f"{problem}: HorizontalPodAutoscalers and `kubectl top` have nothing to ask", "Install metrics-server")


def check_pod_security(_: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Pod Security admission is on unless somebody switched it off; the API server's own metrics tell, once it has admitted a pod."""
    subject = "Pod Security"
    metrics = cluster.text("/metrics")
    if _SECURITY_METRIC in metrics:
        yield fine(subject, "the API server enforces it")
    elif _ANY_ADMISSION in metrics:
        cure = "Take PodSecurity out of the API server's --disable-admission-plugins, or let a policy engine enforce the same"
        yield missing(subject, "the API server does not ask it: namespaces' labels do nothing", cure, "POD-002")
    else:
        yield unchecked(
            subject, "the API server's metrics do not tell", "Create a privileged pod in a restricted namespace: it has to be refused"
        )
