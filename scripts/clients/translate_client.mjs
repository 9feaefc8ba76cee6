// The package `translate`, as it is, with its engine `libre`, against Edisi.

import assert from "node:assert/strict";
import translate from "translate";

translate.engine = "libre";
translate.url = new URL("translate", process.env.EDISI_URL).href;
translate.key = process.env.EDISI_KEY;

assert.equal(await translate("Pasar buka.", { from: "id", to: "en" }), "[en] Pasar buka.");
assert.equal(await translate("Satu.\nDua.", { from: "id", to: "fr" }), "[fr] Satu.\n[fr] Dua.");
const many = await Promise.all(
  [...Array(50).keys()].map((n) => translate(`Kalimat ${n}.`, { from: "id", to: "ja" })),
);
assert.deepEqual(many, [...Array(50).keys()].map((n) => `[ja] Kalimat ${n}.`));
await assert.rejects(translate("Pasar tutup.", { from: "id", to: "en", key: "edisi_wrong" }));

console.log("translate (npm): texts, fifty at once, and a wrong key as its users expect");
