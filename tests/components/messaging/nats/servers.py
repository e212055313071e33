"""Real NATS servers on the loopback interface, with the settings that the chart's values carry."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.links import LEAF_DIRECTORY
from components.messaging.nats.values import render_nats_values
from facts.duration import parse_duration
from rehearsal.ports import free_ports
from tests.tools import tool

PATIENCE: Final = 300
"""Seconds for what takes a few: on a busy machine servers are slow, not wrong. No test needs them all to pass."""


class LocalServers(AbstractContextManager["LocalServers"]):
    """As many servers as ``args`` ask for, in one cluster.

    What depends on Kubernetes (ports, directories, names) is put in here. ``tls`` is the server's
    ``tls`` block; without it there are neither accounts nor certificates.
    """

    def __init__(self, args: NatsArgs, directory: Path, tls: dict[str, Any] | None = None) -> None:
        self._program = tool("nats-server")
        self._directory = directory
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        count = args.settings.servers
        names = [f"nats-{index}" for index in range(count)]
        ports = free_ports(4 * count)
        self.ports = dict(zip(names, ports, strict=False))
        routes = dict(zip(names, ports[count:], strict=False))
        self._monitors = dict(zip(names, ports[2 * count :], strict=False))
        self.leaf_ports = dict(zip(names, ports[3 * count :], strict=True))
        config = render_nats_values(args)["config"]
        for name in names:
            settings: dict[str, Any] = {
                "server_name": name,
                "listen": f"127.0.0.1:{self.ports[name]}",
                "http": f"127.0.0.1:{self._monitors[name]}",
                "jetstream": {
                    "store_dir": str(directory / name),
                    "max_file_store": f"<< {config['jetstream']['fileStore']['maxSize']} >>",
                    **config["jetstream"]["merge"],
                },
                **{key: value for key, value in config["merge"].items() if tls or key.startswith("lame_duck")},
            }
            if tls:
                settings["tls"] = tls | config["nats"]["tls"]["merge"]
                if config["leafnodes"]["enabled"]:
                    settings["leafnodes"] = self._leaf_nodes(name, config["leafnodes"], tls)
            if len(names) > 1:
                peers = [f"nats://127.0.0.1:{port}" for port in routes.values()]
                settings["cluster"] = {**config["cluster"]["merge"], "listen": f"127.0.0.1:{routes[name]}", "routes": peers}
            self._config_file(name).write_text(_server_config(settings))

    def __enter__(self) -> Self:
        try:
            for name in self.ports:
                self.start(name)
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._processes):
            self.kill(name)

    @property
    def urls(self) -> list[str]:
        """Where clients connect."""
        return [f"nats://127.0.0.1:{port}" for port in self.ports.values()]

    def start(self, name: str) -> None:
        """Start the server ``name``, also after it was killed."""
        with (self._directory / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen([self._program, "-c", str(self._config_file(name))], stderr=log)  # noqa: S603 # our own file

    def wait(self) -> None:
        """Until all servers serve, in a cluster with a leader; one that ends instead is an error with what it wrote."""
        end = time.monotonic() + PATIENCE
        for name, port in self._monitors.items():
            while (problem := _unhealthy(port)) is not None:
                log = (self._directory / f"{name}.log").read_text()[-3000:]
                assert self._processes[name].poll() is None, f"{name} has ended: {log}"
                assert time.monotonic() < end, f"{name} does not serve after {PATIENCE} seconds, {problem}: {log}"
                time.sleep(0.1)

    def kill(self, name: str) -> None:
        """Kill the server ``name`` on the spot (SIGKILL)."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def in_force(self, name: str) -> dict[str, Any]:
        """JetStream's settings as the running server ``name`` reports them."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._monitors[name]}/varz", timeout=5) as answer:
            return dict(json.load(answer)["jetstream"]["config"])

    def acknowledged(self, consumer: str) -> list[int]:
        """Up to which sequence of its stream all is acknowledged, as each server that has a copy of ``consumer`` knows."""
        found = []
        for port in self._monitors.values():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/jsz?consumers=true", timeout=PATIENCE) as answer:
                accounts = json.load(answer)["account_details"]
            there = [each for account in accounts for stream in account["stream_detail"] for each in stream.get("consumer_detail", ())]
            found += [each["ack_floor"]["stream_seq"] for each in there if each["name"] == consumer]
        return found

    def check(self) -> None:
        """Let the server parse each configuration; a wrong one raises CalledProcessError."""
        for name in self.ports:
            subprocess.run([self._program, "-t", "-c", str(self._config_file(name))], check=True, capture_output=True)  # noqa: S603 # likewise

    def _leaf_nodes(self, name: str, values: dict[str, Any], tls: dict[str, Any]) -> dict[str, Any]:
        """As the chart writes them; what it would mount is beside the configuration."""
        block = {"listen": f"127.0.0.1:{self.leaf_ports[name]}", "tls": values["tls"]["merge"] | tls, **values["merge"]}
        return dict(json.loads(json.dumps(block).replace(LEAF_DIRECTORY, str(self._directory))))

    def _config_file(self, name: str) -> Path:
        return self._directory / f"{name}.conf"


def _unhealthy(monitor: int) -> str | None:
    """What a server lacks to serve, as it says itself; None where that is nothing."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{monitor}/healthz", timeout=5):
            return None
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except OSError as error:
        return str(error)


def api_request(spec: dict[str, Any]) -> dict[str, Any]:
    """A Stream's ``spec`` as the server's own API has it, as the controller would translate it."""
    names = {"replicas": "num_replicas", "maxMsgsPerSubject": "max_msgs_per_subject", "allowRollup": "allow_rollup_hdrs"}
    request = {names.get(key) or _snake_case(key): value for key, value in spec.items() if key not in {"preventDelete", "tls"}}
    for key in ("max_age", "duplicate_window"):
        if key in request:
            request[key] = parse_duration(request[key]) // timedelta(microseconds=1) * 1000
    if "mirror" in request:
        request["mirror"] = _source(request["mirror"])
    if "sources" in request:
        request["sources"] = [_source(source) for source in request["sources"]]
    return request


def _source(spec: dict[str, Any]) -> dict[str, Any]:
    external = {"external": {"api": spec["externalApiPrefix"], "deliver": ""}} if "externalApiPrefix" in spec else {}
    return {"name": spec["name"], "filter_subject": spec.get("filterSubject", ""), **external}


def _snake_case(key: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key)


def _server_config(settings: dict[str, Any]) -> str:
    # The server reads JSON, but a size with a unit only without quotes: what the chart finds between
    # << and >> it writes so.
    return re.sub(r'"<< (.+?) >>"', r"\1", json.dumps(settings, indent=2))
