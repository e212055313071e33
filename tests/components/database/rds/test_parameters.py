from __future__ import annotations

from components.database.rds.parameters import parameters


def test_tls_is_forced_and_what_is_slow_is_remembered() -> None:
    values = {parameter.name: parameter.value for parameter in parameters(max_connections=901)}
    assert values["rds.force_ssl"] == "1"
    assert values["max_connections"] == "901"
    assert values["shared_preload_libraries"] == "pg_stat_statements"
    assert values["log_min_duration_statement"] == "500"
    assert values["track_io_timing"] == "1"


def test_parameters_that_postgresql_reads_at_its_start_wait_for_one() -> None:
    waiting = {parameter.name for parameter in parameters(max_connections=901) if parameter.apply_method == "pending-reboot"}
    assert waiting == {"max_connections", "shared_preload_libraries"}


def test_the_writer_goes_on_waiting_for_readable_standbys_that_fall_behind() -> None:
    values = {parameter.name: parameter.value for parameter in parameters(max_connections=901, readable_standbys=True)}
    assert values["shared_preload_libraries"] == "flow_control,pg_stat_statements"
