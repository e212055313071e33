"""The restore drill: the canary, the job that restores it each week, its rights, its metrics and its alerts (BAK-005)."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.backup.drill.alerts import alert_groups
from components.backup.drill.arguments import RestoreDrillArgs
from components.backup.drill.pods import (
    CANARY,
    CANARY_LABELS,
    CHECKER,
    DRILL,
    METRICS_PORT,
    PROGRAMS,
    RESULT,
    canary_spec,
    checker,
    job_spec,
    programs,
)
from components.backup.drill.rights import VOLUME_RIGHTS, Rule, bounds, rights
from components.base import Component
from components.kubernetes import CustomResource, declare, labels
from components.observability.monitoring import Monitoring
from components.observability.monitors import pod_monitor
from components.observability.rules import prometheus_rule


class RestoreDrill(Component):
    """A restore each week, of the newest backup of a canary, into a namespace that is empty otherwise.

    ``opts`` bring the provider, and put the component behind its two namespaces, that of Velero and its
    definitions, the storage class, and the monitoring operator's definitions.
    """

    def __init__(self, name: str, args: RestoreDrillArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        everywhere = programs()
        mounted = [
            self._config("programs", PROGRAMS, args.namespace, {**everywhere, CHECKER: json.dumps(checker(args), sort_keys=True)}),
            self._config("scratch-programs", PROGRAMS, args.scratch, everywhere),
        ]
        # What it holds is the job's to write: it would be taken back by the next update.
        result = self._config("result", RESULT, args.namespace, {}, ignore_changes=["data"])
        allowed = self._allow()
        canary = declare(
            self.child_name("canary"),
            CustomResource(
                api_version="apps/v1",
                kind="StatefulSet",
                name=CANARY,
                namespace=args.namespace,
                labels=CANARY_LABELS,
                annotations={
                    **args.settings.recovery.annotations,
                    "platform/singleton": "a canary on one volume: while it is away nothing is lost, and an alert says so",
                },
                spec=canary_spec(args),
            ),
            self.child_options(depends_on=[*mounted, result]),
        )
        job = CustomResource(
            api_version="batch/v1",
            kind="CronJob",
            name=DRILL,
            namespace=args.namespace,
            labels=labels(DRILL, component="restore-drill"),
            spec=job_spec(args),
        )
        declare(self.child_name("job"), job, self.child_options(depends_on=[canary, allowed]))
        if args.monitoring:
            self._observe(args.monitoring)
        self.register_outputs({})

    def _config(
        self, role: str, name: str, namespace: str, data: Mapping[str, str], *, ignore_changes: list[str] | None = None
    ) -> kubernetes.core.v1.ConfigMap:
        return kubernetes.core.v1.ConfigMap(
            self.child_name(role),
            metadata=self._metadata(name, namespace),
            data=data,
            opts=self.child_options(ignore_changes=ignore_changes),
        )

    def _allow(self) -> pulumi.Resource:
        """Give the job its rights, within their bounds; behind what comes back it has them."""
        args, rbac = self._args, kubernetes.rbac.v1
        account = kubernetes.core.v1.ServiceAccount(
            self.child_name("account"),
            metadata=self._metadata(DRILL, args.namespace),
            automount_service_account_token=False,
            opts=self.child_options(),
        )
        subject = rbac.SubjectArgs(kind="ServiceAccount", name=DRILL, namespace=args.namespace)
        last: pulumi.Resource = self._bound(account)
        for namespace, rules in rights(args).items():
            role = rbac.Role(
                self.child_name(f"role-{namespace}"),
                metadata=self._metadata(DRILL, namespace),
                rules=[_rule(rule) for rule in rules],
                opts=self.child_options(depends_on=[last]),
            )
            last = rbac.RoleBinding(
                self.child_name(f"binding-{namespace}"),
                metadata=self._metadata(DRILL, namespace),
                role_ref=rbac.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=DRILL),
                subjects=[subject],
                opts=self.child_options(depends_on=[role]),
            )
        role_of_volumes = rbac.ClusterRole(
            self.child_name("role-volumes"),
            metadata=self._metadata(DRILL),
            rules=[_rule(rule) for rule in VOLUME_RIGHTS],
            opts=self.child_options(depends_on=[last]),
        )
        return rbac.ClusterRoleBinding(
            self.child_name("binding-volumes"),
            metadata=self._metadata(DRILL),
            role_ref=rbac.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=DRILL),
            subjects=[subject],
            opts=self.child_options(depends_on=[role_of_volumes]),
        )

    def _bound(self, after: pulumi.Resource) -> kubernetes.apiextensions.CustomResource:
        group = "admissionregistration.k8s.io/v1"
        policy = CustomResource(
            api_version=group,
            kind="ValidatingAdmissionPolicy",
            name=DRILL,
            labels=labels(DRILL, component="restore-drill"),
            spec=bounds(self._args),
        )
        binding = CustomResource(
            api_version=group,
            kind="ValidatingAdmissionPolicyBinding",
            name=DRILL,
            labels=labels(DRILL, component="restore-drill"),
            spec={"policyName": DRILL, "validationActions": ["Deny"]},
        )
        declared = declare(self.child_name("bounds"), policy, self.child_options(depends_on=[after]))
        return declare(self.child_name("bounds-in-force"), binding, self.child_options(depends_on=[declared]))

    def _observe(self, monitoring: Monitoring) -> None:
        args = self._args
        monitor = pod_monitor(CANARY, args.namespace, selector=CANARY_LABELS, port=METRICS_PORT, interval="30s")
        declare(self.child_name("monitor"), monitor, self.child_options())
        rule = prometheus_rule(DRILL, args.namespace, alert_groups(args.settings), monitoring.runbook_base_url)
        declare(self.child_name("alerts"), rule, self.child_options())

    def _metadata(self, name: str, namespace: str | None = None) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=labels(name, component="restore-drill"))


def _rule(rule: Rule) -> kubernetes.rbac.v1.PolicyRuleArgs:
    return kubernetes.rbac.v1.PolicyRuleArgs(
        api_groups=rule["apiGroups"], resources=rule["resources"], verbs=rule["verbs"], resource_names=rule.get("resourceNames")
    )
