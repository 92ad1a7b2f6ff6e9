import socket

import pytest

from local.cloud.errors import CannotStartError
from local.cloud.options import Ports
from local.cloud.ports import require_free
from local.cloud.running import free_ports


@pytest.mark.parametrize(
    ("taken", "sentence"),
    [
        ("app", "meant for Workbill, is in use.*PORT=<number>"),
        ("xero", "meant for the local Xero, is in use.*XERO_PORT=<number>"),
        ("cloud", "meant for the local cloud, is in use.*CLOUD_PORT=<number>"),
    ],
)
def test_a_taken_port_is_named_with_its_setting(taken, sentence):
    ports = free_ports()
    with (
        socket.create_server(("127.0.0.1", getattr(ports, taken))),
        pytest.raises(CannotStartError, match=sentence),
    ):
        require_free(ports)


def test_free_ports_pass():
    require_free(free_ports())


def test_a_port_that_just_closed_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()

    require_free(Ports(port, *(free_ports().xero, free_ports().cloud)))
