"""What the servers are told: ``rabbitmq.conf``, and how they speak to each other."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from components.messaging.rabbitmq.model import OperatorSettings

TLS_FOLDER: Final = "/etc/rabbitmq-nodes-tls"
"""Where the certificate with its authority is mounted, for servers as peers."""
LINK_FILE: Final = "/etc/rabbitmq/inter-node-tls.config"
_MIB: Final = 2**20
_GIB: Final = 2**30
_FREE_SHARE: Final = Decimal("0.1")
_MOST_LOG_MIB: Final = 512
_LOG_SHARE: Final = 8

_ARGUMENTS: Final = f"-proto_dist inet_tls -ssl_dist_optfile {LINK_FILE}"
ENVIRONMENT: Final = f'SERVER_ADDITIONAL_ERL_ARGS="{_ARGUMENTS}"\nRABBITMQ_CTL_ERL_ARGS="{_ARGUMENTS}"\n'
"""``rabbitmq-env.conf``: servers, and the commands within them, speak TLS with both sides' certificates."""


def configuration(settings: OperatorSettings) -> str:
    """``spec.rabbitmq.additionalConfig``, over what the operator writes.

    That is pause_minority, the Kubernetes discovery, the TLS listeners, and 80 % of the memory limit as
    all the memory there is. A changed line replaces the servers one after another.
    """
    lines = {
        # What an application declares without a word, too, is on more than one disk (MSG-002).
        "default_queue_type": "quorum",
        "queue_leader_locator": "balanced",
        # A queue that was declared, or lost a server, while one was away grows back by itself.
        "quorum_queue.continuous_membership_reconciliation.enabled": "true",
        "quorum_queue.continuous_membership_reconciliation.target_group_size": str(settings.copies),
        "cluster_partition_handling": "pause_minority",
        # Below it publishers are blocked, before a full volume stops the server.
        "disk_free_limit.absolute": str(free_bytes(settings)),
        "vm_memory_high_watermark.relative": "0.6",
        # The log is kept in memory too, before it goes to segments.
        "raft.wal_max_size_bytes": str(min(_MOST_LOG_MIB * _MIB, int(settings.memory) // _LOG_SHARE)),
        "channel_max": "2047",
        "heartbeat": "60",
        "ssl_options.versions.1": "tlsv1.3",
        "ssl_options.versions.2": "tlsv1.2",
        "management.ssl.versions.1": "tlsv1.3",
        "management.ssl.versions.2": "tlsv1.2",
        # Rates are Prometheus' to compute; here they would cost memory for each queue and channel.
        "management.rates_mode": "none",
        "collect_statistics_interval": "15000",
        "prometheus.return_per_object_metrics": "false",
    }
    return "".join(f"{key} = {value}\n" for key, value in lines.items())


def free_bytes(settings: OperatorSettings) -> int:
    """Bytes of a volume below which publishers are blocked."""
    return max(_GIB, int(settings.storage * _FREE_SHARE) // _MIB * _MIB)


def link_options() -> str:
    """The options of the connections between servers: each shows a certificate of the cluster's issuer."""
    files = "".join(
        f'    {{{option}, "{TLS_FOLDER}/{name}"}},\n'
        for option, name in (("cacertfile", "ca.crt"), ("certfile", "tls.crt"), ("keyfile", "tls.key"))
    )
    names = "    {customize_hostname_check, [{match_fun, public_key:pkix_verify_hostname_match_fun(https)}]}\n"
    server = f"  {{server, [\n{files}    {{verify, verify_peer}},\n    {{fail_if_no_peer_cert, true}}\n  ]}}"
    client = f"  {{client, [\n{files}    {{verify, verify_peer}},\n{names}  ]}}"
    return f"[\n{server},\n{client}\n].\n"
