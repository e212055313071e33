"""`plinth bootstrap` and `plinth verify`: the options of their commands. The clouds' SDKs are imported once one of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer

from cli.failures import FailureError, MisuseError, report_failures
from cli.project import find_project

bootstrap = typer.Typer(
    help="Prepare an account: the state backend, its keys, and the identity by which workflows deploy.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

verify = typer.Typer(
    help="Read an account, which stays as it is, and judge what is really there.", no_args_is_help=True, rich_markup_mode=None
)

Project = Annotated[str | None, typer.Option("--project", help="What every name begins with.", show_default="the name in Pulumi.yaml")]
GitHub = Annotated[
    str,
    typer.Option(
        "--github",
        metavar="ORG/REPO",
        help="The repository whose workflows deploy, spelt as in their tokens: of a repository from after June 2026 ORG@ID/REPO@ID.",
    ),
]
Environments = Annotated[
    list[str] | None,
    typer.Option("--environment", metavar="NAME", help="An environment of the repository whose jobs deploy; may be repeated."),
]
Branch = Annotated[str, typer.Option("--branch", metavar="NAME", help="Without --environment: the branch whose jobs deploy.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")]


@bootstrap.command("aws")
def bootstrap_aws(  # noqa: PLR0913 # the options of a command
    *,
    region: Annotated[str, typer.Option("--region", help="The region of state and stacks, such as eu-west-1.")],
    account: Annotated[str, typer.Option("--account", help="The account's 12 digits; the credentials have to be of it.")],
    github: GitHub,
    second_region: Annotated[
        str | None, typer.Option("--second-region", help="The region that stacks keep copies in (plinth:disasterRecovery).")
    ] = None,
    environment: Environments = None,
    branch: Branch = "main",
    project: Project = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    debug: Debug = False,
) -> None:
    """Prepare an account of AWS: bucket, keys, and the role that deploys.

    Says first what is created, changed or kept, and asks. Exits with 0 when all is as it is to be, 2 where a right is missing or the
    credentials do not fit, and 3 where AWS fails.
    """
    with _reported(debug=debug):
        from accounts.aws.bootstrap import AwsBootstrap  # noqa: PLC0415
        from accounts.aws.failures import failures  # noqa: PLC0415
        from accounts.aws.session import check_account_id, check_region, sign_in  # noqa: PLC0415
        from accounts.errors import check_together  # noqa: PLC0415
        from accounts.github import Workflows  # noqa: PLC0415
        from accounts.project import check_project  # noqa: PLC0415
        from cli.bootstrap import bootstrap_account  # noqa: PLC0415

        name = project or _project_name()
        describe_workflows = partial(Workflows, repository=github, environments=tuple(environment or ()), branch=branch)
        check_together(
            *(partial(check_region, each) for each in (region, second_region) if each),
            lambda: check_account_id(account),
            describe_workflows,
            lambda: check_project(name),
        )
        signed_in = sign_in(region=region, account_id=account)
        described = AwsBootstrap(account=signed_in, project=name, workflows=describe_workflows(), second_region=second_region)
        bootstrap_account(described, failures, yes=yes, dry_run=dry_run)


@bootstrap.command("azure")
def bootstrap_azure(  # noqa: PLR0913 # the options of a command
    *,
    subscription: Annotated[str, typer.Option("--subscription", help="The subscription's id, as `az account list` shows it.")],
    location: Annotated[str, typer.Option("--location", help="The region of state and stacks, such as westeurope.")],
    github: GitHub,
    environment: Environments = None,
    branch: Branch = "main",
    project: Project = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    debug: Debug = False,
) -> None:
    """Prepare a subscription of Azure: registrations, storage account, key vault, and the identity that deploys.

    Says first what is created, changed or kept, and asks. Exits with 0 when all is as it is to be, 2 where a right is missing or the
    credentials do not fit, and 3 where Azure fails.
    """
    with _reported(debug=debug):
        from accounts.azure.bootstrap import AzureBootstrap, check_location  # noqa: PLC0415
        from accounts.azure.failures import failures  # noqa: PLC0415
        from accounts.azure.session import check_subscription, sign_in  # noqa: PLC0415
        from accounts.errors import check_together  # noqa: PLC0415
        from accounts.github import Workflows  # noqa: PLC0415
        from accounts.project import check_project  # noqa: PLC0415
        from cli.bootstrap import bootstrap_account  # noqa: PLC0415

        name = project or _project_name()
        describe_workflows = partial(Workflows, repository=github, environments=tuple(environment or ()), branch=branch)
        check_together(
            lambda: check_subscription(subscription), lambda: check_location(location), describe_workflows, lambda: check_project(name)
        )
        signed_in = sign_in(subscription)
        described = AzureBootstrap(subscription=signed_in, location=location, project=name, workflows=describe_workflows())
        bootstrap_account(described, failures, yes=yes, dry_run=dry_run)


@verify.command("aws")
def verify_aws(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack: NAME of stacks/Pulumi.NAME.yaml.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict and what is wrong; no counts, no progress.")] = False,
    debug: Debug = False,
) -> None:
    """Read the account of STACK with calls that change nothing, judge it by the pack, and say what differs from the program.

    Exits with 0 when all is as it is to be, 1 when something is violated or was changed by hand, 2 where credentials or settings do not
    fit, and 3 on a failure or where a right to read is missing.
    """
    with _reported(debug=debug):
        project = find_project()
        from cli.verify import verify_stack  # noqa: PLC0415

        code = verify_stack(project, stack, as_json=as_json, quiet=quiet)
    raise typer.Exit(code)


@contextmanager
def _reported(*, debug: bool) -> Iterator[None]:
    """Turn what is wrong with an account into the messages and exit codes of all commands."""
    from accounts.errors import AccountError, CloudError  # noqa: PLC0415

    with report_failures(debug=debug):
        try:
            yield
        except AccountError as error:
            raise MisuseError(str(error)) from error
        except CloudError as error:
            raise FailureError(str(error)) from error


def _project_name() -> str:
    from offline.errors import OfflineError  # noqa: PLC0415
    from offline.yaml_file import load_mapping  # noqa: PLC0415

    try:
        return str(load_mapping(find_project() / "Pulumi.yaml").content.get("name"))
    except OfflineError as error:
        raise MisuseError(str(error)) from error
