"""Xero's time zones are known under the names that everything else uses."""

from zoneinfo import ZoneInfo

import pytest

from chalicelib.reference.xero_time_zones import ENDING, ZONES, iana


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("NEWZEALANDSTANDARDTIME", "Pacific/Auckland"),
        ("AUSEASTERNSTANDARDTIME", "Australia/Sydney"),
        ("GMTSTANDARDTIME", "Europe/London"),
        ("MOUNTAINSTANDARDTIME(MEXICO)", "America/Mazatlan"),
        ("E. South America Standard Time".replace(".", ""), "America/Sao_Paulo"),
        ("UTC+13", "Etc/GMT-13"),
        ("MARSSTANDARDTIME", ""),
        ("", ""),
    ],
)
def test_a_zone_is_found_by_xeros_name(name, zone):
    assert iana(name) == zone


def test_every_zone_is_one_that_there_is():
    for name, zone in ZONES.items():
        assert ZoneInfo(zone)
        assert iana(name + ENDING) == zone
