#!/usr/bin/env python3
"""Writes config/demonstration.jsonl: a made-up history of two years for the programme of config/programme.toml.

Nothing in it is real: people, venues, dates and events are invented here. The same run gives the same file,
byte for byte. It is meant for an empty history: kring submit --import config/demonstration.jsonl

  make_demonstration.py           writes the file, prints counts and the commands that are meant to be refused
  make_demonstration.py --check   writes nothing; exit code 1 when the file differs from what it would write
"""
import argparse
import collections
import json
import pathlib
import random
import re
import sys
import tomllib
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from invented import (A, DECLINED, FIRST_NAMES, HOLIDAYS, I, J, PLAN, PLANNED_ON, R, ROLES, SILENT, SURNAMES, THEMES, TOPICS, V,
                      VENUES)

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config"
PROGRAMME = tomllib.loads((CONFIG / "programme.toml").read_text(encoding="utf-8"))
AREAS = {a["area"]: a for a in PROGRAMME["area"]}
assert THEMES == [t["theme"] for t in PROGRAMME["theme"]]
ZONE = ZoneInfo(PROGRAMME["programme"]["time_zone"])
OFFICE = "coordinator:programmabureau"


def person_id(number):
    return f"demo-p-{number:03d}"


def person(area, index):
    """the index-th of the people whom an area registers at the start, in the order of ROLES"""
    return person_id(list(AREAS).index(area) * len(ROLES) + index + 1)


class History:
    """The commands with their days. Those of one day keep the order in which they were added."""

    def __init__(self):
        self.commands = []      # (day, command, refused)
        self.people = 0

    def add(self, day, type, actor=OFFICE, refused=None, **members):
        day = day if isinstance(day, date) else date.fromisoformat(day)
        assert day.weekday() < 5, f"{type} on {day}: no working day"
        if actor in AREAS:
            actor = f"office:{actor}"
        members = {k.rstrip("_"): v for k, v in members.items() if v is not None}
        self.commands.append((day, dict(type=type, actor=actor, **members), refused))

    def person(self, day, role, area=None, **members):
        self.people += 1
        n = self.people
        name = f"{FIRST_NAMES[n * 7 % len(FIRST_NAMES)]} {SURNAMES[n * 5 % len(SURNAMES)]}"
        assert not any(word in person_id(n) for word in re.findall(r"[^\W\d_]{3,}", name.lower()))
        mailbox = re.sub("[^a-z]+", ".", unicodedata.normalize("NFKD", name.lower()))
        if area is None:
            where, top = "Kennisbureau Proefveld (voorbeeld)", "org"
        elif role == "volunteer":
            where, top = f"Wijkvereniging {AREAS[area]['name']} (voorbeeld)", "org"
        else:
            where, top = f"Gemeente {AREAS[area]['municipality']} (voorbeeld)", "nl"
        self.add(day, "register_person", area or OFFICE, person=person_id(n), area=area, role=role, name=name,
                 email=f"{mailbox}@example.{top}", phone=f"06-00000{n:03d}", organisation=where, **members)
        return person_id(n)

    def in_order(self):
        return sorted(self.commands, key=lambda entry: entry[0])


def working_days(first, count):
    day = date.fromisoformat(first)
    while count:
        if day.weekday() < 5:
            yield day
            count -= 1
        day += timedelta(days=1)


def beginning(h):
    """policy, venues, people, invitations and enrolments, up to January 2024"""
    h.add("2023-11-07", "set_policy", reason="Schoolvakanties van alle regio's, van de jaarplanning",
          blackouts=[dict(zip(("from", "to", "label"), x)) for x in HOLIDAYS])
    h.add("2023-11-07", "set_policy", capacity={R: 14}, reason="De werkvorm van deze leerkring vraagt een kleine groep")
    for venue, (station, capacity, area, lat, lon, accessible) in VENUES.items():
        kind = venue.split("-")[0].capitalize()
        h.add("2023-11-09", "register_venue", venue=venue, name=f"{kind} {station} (fictief)", capacity=capacity,
              area=area, lat=lat, lon=lon, accessible=accessible)
    for area, day in zip(AREAS, working_days("2023-11-13", len(AREAS))):
        for role in ROLES:
            h.person(day, role, area)
    for area, day in zip(list(AREAS)[::2], working_days("2023-12-04", 10)):
        h.person(day, "coordinator", area, reason="Tweede aanspreekpunt van dit focusgebied")
    speakers = [h.person("2023-12-18", "expert" if i % 2 else "experience-expert") for i in range(10)]

    for theme, day in zip(THEMES, working_days("2023-12-05", 5)):
        for area in AREAS:
            h.add(day, "invite_area", theme=theme, area=area, respond_by="2024-01-19")
    h.add("2023-12-12", "invite_area", theme=A, area="delft-west", respond_by="2024-01-19", refused="already_invited",
          reason="Uitnodiging was niet aangekomen, nogmaals verstuurd")

    reasons = ["Geen capaciteit dit jaar", "Thema heeft nu geen voorrang", "Sluit aan bij een andere leerkring"]
    for t, theme in enumerate(THEMES):
        declined, silent = DECLINED[theme].split(), SILENT[theme].split()
        for i, area in enumerate(declined):
            h.add(f"2024-01-{10 + (t + i) % 3:02d}", "decline_invitation", area, theme=theme, area=area, reason=reasons[(t + i) % 3])
        taking_part = [x for x in AREAS if x not in declined + silent]
        days = list(working_days("2023-12-13", 6)) + list(working_days("2024-01-08", 6))
        for i, area in enumerate(taking_part):
            number = list(AREAS).index(area)
            who = {A: 1, R: 2, V: 0 if number % 3 == 0 else 3, J: 4, I: 0}[theme]
            day = days[i * len(days) // len(taking_part)]
            h.add(day, "enrol", area, theme=theme, area=area, person=person(area, who),
                  effective="2024-01-01" if day.year < 2024 else None)

    h.add("2024-01-11", "enrol", "tilburg-noordwest", theme=A, area="tilburg-noordwest", person=person("tilburg-noordwest", 3),
          refused="seat_taken", reason="Collega wil ook graag meedoen")
    h.add("2024-01-12", "enrol", theme=V, area="tilburg-noordwest", person=person("heerlen-noord", 3),
          refused="person_of_other_area", reason="Telefonisch doorgegeven")
    h.add("2024-01-15", "enrol", "utrecht-overvecht", theme=J, area="utrecht-overvecht", person=person("utrecht-overvecht", 5),
          refused="not_eligible", reason="Vrijwilliger van de speelgroep")
    h.add("2024-01-16", "enrol", "arnhem-oost", theme=I, area="arnhem-oost", person=person("arnhem-oost", 0),
          refused="already_enrolled")
    h.add("2024-01-17", "enrol", theme=R, area="breda-noord", person="demo-p-999", refused="unknown_person",
          reason="Aanmelding per e-mail overgenomen")
    return speakers


def planning(h, speakers):
    """four rounds of planning: sessions, a venue and an agenda for each"""
    for first, sessions in zip(PLANNED_ON, PLAN):
        plan_day, venue_day, agenda_day = working_days(first, 3)
        for theme, n, day, part, host, venue in sessions:
            assert date.fromisoformat(day).weekday() in (1, 3) and not any(f <= day <= t for f, t, _ in HOLIDAYS)
            h.add(plan_day, "schedule_session", theme=theme, session=n, date=day, part=part, host=host)
            if venue:
                h.add(venue_day, "assign_venue", theme=theme, session=n, venue=venue)
            t, topic = THEMES.index(theme), TOPICS[theme][n - 1]
            expert, witness = speakers[(t + n) % 5 * 2 + 1], speakers[(2 * t + n) % 5 * 2]
            items = [dict(kind="presentation", title=f"{topic}: een inleiding", speaker=expert, speaker_kind="expert"),
                     dict(kind="workshop", title=f"Aan de slag met: {topic.lower()}", speaker=witness, speaker_kind="experience_expert")]
            if part == "full_day":
                items.insert(1, dict(kind="site_visit", title=f"Werkbezoek in {AREAS[host]['name']}"))
            elif n % 2 == 0:
                items.append(dict(kind="presentation", title=f"Uit de praktijk van {AREAS[host]['name']}", speaker=person(host, 0),
                                  speaker_kind="area"))
            h.add(agenda_day, "set_agenda", theme=theme, session=n, items=items)


def year_2024(h):
    h.add("2024-01-23", "assign_venue", theme=A, session=2, venue="demokamer-overvecht", refused="venue_too_small",
          reason="Dichter bij huis voor de meesten")
    h.add("2024-01-30", "release_schedule", note="Eerste halfjaar van 2024")
    h.add("2024-01-30", "release_schedule", note="Eerste halfjaar van 2024", refused="nothing_to_release")
    h.add("2024-03-04", "declare_unavailable", "rotterdam-zuid", person=person("rotterdam-zuid", 2), from_="2024-03-11", to="2024-03-22",
          reason="Verlof")
    h.add("2024-03-05", "substitute", "rotterdam-zuid", theme=R, session=1, person=person("rotterdam-zuid", 2),
          by=person("rotterdam-zuid", 3), reason="Verlof")
    h.add("2024-03-11", "record_attendance", theme=A, session=1, person=person("breda-noord", 1), status="excused",
          refused="not_yet_held", reason="Heeft zich afgemeld")
    h.add("2024-04-10", "declare_unavailable", "delft-west", person=person("delft-west", 1), from_="2024-06-05", to="2024-06-07",
          reason="Studiereis")
    h.add("2024-04-15", "move_session", theme=A, session=2, date="2024-06-06", part="afternoon",
          reason="Gastspreker kan twee dagen later")
    h.add("2024-04-16", "release_schedule", note="Sessie 2 van Armoede en schulden is verplaatst")
    h.add("2024-04-17", "move_session", theme=A, session=2, date="2024-06-11", part="morning", expect=60, refused="stale",
          reason="Voorstel van vorige week, nog met de oude planning")
    h.add("2024-04-18", "substitute", "delft-west", theme=A, session=2, person=person("delft-west", 1), by=person("delft-west", 3),
          reason="De nieuwe datum valt in de studiereis")
    for area in ("leeuwarden-oost", "amsterdam-zuidoost"):
        h.add("2024-05-16", "substitute", area, theme=I, session=1, person=person(area, 0), by=person(area, 1), reason="Andere afspraak")
    h.add("2024-05-28", "schedule_session", theme=R, session=4, date="2024-10-15", part="morning", refused="session_order",
          reason="Extra sessie, vooruit gepland")
    h.add("2024-05-30", "declare_unavailable", venue="demozaal-rotterdam", from_="2024-09-23", to="2024-09-27",
          reason="Onderhoud aan het gebouw")
    h.add("2024-05-30", "release_schedule", note="Tweede halfjaar van 2024", refused="conflicts_block_release")
    h.add("2024-05-31", "assign_venue", theme=J, session=2, venue="demozaal-den-bosch", reason="Vervangt Rotterdam wegens onderhoud")
    h.add("2024-05-31", "release_schedule", note="Tweede halfjaar van 2024")
    h.add("2024-06-19", "withdraw", "breda-noord", theme=A, person=person("breda-noord", 1), effective="2024-06-01",
          refused="attendance_recorded", reason="Andere functie sinds juni")
    h.add("2024-06-20", "withdraw", "breda-noord", theme=A, person=person("breda-noord", 1), reason="Andere functie")
    h.add("2024-06-24", "enrol", "breda-noord", theme=A, area="breda-noord", person=person("breda-noord", 3), effective="2024-09-01")

    for area, theme, index in (("heerlen-noord", A, 1), ("groningen-noord", J, 4), ("den-haag-zuidwest", V, 0)):
        new = h.person("2024-08-29", "responsible", area, reason="Nieuwe collega")
        h.add("2024-09-03", "transfer_seat", area, theme=theme, from_=person(area, index), to=new, effective="2024-09-09",
              reason="Neemt het werk over")
    h.add("2024-09-10", "withdraw", "lelystad-oost", theme=R, person=person("lelystad-oost", 2), reason="Gaat in een andere gemeente werken")
    for area in ("utrecht-overvecht", "delft-west", "roosendaal-stad"):
        index = 0 if list(AREAS).index(area) % 3 == 0 else 3
        h.add("2024-09-12", "substitute", area, theme=V, session=2, person=person(area, index), by=person(area, 2), reason="Andere afspraak")
    h.add("2024-09-13", "substitute", "delft-west", theme=V, session=2, person=person("delft-west", 3), by=person("delft-west", 3),
          reason="Kan toch zelf komen")
    h.add("2024-09-16", "change_person", "utrecht-overvecht", person=person("utrecht-overvecht", 5), role="responsible",
          reason="In dienst gekomen")
    h.add("2024-10-03", "declare_unavailable", "tilburg-noordwest", person=person("tilburg-noordwest", 1), from_="2024-10-07",
          to="2024-10-18", reason="Studiereis")
    h.add("2024-10-04", "substitute", "tilburg-noordwest", theme=A, session=3, person=person("tilburg-noordwest", 1),
          by=person("tilburg-noordwest", 3), reason="Studiereis")
    h.add("2024-10-22", "change_venue", venue="demozaal-amersfoort", capacity=26, reason="Andere opstelling mogelijk")
    h.add("2024-10-24", "withdraw", "amsterdam-zuidoost", theme=I, person=person("amsterdam-zuidoost", 0), reason="Te weinig tijd")
    h.add("2024-11-05", "set_policy", capacity={R: 15}, reason="Eén plaats meer na evaluatie met de begeleiders")
    h.add("2024-11-07", "enrol", "lelystad-oost", theme=R, area="lelystad-oost", person=person("lelystad-oost", 3),
          reason="Opvolger is gevonden")
    h.add("2024-11-19", "schedule_session", theme=I, session=5, date="2026-01-13", part="full_day", refused="outside_period",
          reason="Slotbijeenkomst")
    h.add("2024-11-25", "cancel_session", theme=I, session=2, reason="Beide sprekers zijn verhinderd")
    h.add("2024-11-26", "release_schedule", note="Eerste halfjaar van 2025; sessie 2 van Integrale aanpak vervalt voorlopig")
    h.add("2024-11-27", "schedule_session", theme=I, session=2, date="2024-12-12", part="afternoon", host="tilburg-noordwest",
          reason="Nieuwe datum met dezelfde sprekers")
    h.add("2024-11-27", "assign_venue", theme=I, session=2, venue="demozaal-den-bosch")
    h.add("2024-11-28", "release_schedule", note="Nieuwe datum voor sessie 2 van Integrale aanpak")


def year_2025(h):
    h.add("2025-01-09", "move_session", theme=V, session=3, date="2025-01-28", part="afternoon", reason="Staking in het openbaar vervoer")
    h.add("2025-01-10", "release_schedule", note="Sessie 3 van Veerkracht en weerbaarheid is een week later")
    h.add("2025-01-23", "declare_unavailable", "zaandam-oost", person=person("zaandam-oost", 0), from_="2025-01-27", to="2025-01-31",
          reason="Verlof")
    h.add("2025-01-24", "lift_unavailability", "zaandam-oost", person=person("zaandam-oost", 0), from_="2025-01-27", to="2025-01-31",
          reason="Verlof is verschoven")
    for area, theme, index in (("schiedam-nieuwland-oost", I, 0), ("eindhoven-woensel-zuid", R, 2), ("delft-west", J, 4)):
        new = h.person("2025-01-30", "responsible", area, reason="Nieuwe collega")
        h.add("2025-02-03", "transfer_seat", area, theme=theme, from_=person(area, index), to=new, reason="Neemt het werk over")
    h.add("2025-02-11", "record_attendance", theme=J, session=3, person=person("rotterdam-zuid", 4), status="present",
          refused="not_expected", reason="Stond op de presentielijst")
    h.add("2025-03-06", "transfer_seat", "leeuwarden-oost", theme=A, from_=person("leeuwarden-oost", 1), to=person("leeuwarden-oost", 3),
          reason="Taken zijn anders verdeeld")
    for area in ("dordrecht-west", "zaandam-oost"):
        h.add("2025-03-07", "substitute", area, theme=A, session=4, person=person(area, 1), by=person(area, 4), reason="Andere afspraak")
    h.add("2025-03-18", "move_session", theme=I, session=4, date="2025-04-01", part="morning", refused="too_close",
          reason="Graag eerder dan juni")
    h.add("2025-03-20", "move_session", theme=J, session=4, date="2025-06-12", part="afternoon", refused="venue_double_booked",
          reason="Begeleider kan 's ochtends niet")
    h.add("2025-03-25", "move_session", theme=R, session=4, date="2025-04-15", part="afternoon", release_venue=True,
          reason="Zaal en spreker waren niet samen te plannen")
    h.add("2025-03-25", "assign_venue", theme=R, session=4, venue="demozaal-utrecht")
    h.add("2025-03-26", "release_schedule", note="Sessie 4 van Re-integratie: andere dag, andere zaal")
    for area, index in (("utrecht-overvecht", 0), ("heerlen-noord", 0)):
        h.add("2025-06-05", "substitute", area, theme=I, session=4, person=person(area, index), by=person(area, 3), reason="Andere afspraak")
    h.add("2025-06-10", "release_schedule", note="Tweede halfjaar van 2025; zaal voor 11 november volgt")
    h.add("2025-06-17", "withdraw", "roosendaal-stad", theme=J, person=person("roosendaal-stad", 4), reason="Te weinig tijd")
    h.add("2025-09-02", "assign_venue", theme=V, session=5, venue="demokamer-overvecht", accept=["venue_too_small"],
          reason="Een deel van de groep doet op afstand mee")
    h.add("2025-09-04", "release_schedule", note="Zaal voor sessie 5 van Veerkracht en weerbaarheid", accept=["venue_too_small"],
          reason="Een deel van de groep doet op afstand mee")
    h.add("2025-09-11", "transfer_seat", "zaandam-oost", theme=I, from_=person("zaandam-oost", 0), to=person("zaandam-oost", 2),
          reason="Taken zijn anders verdeeld")
    h.add("2025-09-25", "substitute", "tilburg-noordwest", theme=R, session=5, person=person("tilburg-noordwest", 2),
          by=person("tilburg-noordwest", 4), reason="Andere afspraak")
    h.add("2025-11-06", "substitute", "arnhem-oost", theme=V, session=5, person=person("arnhem-oost", 3), by=person("arnhem-oost", 1),
          reason="Andere afspraak")
    leaver = person("breda-noord", 2)
    h.add("2025-12-08", "forget_person", person=leaver)
    h.add("2025-12-09", "change_person", "breda-noord", person=leaver, phone="06-00000999", refused="forgotten_person")
    h.add("2025-12-11", "declare_unavailable", "leeuwarden-oost", person=person("leeuwarden-oost", 0), from_="2025-12-15", to="2025-12-19",
          reason="Verlof")
    h.add("2025-12-16", "declare_unavailable", venue="demozaal-amersfoort", from_="2025-12-17", to="2025-12-19",
          reason="Waterschade in de zaal")


def expected_people(commands):
    """(theme, session) -> (date, [(person, stands in for or None)]), from the commands that are not refused.
    Knows no more of the rules than this story needs: no session is re-planned behind somebody's back."""
    tenures, waiting, room = collections.defaultdict(list), collections.defaultdict(list), {}
    sessions, stand_ins = {}, collections.defaultdict(dict)

    def current(theme):
        return [t for t in tenures[theme] if t["to"] is None]

    def enter(theme, who, day):
        tenures[theme].append({"person": who, "from": day, "to": None})

    def leave(theme, who, day):
        for tenure in current(theme):
            if tenure["person"] == who:
                tenure["to"] = day

    def grant(theme, day):
        while waiting[theme] and len(current(theme)) < room.get(theme, 10 ** 6):
            who, since = waiting[theme].pop(0)
            enter(theme, who, max(day, since))

    for day, c, refused in commands:
        theme, kind = c.get("theme"), c["type"]
        effective = c.get("effective", str(day))
        if refused:
            continue
        if kind == "set_policy":
            room.update(c.get("capacity", {}))
            for each in THEMES:
                grant(each, effective)
        elif kind == "enrol":
            if len(current(theme)) < room.get(theme, 10 ** 6):
                enter(theme, c["person"], effective)
            else:
                waiting[theme].append((c["person"], effective))
        elif kind in ("withdraw", "forget_person"):
            for each in [theme] if theme else THEMES:
                leave(each, c["person"], effective)
                grant(each, effective)
        elif kind == "transfer_seat":
            leave(theme, c["from"], effective)
            enter(theme, c["to"], effective)
        elif kind in ("schedule_session", "move_session"):
            sessions[theme, c["session"]] = c["date"]
        elif kind == "substitute":
            stand_ins[theme, c["session"]][c["person"]] = c["by"]
    result = {}
    for (theme, n), day in sessions.items():
        people = [t["person"] for t in tenures[theme] if t["from"] <= day and (t["to"] is None or day < t["to"])]
        by = {x: y for x, y in stand_ins[theme, n].items() if x != y}
        result[theme, n] = day, sorted((by.get(x, x), x if x in by else None) for x in people)
    return result


def attendance(h, rng):
    """some days after each session; the last one is still to come"""
    for (theme, n), (day, people) in sorted(expected_people(h.in_order()).items(), key=lambda item: item[1][0]):
        if (theme, n) == (I, 5):
            continue
        first, second = list(working_days(str(date.fromisoformat(day) + timedelta(days=rng.choice((1, 2, 4)))), 2))
        marked = []
        for who, instead_of in people:
            status = rng.choices(["present", "partial", "excused", "no_show"], [82, 6, 8, 4])[0]
            if instead_of:
                h.add(first, "record_attendance", theme=theme, session=n, person=instead_of, status="excused")
                status = "present"
            h.add(first, "record_attendance", theme=theme, session=n, person=who, status=status)
            marked.append((who, status))
        late = next(who for who, status in marked if status == "present")
        if n == 2:
            h.add(second, "record_attendance", theme=theme, session=n, person=late, status="partial",
                  reason="Ging na de pauze weg, volgens de presentielijst")
        if (theme, n) == (V, 3):
            h.add(second, "record_attendance", theme=theme, session=n, person=late, status="none", reason="Per ongeluk ingevuld")


def story():
    """[(day, command, refused)] in order, with the members that every command has"""
    rng = random.Random(20240101)
    h = History()
    planning(h, beginning(h))
    year_2024(h)
    year_2025(h)
    attendance(h, rng)
    entries, lines = h.in_order(), []
    for day in sorted({entry[0] for entry in entries}):
        todays = [entry for entry in entries if entry[0] == day]
        seconds = sorted(rng.sample(range(8 * 3600 + 1800), len(todays)))       # 08:45 to 17:15
        for (_, command, refused), second in zip(todays, seconds):
            at = datetime(day.year, day.month, day.day, 8, 45, tzinfo=ZONE) + timedelta(seconds=second)
            head = dict(type=command["type"], programme=PROGRAMME["programme"]["id"], id=f"demo-{len(lines) + 1:04d}", at=at.isoformat())
            lines.append((dict(head, **command), refused))
    return lines


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with the file that is there, write nothing")
    check = arguments.parse_args().check
    lines = story()
    text = "".join(json.dumps(command, ensure_ascii=False) + "\n" for command, _ in lines)
    target = CONFIG / "demonstration.jsonl"
    if check:
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            sys.exit(f"{target} is not what this script writes")
        return
    target.write_text(text, encoding="utf-8")
    for kind, count in sorted(collections.Counter(command["type"] for command, _ in lines).items()):
        print(f"{count:5} {kind}")
    print(f"{len(lines):5} in all, meant to be refused:")
    for command, refused in lines:
        if refused:
            print(f"{command['id']} {refused} {command['type']} {command['at']}")


if __name__ == "__main__":
    main()
