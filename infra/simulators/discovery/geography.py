"""Locations of simulated venues: real cities, their time zones and the API's own market and DMA numbers.

Market names and numbers are those of the public Discovery API documentation. DMA numbers are in the documented ranges
(US 212-422, Canada 501-531); 200 and 500 mean the whole country.
"""

from __future__ import annotations

from typing import NamedTuple


class City(NamedTuple):
    """One place. `weight` is its share of events, `market` the (id, name) pair of the API, `postal` a sample code."""

    name: str
    state: str
    state_code: str
    country_code: str
    zone: str
    latitude: float
    longitude: float
    market: tuple[str, str] | None
    dma: int | None
    postal: str
    weight: float


COUNTRY_NAMES = {
    "US": "United States Of America",
    "CA": "Canada",
    "MX": "Mexico",
    "GB": "Great Britain",
    "AU": "Australia",
    "CZ": "Česká republika",  # the live API returns some countries in their own language
}

ALL_OF_US_DMA = 200
ALL_OF_CANADA_DMA = 500

_STATES = {
    "NY": "New York",
    "NJ": "New Jersey",
    "MA": "Massachusetts",
    "PA": "Pennsylvania",
    "DC": "District of Columbia",
    "MD": "Maryland",
    "NC": "North Carolina",
    "GA": "Georgia",
    "FL": "Florida",
    "MI": "Michigan",
    "OH": "Ohio",
    "IN": "Indiana",
    "TN": "Tennessee",
    "IL": "Illinois",
    "WI": "Wisconsin",
    "MN": "Minnesota",
    "MO": "Missouri",
    "LA": "Louisiana",
    "TX": "Texas",
    "OK": "Oklahoma",
    "NE": "Nebraska",
    "CO": "Colorado",
    "UT": "Utah",
    "AZ": "Arizona",
    "NV": "Nevada",
    "CA": "California",
    "OR": "Oregon",
    "WA": "Washington",
    "HI": "Hawaii",
    "AK": "Alaska",
    "ON": "Ontario",
    "QC": "Quebec",
    "BC": "British Columbia",
    "AB": "Alberta",
    "MB": "Manitoba",
    "SK": "Saskatchewan",
    "NS": "Nova Scotia",
    "NL": "Newfoundland and Labrador",
    "VIC": "Victoria",
}

_MARKETS = {
    "35": "New York/Tri-State Area",
    "55": "Northern New Jersey",
    "44": "Upstate New York",
    "11": "Greater Boston Area",
    "18": "Greater Philadelphia Area",
    "19": "Greater Pittsburgh Area",
    "47": "Washington, DC and Maryland",
    "2": "Charlotte",
    "38": "Raleigh & Durham",
    "10": "Greater Atlanta Area",
    "17": "Greater Orlando Area",
    "21": "Greater Tampa Area",
    "15": "Greater Miami Area",
    "7": "Detroit, Toledo & More",
    "12": "Cleveland, Youngstown & More",
    "13": "Greater Columbus Area",
    "4": "Cincinnati & Dayton",
    "23": "Indianapolis & More",
    "31": "Nashville, Knoxville & More",
    "29": "Memphis, Little Rock & More",
    "3": "Chicagoland & Northern IL",
    "30": "Milwaukee & WI",
    "16": "Minneapolis/St. Paul & More",
    "39": "Saint Louis & More",
    "26": "Kansas City & More",
    "34": "New Orleans & More",
    "5": "Dallas - Fort Worth & More",
    "22": "Houston & More",
    "40": "San Antonio & Austin",
    "125": "Oklahoma",
    "52": "Nebraska",
    "6": "Denver & More",
    "45": "Utah & Montana",
    "36": "Phoenix & Tucson",
    "14": "Greater Las Vegas Area",
    "27": "Greater Los Angeles Area",
    "20": "Greater San Diego Area",
    "41": "N. California/N. Nevada",
    "37": "Portland & More",
    "42": "Greater Seattle Area",
    "49": "Hawaii",
    "50": "Alaska",
    "102": "Toronto, Hamilton & Area",
    "103": "Ottawa & Eastern Ontario",
    "120": "Montréal & Area",
    "111": "Vancouver & Area",
    "110": "B.C. Interior",
    "108": "Calgary & Southern Alberta",
    "107": "Edmonton & Northern Alberta",
    "106": "Manitoba",
    "112": "Saskatchewan",
    "202": "London (UK)",
}

# name | state | country | zone | latitude | longitude | market | DMA | postal code | weight.
# Alias zones (America/Indianapolis, America/Montreal) are deliberate: the API sends them.
_TABLE = """
New York|NY|US|America/New_York|40.7506|-73.9935|35|345|10001|9
Brooklyn|NY|US|America/New_York|40.6826|-73.9754|35|345|11217|3.5
Newark|NJ|US|America/New_York|40.7334|-74.1711|55|345|07102|1.5
Buffalo|NY|US|America/New_York|42.875|-78.8764|44|242|14203|1
Boston|MA|US|America/New_York|42.3662|-71.0621|11|235|02114|3.5
Philadelphia|PA|US|America/New_York|39.9012|-75.172|18|358|19148|3.5
Pittsburgh|PA|US|America/New_York|40.4395|-79.9892|19|359|15219|1.5
Washington|DC|US|America/New_York|38.8981|-77.0209|47|409|20004|2.5
Baltimore|MD|US|America/New_York|39.289|-76.6185|47|224|21201|1.2
Charlotte|NC|US|America/New_York|35.2251|-80.8392|2|245|28202|1.6
Raleigh|NC|US|America/New_York|35.7796|-78.6382|38|366|27601|1.2
Atlanta|GA|US|America/New_York|33.7573|-84.3963|10|220|30303|3
Orlando|FL|US|America/New_York|28.5392|-81.3839|17|344|32801|2
Tampa|FL|US|America/New_York|27.9427|-82.4519|21|396|33602|1.6
Miami|FL|US|America/New_York|25.7814|-80.187|15|334|33132|2
Detroit|MI|US|America/Detroit|42.3411|-83.0553|7|266|48201|2.2
Cleveland|OH|US|America/New_York|41.4965|-81.688|12|250|44115|1.6
Columbus|OH|US|America/New_York|39.9693|-83.0061|13|257|43215|1.3
Cincinnati|OH|US|America/New_York|39.0974|-84.5066|4|249|45202|1.2
Indianapolis|IN|US|America/Indianapolis|39.764|-86.1555|23|303|46204|1.4
Nashville|TN|US|America/Chicago|36.1591|-86.7785|31|343|37203|2.8
Memphis|TN|US|America/Chicago|35.1382|-90.0506|29|333|38103|0.8
Chicago|IL|US|America/Chicago|41.8807|-87.6742|3|249|60612|5
Milwaukee|WI|US|America/Chicago|43.0451|-87.9172|30|336|53203|1.2
Minneapolis|MN|US|America/Chicago|44.9795|-93.2761|16|337|55403|2
Saint Louis|MO|US|America/Chicago|38.6268|-90.2027|39|381|63103|1.4
Kansas City|MO|US|America/Chicago|39.0975|-94.58|26|313|64106|1.2
New Orleans|LA|US|America/Chicago|29.949|-90.0821|34|344|70113|1.2
Dallas|TX|US|America/Chicago|32.7905|-96.8103|5|261|75219|3
Houston|TX|US|America/Chicago|29.7508|-95.3621|22|300|77002|3
Austin|TX|US|America/Chicago|30.2819|-97.7327|40|222|78701|2.2
San Antonio|TX|US|America/Chicago|29.427|-98.4375|40|371|78219|1.2
Tulsa|OK|US|America/Chicago|36.1527|-95.9961|125|404|74103|0.7
Omaha|NE|US|America/Chicago|41.2632|-95.9279|52|343|68102|0.7
Denver|CO|US|America/Denver|39.7487|-105.008|6|264|80204|2.6
Salt Lake City|UT|US|America/Denver|40.7683|-111.901|45|377|84101|1.2
Phoenix|AZ|US|America/Phoenix|33.4457|-112.071|36|355|85004|2.2
Las Vegas|NV|US|America/Los_Angeles|36.1028|-115.178|14|319|89109|5.5
Los Angeles|CA|US|America/Los_Angeles|34.043|-118.267|27|324|90015|5.5
Long Beach|CA|US|America/Los_Angeles|33.7659|-118.189|27|324|90802|0.8
Anaheim|CA|US|America/Los_Angeles|33.8078|-117.876|27|324|92806|1.4
San Diego|CA|US|America/Los_Angeles|32.7551|-117.212|20|381|92110|1.8
San Francisco|CA|US|America/Los_Angeles|37.768|-122.388|41|382|94158|2.6
Portland|OR|US|America/Los_Angeles|45.5316|-122.667|37|362|97227|1.4
Seattle|WA|US|America/Los_Angeles|47.6221|-122.354|42|385|98109|2
Honolulu|HI|US|Pacific/Honolulu|21.2911|-157.839|49|298|96814|0.5
Anchorage|AK|US|America/Anchorage|61.2049|-149.871|50|217|99508|0.3
Toronto|ON|CA|America/Toronto|43.6435|-79.3791|102|527|M5J 2X2|4
Hamilton|ON|CA|America/Toronto|43.259|-79.872|102|527|L8R 3L4|0.8
Ottawa|ON|CA|America/Toronto|45.2969|-75.9272|103|519|K2V 1A5|1
Montréal|QC|CA|America/Montreal|45.4961|-73.5693|120|516|H3B 5E8|3
Québec|QC|CA|America/Toronto|46.8287|-71.247|120|522|G1L 5A8|1
Vancouver|BC|CA|America/Vancouver|49.2778|-123.109|111|528|V6B 6G1|2.2
Kelowna|BC|CA|America/Vancouver|49.8917|-119.496|110|512|V1Y 9P3|0.3
Calgary|AB|CA|America/Edmonton|51.0374|-114.052|108|504|T2G 0K8|1.3
Edmonton|AB|CA|America/Edmonton|53.5467|-113.498|107|508|T5J 0H6|1.2
Winnipeg|MB|CA|America/Winnipeg|49.8928|-97.1437|106|531|R3C 5M4|0.7
Regina|SK|CA|America/Regina|50.4527|-104.624|112|521|S4P 3N8|0.4
Halifax|NS|CA|America/Halifax|44.6483|-63.5779||510|B3J 1N8|0.4
St. John's|NL|CA|America/St_Johns|47.5606|-52.7134||524|A1C 5R2|0.2
Ciudad de México|CDMX|MX|America/Mexico_City|19.405|-99.0956|||08400|2
London||GB|Europe/London|51.503|0.0032|202|601|SE10 0DX|2
Melbourne|VIC|AU|Australia/Melbourne|-37.8213|144.978||702|3000|1
Praha||CZ|Europe/Prague|50.1046|14.4938|||19000|1
"""


def _city(row: str) -> City:
    name, state, country, zone, latitude, longitude, market, dma, postal, weight = row.split("|")
    return City(
        name=name,
        state=_STATES.get(state, ""),
        state_code=state,
        country_code=country,
        zone=zone,
        latitude=float(latitude),
        longitude=float(longitude),
        market=(market, _MARKETS[market]) if market else None,
        dma=int(dma) if dma else None,
        postal=postal,
        weight=float(weight),
    )


CITIES = tuple(_city(row) for row in _TABLE.strip().splitlines())
US_CITIES = tuple(city for city in CITIES if city.country_code == "US")
CANADIAN_CITIES = tuple(city for city in CITIES if city.country_code == "CA")
OTHER_CITIES = tuple(city for city in CITIES if city.country_code not in {"US", "CA"})
