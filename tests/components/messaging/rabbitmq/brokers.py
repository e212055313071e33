"""Real servers of RabbitMQ on the loopback interface: one cluster, configured and loaded as our resources say."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Final, Self

import pika
from pika.exceptions import AMQPError

from components.messaging.rabbitmq.arguments import RabbitmqTopologyArgs
from components.messaging.rabbitmq.configuration import ENVIRONMENT, LINK_FILE, TLS_FOLDER, configuration, link_options
from components.messaging.rabbitmq.model import OperatorSettings
from rehearsal.ports import free_ports
from tests.certificates import Authority
from tests.components.messaging.rabbitmq.definitions import PASSWORD, definitions, resources
from tests.tools import tool

_PLUGINS: Final = "[rabbitmq_prometheus,rabbitmq_shovel]."
# Lines that the distribution's release does not know yet, or that are about another machine.
_NEWER: Final = ("default_queue_type", "quorum_queue.", "ssl_options.", "management.", "disk_free_limit.", "queue_leader_locator")
PATIENCE: Final = 300
"""Seconds for what takes a few: on a busy machine servers are slow, not wrong. No test needs them all to pass."""


class LocalBrokers(AbstractContextManager["LocalBrokers"]):
    """As many servers as ``settings`` ask for. They speak TLS to each other with our options, and are loaded with our definitions."""

    def __init__(self, settings: OperatorSettings, topology: RabbitmqTopologyArgs, directory: Path) -> None:
        self._program, self._ctl, self._epmd = tool("rabbitmq-server"), tool("rabbitmqctl"), tool("epmd")
        self._directory = directory
        self._settings, self._topology = settings, topology
        count = settings.nodes
        self._epmd_port, *ports = free_ports(1 + 3 * count)
        self.names = [f"rabbit{place}@localhost" for place in range(count)]
        self.ports = dict(zip(self.names, ports, strict=False))
        self._links = dict(zip(self.names, ports[count:], strict=False))
        self._metrics = dict(zip(self.names, ports[2 * count :], strict=True))
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._write()

    def __enter__(self) -> Self:
        arguments = [self._epmd, "-port", str(self._epmd_port), "-address", "127.0.0.1"]
        self._postmaster = subprocess.Popen(arguments, start_new_session=True)  # noqa: S603 # likewise
        try:
            for name in self.names:
                self.start(name)
            self.wait()
            file = self._directory / "definitions.json"
            file.write_text(json.dumps(definitions(resources(self._topology))), encoding="utf-8")
            self.control(self.names[0], "import_definitions", str(file))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._processes):
            self.kill(name)
        if self._postmaster:
            self._postmaster.kill()
            self._postmaster.wait()

    def start(self, name: str) -> None:
        """Start the server ``name``, also after it was killed."""
        with (self._directory / f"{name}.out").open("wb") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603 # the distribution's server
                [self._program], env=self._environment(name), stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Until all servers serve, as they write themselves: the command that waits for a boot misses its end at times.

        A server that gives its boot up, since another one is booting as well, is started anew as Kubernetes does.
        """
        end = time.monotonic() + PATIENCE
        for name in self.names:
            while "Starting broker... completed" not in self._log(name):
                if self._processes[name].poll() is not None:
                    self.start(name)
                assert time.monotonic() < end, f"{name} does not serve after {PATIENCE} seconds: {self._log(name)}"
                time.sleep(0.2)

    def kill(self, name: str) -> None:
        """Kill the server ``name`` on the spot (SIGKILL), with all that it started."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def control(self, name: str, *arguments: str) -> str:
        """What ``rabbitmqctl`` answers about the server ``name``; on a busy machine it gives up greeting it after seven seconds."""
        end = time.monotonic() + PATIENCE
        # What it does, it may do twice.
        while (run := self._run(name, *arguments)).returncode in {os.EX_UNAVAILABLE, os.EX_TEMPFAIL} and time.monotonic() < end:
            time.sleep(0.5)
        assert run.returncode == 0, run.stdout + run.stderr + self._log(name)
        return run.stdout

    def listed(self, vhost: str, column: str) -> dict[str, Any]:
        """Of each queue what ``rabbitmqctl list_queues`` says in a column, such as ``leader`` or ``members``."""
        rows = json.loads(self.control(self.names[0], "list_queues", "--vhost", vhost, "name", column, "--formatter=json"))
        return {str(row["name"]): row[column] for row in rows}

    def metrics(self, name: str, path: str) -> str:
        """What the Prometheus plugin of the server says."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._metrics[name]}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def connect(self, vhost: str, user: str) -> pika.BlockingConnection:
        """A connection of ``user`` to the first server that takes it."""
        end = time.monotonic() + PATIENCE
        while True:
            for port in self.ports.values():
                parameters = pika.ConnectionParameters(
                    "127.0.0.1",
                    port,
                    vhost,
                    pika.PlainCredentials(user, PASSWORD),
                    heartbeat=30,
                    socket_timeout=10,
                    stack_timeout=20,
                    blocked_connection_timeout=20,
                )
                try:
                    # The library leaves a socket open that nobody answers.
                    socket.create_connection(("127.0.0.1", port), timeout=10).close()
                    return pika.BlockingConnection(parameters)
                except (OSError, AMQPError):
                    assert time.monotonic() < end, "no server took a connection"
            time.sleep(0.2)

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 # the distribution's client
            [self._ctl, "--node", name, "--timeout", "60", "--quiet", *arguments],
            env=self._environment(name),
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * PATIENCE,
        )

    def _log(self, name: str) -> str:
        return (self._directory / f"{name}.out").read_text(encoding="utf-8")[-3000:]

    def _environment(self, name: str) -> dict[str, str]:
        home = self._directory / name
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._directory),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": name,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.ports[name]),
            "RABBITMQ_DIST_PORT": str(self._links[name]),
            "RABBITMQ_MNESIA_BASE": str(home),
            "RABBITMQ_LOG_BASE": str(home),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": str(self._directory / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._directory / "enabled_plugins"),
            # A few schedulers: three servers share the machine with the tests.
            "RABBITMQ_SERVER_ERL_ARGS": "+S 2:2 +sbwt none",
        }

    def _write(self) -> None:
        authority = Authority(self._directory)
        certificate, key = authority.issue("localhost")
        certificates = self._directory / "tls"
        certificates.mkdir()
        for source, target in ((authority.certificate, "ca.crt"), (certificate, "tls.crt"), (key, "tls.key")):
            shutil.copy(source, certificates / target)
        links = self._directory / "inter-node-tls.config"
        links.write_text(link_options().replace(TLS_FOLDER, str(certificates)), encoding="utf-8")
        (self._directory / "rabbitmq-env.conf").write_text(ENVIRONMENT.replace(LINK_FILE, str(links)), encoding="utf-8")
        (self._directory / "enabled_plugins").write_text(_PLUGINS, encoding="utf-8")
        cookie = self._directory / ".erlang.cookie"
        cookie.write_text("cookie-of-a-test", encoding="utf-8")
        cookie.chmod(0o400)
        ours = [line for line in configuration(self._settings).splitlines() if not line.startswith(_NEWER)]
        peers = [f"cluster_formation.classic_config.nodes.{place} = {name}" for place, name in enumerate(self.names, start=1)]
        for name in self.names:
            (self._directory / name).mkdir()
            own: list[Any] = [f"prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {self._metrics[name]}"]
            lines = [*ours, "cluster_formation.peer_discovery_backend = classic_config", *peers, *own]
            (self._directory / name / "rabbitmq.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
