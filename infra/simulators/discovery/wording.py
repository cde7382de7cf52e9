"""Made-up people, companies, streets and small print, of the form of real ones. `titles` has the names of shows."""

from __future__ import annotations

import random


def words(text: str) -> tuple[str, ...]:
    """Splits at blanks and line ends."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """Splits at line ends and bars."""
    return tuple(text.strip().replace("\n", "|").split("|"))


_GIVEN = words("""
Abigail Adrian Alma Andre Angela Anita Bianca Brandon Bruno Camille Carla Carlos Cecilia Celeste Clara Colin Cora
Daniel Daria Darius Delia Denise Derek Diego Edith Elena Elias Elise Emilio Esther Felix Fiona Gavin Gloria Grant
Greta Hannah Hector Helen Hugo Ines Irene Ivan Jasmine Joanna Joel Jonas Julian Karen Kayla Keith Kendra Leah Leon
Lorena Lucas Lydia Malik Marcus Marina Marisol Martin Maya Miles Mira Nadia Naomi Nathan Nico Nina Noel Nora Olive
Omar Oscar Paloma Patrick Paula Pedro Priya Quinn Rafael Renee Rita Roland Rosa Ruben Sabrina Sasha Selena Simon Sofia
Stella Tamara Tessa Theo Tobias Valerie Vera Victor Violet Walter Wendy Xavier Yara Yusuf Zara
""")
_FAMILY = words("""
Abernathy Ackland Aldana Ashgrove Bainbridge Barlowe Bergstrom Birkett Bonham Bramwell Brightwater Calloway
Carrigan Castellan Chaudry Colquitt Cromarty Dahlberg Delacour Delgado Dunmore Eastlake Ellery Eriksen Esquivel
Fairbrother Farrow Fontenot Galindo Garrick Gentry Greystone Grimaldo Haldane Hallowell Hargrove Hathorne Holloway
Ibarra Ingleside Jarrow Jessup Kestrel Kowalczyk Lachance Langford Larrabee Lindqvist Lockhart Maddox Marchetti
Mayfield Merriweather Moncrief Montague Nakashima Northcott Novotny Oakes Okafor Ostrander Paquette Pemberly Pennington
Quillan Quintero Radcliff Ravenscroft Redfern Rourke Sandoval Sayers Sheffield Sorensen Stonebridge Strand Tamayo
Thackeray Thornbury Tremblay Underhill Vandermeer Vanterpool Vasquez Villareal Wainwright Wexley Whitlock Winslow
Yamada Yarborough Zamora Zellner
""")
_SPONSORS = phrases("""
Ambervale|Arbormark|Bluegate|Brixley Motors|Castlemere Bank|Corvane|Dovetail Mutual|Fernlake Credit Union|Halden Bank
Hollisford|Lumenor|Northfold|Norwick Health|Oakhurst Financial|Pellworth|Quillfeather|Silverfin Insurance
Sorrel Energy|Stellwagon|Tamarind Air|Tidewell|Vellum Mobile|Wexcombe|Yarrow & Pine
""")
_DOMAINS = words("""
bluemail cedarpost fernlake halyard inkwell larkmail lumenor meadownet northfold pinepost postbox quillmail silverfin
tidewell vellum yarrow
""")
_STREETS = phrases("""
Main St|Broadway|Market St|Park Ave|2nd Ave|Union St|Riverside Dr|Station Rd|Elm St|Center St|Grand Ave|Front St
Washington Ave|Church St|7th St|Commerce St|Franklin St|Maple Ave|Arena Way|College St
""")
_SENTENCES = phrases("""
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


def person(dice: random.Random) -> tuple[str, str]:
    """Given name and family name."""
    return dice.choice(_GIVEN), dice.choice(_FAMILY)


def mail_domain(dice: random.Random) -> str:
    """The first part of a mail provider's domain."""
    return dice.choice(_DOMAINS)


def sponsor(dice: random.Random) -> str:
    """The company that a venue is named after for some time."""
    return dice.choice(_SPONSORS)


def street(dice: random.Random) -> str:
    """A street address."""
    return f"{dice.randint(1, 1900)} {dice.choice(_STREETS)}"


def prose(dice: random.Random, sentences: int) -> str:
    """Fine print of about 100 characters per sentence."""
    return " ".join(dice.choice(_SENTENCES) for _ in range(sentences))
