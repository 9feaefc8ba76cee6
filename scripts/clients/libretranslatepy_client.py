"""libretranslatepy, as it is, against Edisi."""

import os
from urllib.error import HTTPError

from libretranslatepy import LibreTranslateAPI

url, key = os.environ["EDISI_URL"], os.environ["EDISI_KEY"]
client = LibreTranslateAPI(url, api_key=key)

codes = {entry["code"]: entry for entry in client.languages()}
assert {"id", "en", "ar", "zh-Hans"} <= codes.keys(), codes
assert "en" in codes["id"]["targets"], codes["id"]

assert client.translate("Pasar buka.\n\nWarga senang & tenang.", "id", "en") == (
    "[en] Pasar buka.\n\n[en] Warga senang & tenang."
)
assert client.translate("Pasar buka.", "id", "zh") == "[zh] Pasar buka."
assert client.translate("Pasar buka.", "auto", "ar", timeout=20).endswith("Pasar buka.")

found = client.detect("The regional government said that the price of rice is rising this year.")
assert found[0]["language"] == "en" and 0 < found[0]["confidence"] <= 100, found

for call in (
    lambda: LibreTranslateAPI(url, api_key="edisi_wrong").translate("a", "id", "en"),
    lambda: LibreTranslateAPI(url).translate("a", "id", "en"),
):
    try:
        call()
    except HTTPError as error:
        assert error.code == 403, error
    else:
        raise AssertionError("a wrong key was let in")

try:
    client.translate("a", "id", "klingon language")
except HTTPError as error:
    assert error.code == 400 and b'"error"' in error.read(), error
else:
    raise AssertionError("a language that is none was taken")

print("libretranslatepy: languages, translate, detect, keys and errors as its users expect")
