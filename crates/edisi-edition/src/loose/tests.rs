use std::sync::Arc;

use edisi_text::Lang;

use super::*;
use crate::testing::FakeEngine;
use crate::translator::{Tier, Translator};

fn router() -> Router {
    let engine: Arc<dyn Translator> = Arc::new(FakeEngine::new("fake", Tier::Draft, &[]));
    Router::new(vec![engine])
}

fn loose(text: &str, format: Format, target: Lang) -> Loose {
    let pair = Pair::new(Lang::ID, target);
    translate(&router(), &[text], format, pair, 3, &Control::default()).unwrap().remove(0)
}

fn html(text: &str) -> String {
    loose(text, Format::Html, Lang::EN).text
}

#[test]
fn lines_and_gaps_stay() {
    let text = "  Harga naik.  Warga mengeluh!\r\n\r\n\tPasar sepi\n\n9.900\n";
    let made = loose(text, Format::Text, Lang::EN);
    assert_eq!(made.text, "  [en] Harga naik.  [en] Warga mengeluh!\r\n\r\n\t[en] Pasar sepi\n\n9.900\n");
    assert_eq!((made.segments, made.gaps), (4, 0));
    for empty in ["", " ", "\n\n", "…", "9.900"] {
        assert_eq!(loose(empty, Format::Text, Lang::EN).text, empty);
        assert_eq!(html(empty), empty);
    }
}

#[test]
fn sentences_that_were_set_close_get_a_space() {
    let pair = Pair::new(Lang::JA, Lang::EN);
    let made =
        translate(&router(), &["物価が上がる。市民は嘆く。"], Format::Text, pair, 0, &Control::default());
    assert_eq!(made.unwrap()[0].text, "[en] 物価が上がる。 [en] 市民は嘆く。");
}

#[test]
fn what_fails_is_a_gap_and_counted() {
    let made = loose("Satu. GAGAL dua. Tiga.", Format::Text, Lang::EN);
    assert_eq!(made.text, "[en] Satu. GAGAL dua. [en] Tiga.");
    assert_eq!((made.segments, made.gaps), (3, 1));
    // Directly it fails, through English it does not.
    let made = loose("SULIT sekali.", Format::Text, Lang::FR);
    assert_eq!((made.text.as_str(), made.gaps), ("[fr] [en] SULIT sekali.", 0));
}

#[test]
fn alternatives_are_whole_texts() {
    let made = loose("RAGU 5 ekor. Kucing.", Format::Text, Lang::EN);
    assert_eq!(made.text, "[en] RAGU  ekor. [en] Kucing.");
    assert_eq!(made.alternatives, ["[en] RAGU 5 ekor. [en] Kucing."]);
    assert!(loose("Kucing.", Format::Text, Lang::EN).alternatives.is_empty());
}

#[test]
fn the_same_language_is_the_text_itself() {
    let made = loose("Harga & <b>naik", Format::Html, Lang::ID);
    assert_eq!((made.text.as_str(), made.segments), ("Harga & <b>naik", 1));
}

#[test]
fn tags_attributes_and_comments_stay() {
    let page = "<!DOCTYPE html>\n<html lang=id><head><title>Harga &amp; pasar</title><meta charset='utf-8'>\
        <style>p > b { color: red }</style></head>\n<body>\n  <p class=\"a b\" data-x='1 > 0'>\n   Harga naik.  \
        Warga   mengeluh!\n  </p><!-- bukan <p> --><script>if (a < b) { x(\"</p>\") }</script>\n<hr/></body></html>\n";
    let made = html(page);
    assert_eq!(
        made,
        page.replace("Harga &amp; pasar", "[en] Harga &amp; pasar")
            .replace("Harga naik.  Warga   mengeluh!", "[en] Harga naik. [en] Warga mengeluh!")
    );
}

#[test]
fn elements_in_a_sentence_are_carried_over() {
    // A name that stands on both sides, and a whole sentence.
    assert_eq!(
        html("<p>Kata <a href=\"/s\">Sari</a> kemarin. <em>Benar sekali.</em></p>"),
        "<p>[en] Kata <a href=\"/s\">Sari</a> kemarin. <em>[en] Benar sekali.</em></p>"
    );
    // Nested, and crossing in the source.
    let made = html("<p><b>Harga <i>beras</b> naik</i> lagi.</p>");
    assert_balanced(&made);
    assert!(made.contains("<b>") && made.contains("<i>"), "{made}");
    // Points stay where they are between words and sentences.
    assert_eq!(html("<p>Satu.<img src=a.png> Dua.</p>"), "<p>[en] Satu.<img src=a.png> [en] Dua.</p>");
    assert_eq!(html("<a href=x><img src=y></a> Pasar"), "<a href=x><img src=y></a> [en] Pasar");
}

#[test]
fn what_asks_to_stay_does() {
    for (given, made) in [
        (
            "<p>Jalankan <code>edisi &lt;x&gt;</code> sekarang.</p>",
            "<p>[en] Jalankan <code>edisi &lt;x&gt;</code> sekarang.</p>",
        ),
        (
            "<p>Merek <span translate=\"no\"><b>Kopi</b> Kita</span> laku.</p>",
            "<p>[en] Merek <span translate=\"no\"><b>Kopi</b> Kita</span> laku.</p>",
        ),
        (
            "<div class='x notranslate'><p>Tetap.</p><div>Tetap.</div></div><p>Ganti.</p>",
            "<div class='x notranslate'><p>Tetap.</p><div>Tetap.</div></div><p>[en] Ganti.</p>",
        ),
        (
            "<p>Lihat <svg><text>kata</text></svg> ini.</p>",
            "<p>[en] Lihat <svg><text>kata</text></svg> ini.</p>",
        ),
        ("<textarea>Isi di sini</textarea>", "<textarea>Isi di sini</textarea>"),
    ] {
        assert_eq!(html(given), made);
    }
}

#[test]
fn attributes_that_readers_see_are_translated() {
    assert_eq!(
        html("<p title='Harga &quot;naik&quot;'>Pasar <img alt=Pagi src=\"a\"> ramai</p>"),
        "<p title='[en] Harga \"naik\"'>[en] Pasar <img alt=\"[en] Pagi\" src=\"a\"> ramai</p>"
    );
    assert_eq!(html("<img alt=\"Pasar pagi\">"), "<img alt=\"[en] Pasar pagi\">");
    assert_eq!(html("<a href=x><img alt='Pasar'></a>"), "<a href=x><img alt='[en] Pasar'></a>");
    assert_eq!(
        html("<input placeholder=\"Cari\" value=\"Cari\">"),
        "<input placeholder=\"Cari\" value=\"Cari\">"
    );
}

#[test]
fn opendocument_is_markup_too() {
    assert_eq!(
        html(
            "<?xml version=\"1.0\"?><office:text><text:h>Pasar</text:h><text:p text:style-name=\"P1\">Harga <text:span>Sari</text:span><text:s/>naik.</text:p></office:text>"
        ),
        "<?xml version=\"1.0\"?><office:text><text:h>[en] Pasar</text:h><text:p text:style-name=\"P1\">[en] Harga <text:span>Sari</text:span> naik.</text:p></office:text>"
    );
}

#[test]
fn entities_are_right() {
    assert_eq!(
        html("<p>Beras &amp; ikan &lt; 5&nbsp;kg &eacute; &#39;x&#39; &unknown; AT&T</p>"),
        "<p>[en] Beras &amp; ikan &lt; 5&nbsp;kg é 'x' &amp;unknown; AT&amp;T</p>"
    );
    assert_eq!(html("1 &lt; 2"), "1 &lt; 2");
}

#[test]
fn preformatted_text_keeps_its_lines() {
    assert_eq!(
        html("<pre>\n  satu\n    dua  tiga\n</pre>"),
        "<pre>\n  [en] satu\n    [en] dua  tiga\n</pre>"
    );
}

#[test]
fn hostile_html_is_linear_and_nothing_is_lost() {
    let deep = "<b>".repeat(20_000) + "kata" + &"</b>".repeat(20_000);
    let made = html(&deep);
    assert_eq!(made.matches("<b>").count(), 20_000);
    assert_eq!(made.matches("</b>").count(), 20_000);
    let crossing = "<b>a <i>b </b>c </i>".repeat(100);
    assert_balanced(&html(&crossing));
    for broken in [
        "<",
        "<a",
        "<a href=\"",
        "<!--",
        "</",
        "<p>x</",
        "<script>x",
        "<code>x",
        "a<b",
        "é<",
        "<é",
        "a < b <",
    ] {
        let made = html(broken);
        let letters = |s: &str| s.replace("[en] ", "").replace("&lt;", "<");
        assert_eq!(letters(&made), broken);
    }
}

#[test]
fn every_tag_comes_out_once() {
    use proptest::prelude::*;
    let piece = prop::sample::select(vec![
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<p>",
        "</p>",
        "<br>",
        "<img>",
        "<code>",
        "</code>",
        "kata ",
        "Sari. ",
        " ",
        "<!--x-->",
        "<a href='y'>",
        "</a>",
        "<span translate=no>",
        "</span>",
        "&amp;",
        "9",
        "<script>",
        "</script>",
    ]);
    let crossed = "<a href='y'>kata <i></a></i>";
    assert_eq!(html(crossed).matches("</a>").count(), 1, "{}", html(crossed));
    proptest!(|(pieces in prop::collection::vec(piece, 0..40))| {
        let page = pieces.concat();
        let made = html(&page);
        for tag in ["<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br>", "<img>", "<!--x-->", "<a href='y'>", "</a>"] {
            prop_assert_eq!(page.matches(tag).count(), made.matches(tag).count(), "{} in {} gave {}", tag, page, made);
        }
        let letters = |s: &str| s.replace("[en]", "").matches("kata").count();
        prop_assert_eq!(letters(&page), letters(&made));
    });
}

/// Every tag that opens is closed, in order.
fn assert_balanced(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let name = &tag[..tag.find('>').unwrap()];
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{html}");
}
