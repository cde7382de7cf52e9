"""Made-up names of performers, teams, productions and exhibitions: none of the real world, but of the same form."""

from __future__ import annotations

import random

from .wording import person, phrases, words

_FIRST = words("""
Amber Copper Velvet Hollow Northern Paper Silver Crooked Distant Electric Gentle Hidden Iron Lunar Marble Neon
Obsidian Painted Quiet Restless Scarlet Tidal Umber Violet Wandering Yellow Broken Cobalt Daring Ember Frozen
Golden Honest Indigo Jagged Kindred Lonesome Midnight Nomad Olive Plastic Radiant Salt Thunder Untold Vagrant Wild
Younger Winter Ashen Burning Clever Dusty Eastern Feral
""")
_SECOND = words("""
Harbors Engines Lanterns Foxes Orchards Rivers Sparrows Machines Pilots Gardens Mirrors Signals Ghosts Anchors Comets
Daughters Echoes Fields Islands Jackals Meadows Parades Quarries Satellites Towers Winters Arrows
Bandits Canyons Drifters Empires Gamblers Horizons Idols Jesters Kingdoms Ladders Motels Needles Postcards
""")
_RAPPERS = words("Kid Young Big Lil Prince Major Captain Saint")
_STAGE_NAMES = words(
    "Cobalt Marrow Verse Halcyon Tempo Static Rook Onyx Ledger Cipher Vantage Quarto Mercury Sable Juno"
)
_LATIN = words("Luna Fuego Marea Corazones Noche Estrellas Trenes Palmas Rumbo Volcanes Espejos Sirenas")
_LATIN_FIRST = ("Grupo", "Banda", "Orquesta", "Conjunto")
_MASCOTS = words("""
Foresters Javelins Ironclads Kodiaks Lamplighters Windjammers Pathfinders Stonecutters Nightjars Gales Meteors
Bellringers Prospectors Herons Sentries Skippers Tinkers Wayfarers Yetis Millwrights
""")
_ENSEMBLES = phrases("""
Philharmonic|Symphony Orchestra|Chamber Players|String Quartet|Festival Chorus|Baroque Ensemble|Pops Orchestra
""")
_CONCERTS = phrases("""
Winter Classics|An Evening of Waltzes|Heroes and Legends in Concert|Spring Masterworks|Moonlight Serenades
Film Score Gala
""")
_DANCE_COMPANIES = phrases("Contemporary Dance|Ballet Theatre|Tap Company|Dance Project|Flamenco Company")
_MAGIC = words("Astonishing Improbable Mysterious Uncanny Marvelous Unbelievable")
TITLES = {
    "play": phrases("""
The Clockmaker's Daughter|A Winter in Lisbon|The Last Lighthouse Keeper|Paper Moons|Uncle Barnaby's Will
The Glass Orchard
Twelve Tables|The Understudy's Revenge|Letters from Somewhere|Midsummer Rain|The Salt Merchant|House of Keys
Rumours of Spring|The Ninth Passenger|Snow on the Stage|A Quiet Verdict|The Cartographer's Wife|Dinner at Half Past
The Long Way to Laramie|Three Sundays|Murder on the Mezzanine|The Borrowed Bride|Night Train to Trieste
The Widow of Wexley Hall|An Inconvenient Butler|Ashes and Oranges|The Honest Forger|Second Act Sisters
"""),
    "musical": phrases("""
Little Miss Tornado|Neon Avenue|The Baker Street Orphans|Rivertown|Starlight Diner|Copper Canyon|The Umbrella Maker
Ballroom Days|Roller Queens|The Paper Prince|Bathtub Gin!|Union Square|Tin Lizzie|Pearl & Patience|The Great Caruthers
Velvet Rope|Homecoming '62|Fiddlers' Green|The Cloud Factory|Jitterbug Lane|Lady Meridian|Tenement Hearts
"""),
    "opera": phrases("""
La Torre di Vetro|Il Pescatore|Der Uhrmacher|Die Silberne Harfe|The Salt Queen|Les Ombres|La Contessa Muta
The Cloud Merchant|Ginevra (Genevieve)|Il Ponte del Lupo
"""),
    "ballet": phrases("""
The Glass Swan|The Winter Garden|The Tin Soldier's Dream|The Moth and the Lantern|Snow Maidens|The Clockwork Prince
"""),
    "for children": phrases("""
Captain Pickle Live!|Dinosaurs After Dark|The Very Sleepy Bear|Pip & the Moon Mice|Robo-Pals Live!|Princess Thimble
The Singing Crayons|Barnyard Boogie|Professor Fizz's Science Show|Rosie the Little Tugboat|Monster Manners
"""),
    "ice show": phrases("Frost & Fable on Ice|The Snow Prince on Ice|Carnival on Ice|Winter Legends on Ice"),
    "family show": phrases("""
Star Scouts Arena Adventure|Toytown on Tour|Jungle Friends Live|The Big Brick Adventure
Dragons of the North Arena Show
"""),
    "circus": phrases("""
Cirque Lumina|Circus Aurelio|Le Petit Chapiteau|The Flying Moncriefs|Cirque Nocturne|Circus of Small Wonders|Aerialis
"""),
    "revue": phrases("""
Feathers & Fire|Midnight at the Mirage Room|Desert Rhapsody|The Platinum Revue|Neon Follies|Tidal: A Water Spectacular
"""),
    "museum": phrases("""
Mummies of the Upper Nile|A Century of Comics|Dinosaur Expedition|Treasures of the Silk Road
Painted Wings: The Butterfly House
Guitars: An American Story|Chocolate: The Exhibition|Legends of the Old West|The Jazz Age in Pictures|Arctic Worlds
Inside the Human Body|Robots at Work|Gold Rush!|Ice Age Giants
"""),
    "aquarium": phrases("Titans of the Deep|Sunken Ships|Reef After Dark|Penguin Mornings|Sharks Up Close"),
    "wax gallery": phrases("Hollywood in Wax|Presidents & Pioneers|Rogues and Royals|Champions in Wax"),
    "observation deck": phrases("Sunset Admission|The City at Your Feet|Glass Floor Admission|Skyline Admission"),
    "planetarium": phrases("Voyage to Mars|Black Holes and Beyond|The Winter Sky|Moons of Jupiter"),
    "gallery": phrases("Gardens of Light|Oceans of Color|Dreams of Paris|Starlit Rooms"),
    "illusions": phrases("Rooms of Mirrors|The Art of Illusion|The Upside-Down House"),
    "expo": phrases("""
Home & Garden Expo|Comic & Collectors Fair|Boat & RV Show|Craft & Quilt Fair|Pet Expo|Model Train Show|Bridal Show
Game Con
"""),
    "food": phrases(
        "Harvest Wine Festival|Taste of the City|Craft Beer Festival|Barbecue Classic|Chocolate & Coffee Fair"
    ),
    "fair": phrases(
        "Spring Fair|Renaissance Fair|Lantern Festival|Blues & Brews Festival|Riverfront Festival|Balloon Festival"
    ),
    "motorsport": phrases(
        "Mudstorm Monster Trucks|Mudflats Arenacross|Thunder Alley Demolition Derby|Midnight Drag Nationals"
    ),
    "wrestling": phrases("Iron Ring Wrestling|Grapplers United Live|Steel Cage Saturday|Brawl Brigade Tour"),
    "rodeo": phrases("Copper Spur Rodeo|Dusty Boots Bull Riding|Stampede Ranch Rodeo|Lone Mesa Rodeo Finals"),
    "fight": phrases("Knuckle Night MMA|Golden Bell Boxing|Ringside Championship Boxing|Title Night MMA"),
    "film": phrases("""
The Lost Reel: Restored|Rooftop Film Nights|Midnight Monster Movies|Silent Film with Live Organ
Mountain Adventure Film Tour
Short Film Showcase|The Deep Blue (Documentary)|Family Film Matinee
"""),
    "lecture": phrases(
        "Stories from the Summit|The Curious Astronomer|True Crime, Live|Letters to a Young Chef|Ocean Speaker Series"
    ),
    "tour": phrases("""
World Tour|Live in Concert|The Unplugged Tour|Anniversary Tour|One Night Only|Farewell Tour
The Acoustic Tour
"""),
}
"""Titles of productions by kind."""


def title(dice: random.Random, kind: str) -> str:
    """The title of a production of a kind, such as a play or an exhibit."""
    return dice.choice(TITLES[kind])


def band(dice: random.Random) -> str:
    """A group of musicians."""
    article = "The " if dice.random() < 0.35 else ""
    return f"{article}{dice.choice(_FIRST)} {dice.choice(_SECOND)}"


def singer(dice: random.Random) -> str:
    """A musician or comedian under their own name."""
    return " ".join(person(dice))


def musician(dice: random.Random) -> str:
    """A band or a singer."""
    return band(dice) if dice.random() < 0.55 else singer(dice)


def rapper(dice: random.Random) -> str:
    """A hip-hop artist."""
    return f"{dice.choice(_RAPPERS)} {dice.choice(_STAGE_NAMES)}" if dice.random() < 0.7 else singer(dice)


def dj(dice: random.Random) -> str:
    """An electronic musician."""
    return f"DJ {dice.choice(_STAGE_NAMES)}" if dice.random() < 0.3 else band(dice)


def latin(dice: random.Random) -> str:
    """A Latin group or singer."""
    return f"{dice.choice(_LATIN_FIRST)} {dice.choice(_LATIN)}" if dice.random() < 0.4 else singer(dice)


def jazz(dice: random.Random) -> str:
    """A jazz group."""
    return f"{singer(dice)} {dice.choice(('Trio', 'Quartet', 'Quintet', 'Big Band'))}"


def theatre(dice: random.Random) -> str:
    """A play or a musical."""
    if dice.random() < 0.4:
        return title(dice, "musical")
    company = f"{person(dice)[1]} {dice.choice(('Players', 'Repertory', 'Theatre Company'))}: "
    return f"{company if dice.random() < 0.6 else ''}{title(dice, 'play')}"


def dance(dice: random.Random) -> str:
    """A ballet or a dance company."""
    return title(dice, "ballet") if dice.random() < 0.3 else f"{person(dice)[1]} {dice.choice(_DANCE_COMPANIES)}"


def magic(dice: random.Random) -> str:
    """A magician."""
    return f"The {dice.choice(_MAGIC)} {person(dice)[1]}"


def orchestra(dice: random.Random) -> str:
    """A classical ensemble, or its programme."""
    return f"{person(dice)[1]} {dice.choice(_ENSEMBLES)}" if dice.random() < 0.8 else dice.choice(_CONCERTS)


def exhibit(dice: random.Random, venue: str) -> str:
    """What an attraction for tourists shows, by what it is called."""
    fits = (kind for kind in ("aquarium", "wax gallery", "observation deck", "planetarium", "gallery", "illusions"))
    return title(dice, next((kind for kind in fits if kind in venue.lower()), "museum"))


def team(city: str, number: int) -> str:
    """The `number`-th team of a city. The first twenty of a city have different names."""
    return f"{city} {_MASCOTS[(len(city) * 7 + number) % len(_MASCOTS)]}"
