"""The `plinth` command: what the Makefile's targets call."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.accounts import bootstrap, verify
from cli.failures import report_failures
from cli.project import find_project

app = typer.Typer(
    help="Preview and judge the environments of this platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(bootstrap, name="bootstrap")
app.add_typer(verify, name="verify")


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from policies.information import version  # noqa: PLC0415

        typer.echo(f"plinth {version()}")
        raise typer.Exit


@app.callback()
def plinth(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=lambda wanted: _print_version(wanted=wanted))
    ] = False,
) -> None:
    """Preview and judge the environments of this platform."""


@app.command()
def preview(
    argument: Annotated[str | None, typer.Argument(metavar="STACK", help="The stack: NAME of stacks/Pulumi.NAME.yaml.")] = None,
    *,
    option: Annotated[str | None, typer.Option("--stack", "-s", metavar="STACK", help="The stack, as Pulumi's commands take it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict and what the pack says; no tree, no progress.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False,
) -> None:
    """Run the program offline for STACK, show its resources and what the policy pack says.

    Exits with 0 when nothing mandatory is violated, 1 when something is, 2 on a mistake in the settings or the command line,
    3 on a failure and 130 on an interrupt.
    """
    stack = option if argument is None else argument
    if stack is None or None not in {argument, option}:
        raise typer.BadParameter("name one stack, as `plinth preview STACK` or `plinth preview -s STACK`", param_hint="STACK")
    with report_failures(debug=debug):
        project = find_project()
        # Pulumi, pydantic and the pack take a second to load: a wrong option should not.
        from cli.preview import preview_stack  # noqa: PLC0415

        code = preview_stack(project, stack, as_json=as_json, quiet=quiet)
    raise typer.Exit(code)


@app.command()
def doctor(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack: NAME of stacks/Pulumi.NAME.yaml.")],
    *,
    context: Annotated[str | None, typer.Option("--context", metavar="NAME", help="The kubeconfig context, if not the settings'.")] = None,
    kubeconfig: Annotated[
        Path | None, typer.Option("--kubeconfig", metavar="FILE", help="The kubeconfig, if not that of KUBECONFIG or ~/.kube/config.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print what is not fine alone; no progress.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False,
) -> None:
    """Ask a real cluster, which stays as it is, what it lacks for STACK.

    Exits with 0 when nothing is missing, 1 when something is, 2 on a mistake in the settings or the command line and where the cluster
    does not answer, and 3 on a failure.
    """
    with report_failures(debug=debug):
        project = find_project()
        from cli.doctor import examine_cluster  # noqa: PLC0415 # as for a preview

        code = examine_cluster(project, stack, context=context, kubeconfig=kubeconfig, as_json=as_json, quiet=quiet)
    raise typer.Exit(code)


def _answer(meaning: str) -> Any:
    return typer.Option(metavar="TEXT", help=meaning)


@app.command()
def new(  # noqa: PLR0913 # an option for each answer
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The new stack: stacks/Pulumi.STACK.yaml.")],
    *,
    place: Annotated[str, typer.Option("--on", metavar="PLACE", help="Where it stands: aws, azure or existing (a cluster that is there).")],
    tier: Annotated[str, typer.Option("--tier", metavar="TIER", help="What it is for: local, dev, staging or production.")],
    team: Annotated[str | None, _answer("Who answers for it.")] = None,
    runbooks: Annotated[str | None, _answer("URL of the folder runbooks/ as people see it.")] = None,
    region: Annotated[str | None, _answer("AWS: the region.")] = None,
    account: Annotated[str | None, _answer("AWS: the account's twelve digits.")] = None,
    role: Annotated[str | None, _answer("AWS: ARN of the IAM role that deploys.")] = None,
    location: Annotated[str | None, _answer("Azure: the region.")] = None,
    subscription: Annotated[str | None, _answer("Azure: the subscription's id.")] = None,
    tenant: Annotated[str | None, _answer("Azure: the Entra tenant's id.")] = None,
    admin_group: Annotated[str | None, _answer("Azure: object id of the administrators' group.")] = None,
    admin_group_name: Annotated[str | None, _answer("Azure: its display name.")] = None,
    caller: Annotated[str | None, _answer("Azure: network that may call the Kubernetes API.")] = None,
    context: Annotated[str | None, _answer("Existing: the kubeconfig context.")] = None,
    nodes: Annotated[str | None, _answer("Existing: how many nodes take pods.")] = None,
    node_cidr: Annotated[str | None, _answer("Existing: where the nodes are.")] = None,
    api_server: Annotated[str | None, _answer("Existing: where the API server is.")] = None,
    service_cidr: Annotated[str | None, _answer("Existing: the range of Services.")] = None,
    storage_class: Annotated[str | None, _answer("Existing: the StorageClass of volumes.")] = None,
    zones: Annotated[str | None, _answer("Existing: the nodes' zones, with commas (staging, production).")] = None,
    snapshot_class: Annotated[str | None, _answer("Existing: the VolumeSnapshotClass (staging, production).")] = None,
    bucket_endpoint: Annotated[str | None, _answer("Existing: the S3 service for backups (staging, production).")] = None,
    bucket: Annotated[str | None, _answer("Existing: its bucket (staging, production).")] = None,
    bucket_cidr: Annotated[str | None, _answer("Existing: where the service is (staging, production).")] = None,
) -> None:
    """Write a commented stack file that previews clean at once.

    Asks for each answer that no option gives. Never overwrites a file. Exits with 2 on a mistake, and then nothing is written.
    """
    with report_failures(debug=False):
        project = find_project()
        from cli.new import create_stack  # noqa: PLC0415 # pydantic and the models take half a second to load

        answers = {
            "team": team,
            "runbooks": runbooks,
            "region": region,
            "account": account,
            "role": role,
            "location": location,
            "subscription": subscription,
            "tenant": tenant,
            "admin-group": admin_group,
            "admin-group-name": admin_group_name,
            "caller": caller,
            "context": context,
            "nodes": nodes,
            "node-cidr": node_cidr,
            "api-server": api_server,
            "service-cidr": service_cidr,
            "storage-class": storage_class,
            "zones": zones,
            "snapshot-class": snapshot_class,
            "bucket-endpoint": bucket_endpoint,
            "bucket": bucket,
            "bucket-cidr": bucket_cidr,
        }
        create_stack(project, stack, place=place, tier=tier, answers=answers)


@app.command()
def rehearse(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack: NAME of stacks/Pulumi.NAME.yaml.")],
    *,
    charts: Annotated[
        str,
        typer.Option(metavar="DIR|oci://…", help="Where charts are: NAME-VERSION.tgz or NAME/ in a folder, or a registry that has all."),
    ] = "",
    programs: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Where programs are, beside PATH and .tools/bin.")] = None,
    nodes: Annotated[
        str, typer.Option(metavar="NxCPU/MEMORY", help="The nodes, in place of the stack's own: 3x4/16Gi, with what each leaves for pods.")
    ] = "",
    zones: Annotated[str, typer.Option(metavar="ZONE,…", help="The zones of --nodes; without it they are in one.")] = "",
    machine: Annotated[
        list[str] | None, typer.Option(metavar="TYPE=CPU/MEMORY", help="What a machine type leaves for pods, where it is not known.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False,
) -> None:
    """Put all objects of STACK and of its charts into a simulated cluster, then take a zone away.

    Needs etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok and helm; no account and no machine: docs/rehearsal.md.
    Exits with 0 when everything runs and keeps its quorum, 1 when something does not, 2 on a mistake or where something is missing,
    3 on a failure and 130 on an interrupt.
    """
    with report_failures(debug=debug):
        project = find_project()
        from cli.rehearse import Staging, rehearse_stack  # noqa: PLC0415 # likewise

        staging = Staging(charts=charts, programs=programs or (), nodes=nodes, zones=zones, machines=machine or ())
        code = rehearse_stack(project, stack, staging, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def recovery(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack: NAME of stacks/Pulumi.NAME.yaml.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False,
) -> None:
    """Show for each component of STACK what it has to recover from, what it can, and by which runbook.

    Exits with 0 when every declared target is met, 1 when one is not, 2 on a mistake in the settings or the command line and 3 on a
    failure.
    """
    with report_failures(debug=debug):
        project = find_project()
        from cli.recovery import show_recovery  # noqa: PLC0415 # likewise

        code = show_recovery(project, stack, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the stack files, for editors (kept in stacks/schema.json)."""
    from stacks.schema import render_schema  # noqa: PLC0415

    with report_failures(debug=False):
        sys.stdout.write(render_schema())
