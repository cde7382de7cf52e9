"""Made-up names: no venue, artist, team or text of the real world, but of the same form."""

from __future__ import annotations

import random


def _words(text: str) -> list[str]:
    return text.split()


def _phrases(text: str) -> list[str]:
    """Splits at line ends and bars."""
    return text.strip().replace("\n", "|").split("|")


_FIRST = _words("""
Amber Copper Velvet Hollow Northern Paper Silver Crooked Distant Electric Gentle Hidden Iron Lunar Marble Neon
Obsidian Painted Quiet Restless Scarlet Tidal Umbra Violet Wandering Yellow Broken Cobalt Daring Ember Frozen
Golden Honest Indigo Jagged Kindred Little Midnight Nomad Olive Plastic Radiant Salt Thunder Untold Vagrant Wild
Young Zephyr Ashen Burning Clever Dusty Eastern Feral
""")
_SECOND = _words("""
Harbors Engines Lanterns Foxes Orchards Rivers Sparrows Machines Pilots Gardens Mirrors Wolves Signals Ghosts
Anchors Comets Daughters Echoes Fields Giants Hounds Islands Jackals Kites Lions Meadows Nights Oceans Parades
Quarries Ravens Satellites Towers Vipers Winters Arrows Bandits Canyons Drifters Empires Falcons Gamblers Horizons
Idols Jesters Kingdoms Ladders Motels Needles Owls
""")
_GIVEN = _words("""
Alma Bruno Carla Dario Edda Felix Greta Hugo Ines Jonas Kaya Leif Mira Nico Oona Pavel Quinn Rosa Sven Tilda Ugo
Vera Willem Xenia Yara Zeno Ada Boris Cleo Dora Elio Fay Gil Hana Ivo June
""")
_FAMILY = _words("""
Ackland Brightwater Castellan Dunmore Eastlake Farrow Greystone Hallowell Ingleside Jarrow Kestrel Lockhart
Marchetti Northcott Oakenfold Pemberly Quillan Ravenscroft Stonebridge Thornbury Underhill Vanterpool Whitlock
Yarborough Zellner Ashgrove Birkett Cromarty Delacour Ellery
""")
_MASCOTS = _words("""
Badgers Condors Dynamos Express Foresters Gales Herons Ironclads Javelins Kodiaks Lumberjacks Mariners Nighthawks
Otters Pumas Quakes Rapids Stallions Tempest Union Voyagers Wranglers Yetis Zephyrs
""")
_PLAYS = _phrases("""
The Clockmaker's Daughter|A Winter in Lisbon|The Last Lighthouse|Paper Moons|Uncle Barnaby|The Glass Orchard
Twelve Tables|The Understudy's Revenge|Letters from Somewhere|Midsummer Rain|The Salt Merchant|House of Keys
Rumours of Spring|The Ninth Passenger|Little Miss Tornado|Snow on the Stage
""")
_HALLS = _phrases("""
Arena|Theatre|Music Hall|Amphitheater|Auditorium|Ballroom|Pavilion|Opera House|Stadium|Club|Center|Playhouse
Coliseum|Lounge|Concert Hall|Performing Arts Center
""")
_SPONSORS = _words("""
Brightline Cascadia Dovetail Evergreen Fairmont Glacier Halcyon Ironwood Juniper Keystone Lakeshore Monarch
Northstar Oakridge Pinnacle Quantum Redwood Summit Trailhead Unity Vantage Westfield
""")
_STREETS = _phrases("""
Main St|Broadway|Market St|Park Ave|2nd Ave|Union Square|Riverside Dr|Station Rd|Elm St|Harbour Blvd
""")
_TOURS = _phrases("""
World Tour|Live|Unplugged|Anniversary Tour|One Night Only|Farewell Tour|Acoustic Evening|In Concert
""")
_SENTENCES = _phrases("""
Doors open one hour before the show; please allow extra time for the security check at the entrance.
Bags larger than a sheet of paper are not admitted, and there is no cloakroom on the day of the event.
Children under two years of age do not need a ticket when seated on the lap of an accompanying adult.
Tickets are delivered to the app two days before the event; a printed copy is not accepted at the gate.
The line-up, the running order and the start time are subject to change without prior notice.
Accessible seats and companion seats are sold through the same page; call the box office for anything else.
Parking next to the venue is limited; the organiser recommends public transport and shared rides.
All sales are final: no refunds and no exchanges unless the event is cancelled by the organiser.
Resale above the printed price is forbidden for this event, and such tickets may be cancelled.
The box office accepts cash and all major cards, and opens at noon on the day of each event.
""")


def band(dice: random.Random) -> str:
    """A performer: a band, or a person."""
    if dice.random() < 0.45:
        return " ".join(person(dice))
    article = "The " if dice.random() < 0.3 else ""
    return f"{article}{dice.choice(_FIRST)} {dice.choice(_SECOND)}"


def person(dice: random.Random) -> tuple[str, str]:
    """Given name and family name."""
    return dice.choice(_GIVEN), dice.choice(_FAMILY)


def team(dice: random.Random, city: str) -> str:
    """A sports team of `city`."""
    return f"{city} {dice.choice(_MASCOTS)}"


def play(dice: random.Random) -> str:
    """The title of a stage production."""
    suffix = f" ({dice.choice(['Touring', 'Regional', 'NY', 'Chicago'])})" if dice.random() < 0.25 else ""
    return dice.choice(_PLAYS) + suffix


def hall(dice: random.Random) -> tuple[str, str]:
    """A venue's proper name and its kind. A sponsor may later replace the proper name."""
    return f"{dice.choice(_FAMILY)}", dice.choice(_HALLS)


def sponsor(dice: random.Random) -> str:
    """The company that a venue is named after for some time."""
    return dice.choice(_SPONSORS)


def street(dice: random.Random) -> str:
    """A street address."""
    return f"{dice.randint(1, 4900)} {dice.choice(_STREETS)}"


def tour(dice: random.Random) -> str:
    """The name of a concert besides its performer."""
    return dice.choice(_TOURS)


def prose(dice: random.Random, sentences: int) -> str:
    """Fine print of about 100 characters per sentence."""
    return " ".join(dice.choice(_SENTENCES) for _ in range(sentences))
