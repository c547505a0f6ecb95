"""What make_demonstration.py tells its story with. All of it is invented, but for the themes, the areas and
the rough places of the stations. Stations, dates and people have nothing to do with the real programme."""

A, R, V, J, I = THEMES = ["armoede-en-schulden", "re-integratie", "veerkracht-en-weerbaarheid", "ontwikkeling-jonge-kind",
                          "integrale-aanpak"]

FIRST_NAMES = """Anouk Bram Carlijn Daan Elif Femke Gijs Hatice Ilse Joris Karima Lotte Mehmet Noor Olivier Petra Quinten
Rachida Sjoerd Tess Umar Vera Wouter Yara""".split()
SURNAMES = ["van Voorbeeld", "Fictema", "Proefstra", "Verzonnen", "Modelstra", "van Schijnveld", "Voorbeeldsma",
            "Denkbeeldig", "Testerink", "Schetsema", "van Bedacht", "Nepstra", "Fantasius", "de Proefpersoon",
            "Oefenaar", "Maquetsma", "van Nergenshuizen", "Zogenaamd", "Verdichtsel"]
ROLES = ["coordinator", "responsible", "responsible", "responsible", "responsible", "volunteer"]  # of each area

HOLIDAYS = [  # of all regions together
    ("2024-02-10", "2024-02-25", "Voorjaarsvakantie 2024"), ("2024-04-27", "2024-05-05", "Meivakantie 2024"),
    ("2024-07-06", "2024-09-01", "Zomervakantie 2024"), ("2024-10-26", "2024-11-03", "Herfstvakantie 2024"),
    ("2024-12-21", "2025-01-05", "Kerstvakantie 2024"), ("2025-02-15", "2025-03-02", "Voorjaarsvakantie 2025"),
    ("2025-04-26", "2025-05-04", "Meivakantie 2025"), ("2025-07-05", "2025-08-31", "Zomervakantie 2025"),
    ("2025-10-11", "2025-10-26", "Herfstvakantie 2025"), ("2025-12-20", "2026-01-04", "Kerstvakantie 2025")]

VENUES = {  # station, capacity, area, lat, lon, accessible
    "demozaal-utrecht": ("Utrecht Centraal", 30, None, 52.0894, 5.1101, True),
    "demozaal-amersfoort": ("Amersfoort Centraal", 24, None, 52.1538, 5.3740, True),
    "demozaal-den-haag": ("Den Haag HS", 40, "den-haag-zuidwest", 52.0698, 4.3224, True),
    "demozaal-zwolle": ("Zwolle", 28, None, 52.5047, 6.0914, True),
    "demozaal-rotterdam": ("Rotterdam Blaak", 26, "rotterdam-zuid", 51.9200, 4.4897, True),
    "demozaal-amsterdam": ("Amsterdam Sloterdijk", 32, "amsterdam-nieuw-west", 52.3888, 4.8375, True),
    "demozaal-eindhoven": ("Eindhoven Centraal", 25, "eindhoven-woensel-zuid", 51.4433, 5.4797, True),
    "demozaal-arnhem": ("Arnhem Centraal", 22, "arnhem-oost", 51.9850, 5.8990, False),
    "demozaal-den-bosch": ("'s-Hertogenbosch", 20, None, 51.6906, 5.2936, True),
    "demokamer-overvecht": ("Utrecht Overvecht", 12, "utrecht-overvecht", 52.1142, 5.1136, False)}

# What is planned at first: theme, session, date, part, host, venue. The story changes some of it.
PLAN = [
    [(A, 1, "2024-03-12", "morning", "utrecht-overvecht", "demozaal-utrecht"),
     (R, 1, "2024-03-14", "afternoon", "rotterdam-zuid", "demozaal-rotterdam"),
     (V, 1, "2024-04-09", "morning", "amsterdam-nieuw-west", "demozaal-amsterdam"),
     (J, 1, "2024-04-18", "full_day", "arnhem-oost", "demozaal-arnhem"),
     (I, 1, "2024-05-23", "full_day", "den-haag-zuidwest", "demozaal-den-haag"),
     (A, 2, "2024-06-04", "afternoon", "eindhoven-woensel-zuid", "demozaal-eindhoven"),
     (R, 2, "2024-06-13", "morning", "leeuwarden-oost", "demozaal-zwolle")],
    [(V, 2, "2024-09-17", "morning", "groningen-noord", "demozaal-zwolle"),
     (J, 2, "2024-09-26", "afternoon", "breda-noord", "demozaal-rotterdam"),
     (A, 3, "2024-10-08", "full_day", "heerlen-noord", "demozaal-eindhoven"),
     (R, 3, "2024-11-14", "morning", "lelystad-oost", "demozaal-amersfoort"),
     (I, 2, "2024-11-28", "afternoon", "tilburg-noordwest", "demozaal-den-bosch")],
    [(V, 3, "2025-01-21", "afternoon", "zaandam-oost", "demozaal-amsterdam"),
     (J, 3, "2025-02-06", "morning", "dordrecht-west", "demozaal-rotterdam"),
     (A, 4, "2025-03-11", "morning", "delft-west", "demozaal-den-haag"),
     (I, 3, "2025-03-27", "full_day", "nieuwegein-centrale-as", "demozaal-utrecht"),
     (R, 4, "2025-04-10", "afternoon", "amsterdam-zuidoost", "demozaal-amsterdam"),
     (V, 4, "2025-05-20", "morning", "schiedam-nieuwland-oost", "demozaal-rotterdam"),
     (J, 4, "2025-06-12", "morning", "utrecht-overvecht", "demozaal-utrecht"),
     (I, 4, "2025-06-12", "afternoon", "utrecht-overvecht", "demozaal-utrecht")],
    [(A, 5, "2025-09-16", "morning", "roosendaal-stad", "demozaal-den-bosch"),
     (R, 5, "2025-10-02", "full_day", "vlaardingen-west", "demozaal-den-haag"),
     (V, 5, "2025-11-11", "afternoon", "utrecht-overvecht", None),
     (J, 5, "2025-11-20", "morning", "arnhem-oost", "demozaal-arnhem"),
     (I, 5, "2025-12-18", "full_day", "rotterdam-zuid", "demozaal-amersfoort")]]
PLANNED_ON = ["2024-01-22", "2024-05-27", "2024-11-18", "2025-06-02"]

TOPICS = {
    A: ["Vroegsignalering", "Geldzorgen bespreekbaar maken", "Schulden en gezondheid", "Werkende armen", "Wat werkt en blijft"],
    R: ["Van uitkering naar werk", "Werkgevers in de wijk", "Basisbanen", "Ontwikkelen op de werkplek", "Duurzaam aan het werk"],
    V: ["Kracht van bewoners", "Jongeren en weerbaarheid", "Ontmoeting in de wijk", "Mentale gezondheid", "Samen verder"],
    J: ["De eerste duizend dagen", "Voorschool en ouders", "Taal en spel", "Gezinnen ondersteunen", "Van kind naar wijk"],
    I: ["Samenwerken over grenzen", "Bewoners aan tafel", "Sturen op resultaat", "Leren van elkaar", "Borgen en doorgeven"]}

# Who says no to an invitation, and who never answers, per theme. All others enrol.
DECLINED = {A: "groningen-noord lelystad-oost", R: "schiedam-nieuwland-oost delft-west", V: "breda-noord heerlen-noord dordrecht-west",
            J: "rotterdam-zuid zaandam-oost", I: "eindhoven-woensel-zuid vlaardingen-west roosendaal-stad"}
SILENT = {A: "vlaardingen-west", R: "nieuwegein-centrale-as", V: "amsterdam-zuidoost", J: "den-haag-zuidwest leeuwarden-oost",
          I: "dordrecht-west"}
