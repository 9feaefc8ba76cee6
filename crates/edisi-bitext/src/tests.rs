use super::*;

fn texts(bitext: &Bitext) -> Vec<(&str, &str)> {
    bitext.units.iter().map(|u| (u.source.as_str(), u.target.as_str())).collect()
}

const TMX: &str = r#"<?xml version="1.0"?>
<tmx version="1.4"><header srclang="id-ID" segtype="sentence"/>
<body>
<tu tuid="a"><tuv xml:lang="en"><seg>Rice &amp; <bpt i="1">&lt;b&gt;</bpt>fish<ept i="1">&lt;/b&gt;</ept></seg></tuv>
  <tuv xml:lang="id"><seg>Beras &#38; ikan</seg></tuv><tuv xml:lang="ja"><seg>米と魚</seg></tuv></tu>
<tu><tuv xml:lang="ID"><seg>Harga
   naik.</seg></tuv><tuv lang="ja"><seg>値上がり。</seg></tuv></tu>
</body></tmx>"#;

#[test]
fn tmx_by_header_and_by_pair() {
    let bitext = read(TMX.as_bytes(), Format::Tmx, None).unwrap();
    assert_eq!((bitext.source, bitext.target), (Some(Lang::ID), Some(Lang::EN)));
    assert_eq!(texts(&bitext), [("Beras & ikan", "Rice & fish"), ("Harga naik.", "")]);
    assert_eq!((bitext.units[0].id.as_str(), bitext.units[0].line), ("a", 4));
    let bitext = read(TMX.as_bytes(), Format::Tmx, Some((Lang::JA, Lang::ID))).unwrap();
    assert_eq!(texts(&bitext), [("米と魚", "Beras & ikan"), ("値上がり。", "Harga naik.")]);
    assert!(matches!(
        read(TMX.as_bytes(), Format::Tmx, Some((Lang::AR, Lang::FR))),
        Err(BitextError::Empty(_))
    ));
}

#[test]
fn xliff_1_2() {
    let text = r#"<xliff version="1.2"><file source-language="id" target-language="zh-CN"><body>
<trans-unit id="1"><source>Harga <g id="1">beras</g> naik<x id="2"/>.</source><note>a <source>b</source></note>
<target>米价<ph id="3">{x}</ph>上涨。</target><alt-trans><target>别的</target></alt-trans></trans-unit>
</body></file></xliff>"#;
    let bitext = read(text.as_bytes(), Format::of("x", text.as_bytes()).unwrap(), None).unwrap();
    assert_eq!((bitext.source, bitext.target), (Some(Lang::ID), Some(Lang::ZH)));
    assert_eq!(texts(&bitext), [("Harga beras naik.", "米价上涨。")]);
}

#[test]
fn xliff_2() {
    let text = r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="ar">
<file id="f"><unit id="u"><originalData><data id="d">x</data></originalData>
<segment id="s1"><source>One <pc id="1">day</pc>.</source><target>يوم.</target></segment>
<segment><source>Two.</source></segment></unit></file></xliff>"#;
    let bitext = read(text.as_bytes(), Format::Xliff, None).unwrap();
    assert_eq!(texts(&bitext), [("One day.", "يوم."), ("Two.", "")]);
    assert_eq!(bitext.units[0].id, "u/s1");
}

#[test]
fn tab_separated_and_utf_16() {
    let text = "source\ttarget\tnote\nSatu.\tOne.\tx\n\nDua.\tTwo.\n";
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &wide] {
        let bitext = read(bytes, Format::Tsv, None).unwrap();
        assert_eq!(texts(&bitext), [("Satu.", "One."), ("Dua.", "Two.")]);
        assert_eq!(bitext.units[1].line, 4);
    }
    assert!(matches!(read(b"a\tb\nc\n", Format::Tsv, None), Err(BitextError::Columns { line: 2 })));
    assert!(matches!(read(&[0xff, 0x80], Format::Tsv, None), Err(BitextError::Encoding)));
}

#[test]
fn damaged_xml_says_where() {
    let text = "<tmx>\n<body>\n<tu></body>";
    assert!(matches!(read(text.as_bytes(), Format::Tmx, None), Err(BitextError::Xml { line: 3, .. })));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><xliff><segment><source>&a;</source></segment></xliff>";
    assert!(matches!(read(bomb.as_bytes(), Format::Xliff, None), Err(BitextError::Xml { .. })));
}

proptest::proptest! {
    #[test]
    fn no_input_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), cut in 0usize..700) {
        for format in [Format::Tmx, Format::Xliff, Format::Tsv] {
            let _ = read(&bytes, format, None);
            let _ = read(&TMX.as_bytes()[..cut.min(TMX.len())], format, None);
            let _ = Format::of("x", &bytes);
        }
    }
}
