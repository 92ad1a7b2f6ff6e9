"""Xero's names of time zones, which are those of Windows run together, in the IANA database.

The pairs follow the Unicode CLDR's table windowsZones, each with the zone of its first territory.
A zone that is not a country's, such as UTC-11, is an offset there, whose sign is turned round.
"""

ENDING = "STANDARDTIME"

_TABLE = """
AFGHANISTAN Asia/Kabul               ALASKAN America/Anchorage
ALEUTIAN America/Adak                ALTAI Asia/Barnaul
ARAB Asia/Riyadh                     ARABIAN Asia/Dubai
ARABIC Asia/Baghdad                  ARGENTINA America/Buenos_Aires
ASTRAKHAN Europe/Astrakhan           ATLANTIC America/Halifax
AUSCENTRAL Australia/Darwin          AUSCENTRALW Australia/Eucla
AUSEASTERN Australia/Sydney          AZERBAIJAN Asia/Baku
AZORES Atlantic/Azores               BAHIA America/Bahia
BANGLADESH Asia/Dhaka                BELARUS Europe/Minsk
BOUGAINVILLE Pacific/Bougainville    CANADACENTRAL America/Regina
CAPEVERDE Atlantic/Cape_Verde        CAUCASUS Asia/Yerevan
CENAUSTRALIA Australia/Adelaide      CENTRAL America/Chicago
CENTRAL(MEXICO) America/Mexico_City  CENTRALAMERICA America/Guatemala
CENTRALASIA Asia/Bishkek             CENTRALBRAZILIAN America/Cuiaba
CENTRALEUROPE Europe/Budapest        CENTRALEUROPEAN Europe/Warsaw
CENTRALPACIFIC Pacific/Guadalcanal   CHATHAMISLANDS Pacific/Chatham
CHINA Asia/Shanghai                  CUBA America/Havana
DATELINE Etc/GMT+12                  EAFRICA Africa/Nairobi
EASTERISLAND Pacific/Easter          EASTERN America/New_York
EASTERN(MEXICO) America/Cancun       EAUSTRALIA Australia/Brisbane
EEUROPE Europe/Chisinau              EGYPT Africa/Cairo
EKATERINBURG Asia/Yekaterinburg      ESOUTHAMERICA America/Sao_Paulo
FIJI Pacific/Fiji                    FLE Europe/Kiev
GEORGIAN Asia/Tbilisi                GMT Europe/London
GREENLAND America/Godthab            GREENWICH Atlantic/Reykjavik
GTB Europe/Bucharest                 HAITI America/Port-au-Prince
HAWAIIAN Pacific/Honolulu            INDIA Asia/Calcutta
IRAN Asia/Tehran                     ISRAEL Asia/Jerusalem
JORDAN Asia/Amman                    KALININGRAD Europe/Kaliningrad
KAMCHATKA Asia/Kamchatka             KOREA Asia/Seoul
LIBYA Africa/Tripoli                 LINEISLANDS Pacific/Kiritimati
LORDHOWE Australia/Lord_Howe         MAGADAN Asia/Magadan
MAGALLANES America/Punta_Arenas      MARQUESAS Pacific/Marquesas
MAURITIUS Indian/Mauritius           MIDATLANTIC Etc/GMT+2
MIDDLEEAST Asia/Beirut               MONTEVIDEO America/Montevideo
MOROCCO Africa/Casablanca            MOUNTAIN America/Denver
MOUNTAIN(MEXICO) America/Mazatlan    MYANMAR Asia/Rangoon
NAMIBIA Africa/Windhoek              NCENTRALASIA Asia/Novosibirsk
NEPAL Asia/Katmandu                  NEWFOUNDLAND America/St_Johns
NEWZEALAND Pacific/Auckland          NORFOLK Pacific/Norfolk
NORTHASIA Asia/Krasnoyarsk           NORTHASIAEAST Asia/Irkutsk
NORTHKOREA Asia/Pyongyang            OMSK Asia/Omsk
PACIFIC America/Los_Angeles          PACIFIC(MEXICO) America/Tijuana
PACIFICSA America/Santiago           PAKISTAN Asia/Karachi
PARAGUAY America/Asuncion            QYZYLORDA Asia/Qyzylorda
ROMANCE Europe/Paris                 RUSSIAN Europe/Moscow
RUSSIATIMEZONE3 Europe/Samara        RUSSIATIMEZONE10 Asia/Srednekolymsk
RUSSIATIMEZONE11 Asia/Kamchatka      SAEASTERN America/Cayenne
SAINTPIERRE America/Miquelon         SAKHALIN Asia/Sakhalin
SAMOA Pacific/Apia                   SAOTOME Africa/Sao_Tome
SAPACIFIC America/Bogota             SARATOV Europe/Saratov
SAWESTERN America/La_Paz             SEASIA Asia/Bangkok
SINGAPORE Asia/Singapore             SOUTHAFRICA Africa/Johannesburg
SOUTHSUDAN Africa/Juba               SRILANKA Asia/Colombo
SUDAN Africa/Khartoum                SYRIA Asia/Damascus
TAIPEI Asia/Taipei                   TASMANIA Australia/Hobart
TOCANTINS America/Araguaina          TOKYO Asia/Tokyo
TOMSK Asia/Tomsk                     TONGA Pacific/Tongatapu
TRANSBAIKAL Asia/Chita               TURKEY Europe/Istanbul
TURKSANDCAICOS America/Grand_Turk    ULAANBAATAR Asia/Ulaanbaatar
USEASTERN America/Indianapolis       USMOUNTAIN America/Phoenix
UTC UTC                              UTC+12 Etc/GMT-12
UTC+13 Etc/GMT-13                    UTC02 Etc/GMT+2
UTC08 Etc/GMT+8                      UTC09 Etc/GMT+9
UTC11 Etc/GMT+11                     VENEZUELA America/Caracas
VLADIVOSTOK Asia/Vladivostok         VOLGOGRAD Europe/Volgograd
WAUSTRALIA Australia/Perth           WCENTRALAFRICA Africa/Lagos
WESTASIA Asia/Tashkent               WESTBANK Asia/Hebron
WESTPACIFIC Pacific/Port_Moresby     WEUROPE Europe/Berlin
WMONGOLIA Asia/Hovd                  YAKUTSK Asia/Yakutsk
YUKON America/Whitehorse
"""

_WORDS = _TABLE.split()
ZONES = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def iana(name: str) -> str:
    """The IANA name of a zone as Xero names it; empty for one that is not known."""
    known = name.upper().replace(" ", "")
    return ZONES.get(known.replace(ENDING, ""), "")
