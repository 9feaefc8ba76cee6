use proptest::prelude::*;

use super::*;

fn variant(lang: Lang, text: &str, by: Option<&str>) -> TmxVariant {
    let at = by.map(|_| "20261102T080000Z".to_owned());
    TmxVariant { lang, text: text.into(), by: by.map(str::to_owned), at }
}

fn write(units: &[TmxUnit]) -> String {
    let header = TmxHeader { tool: "edisi".into(), version: "0.1".into(), source: None };
    let mut writer = TmxWriter::new(Vec::new(), &header).unwrap();
    units.iter().for_each(|unit| writer.unit(unit).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let unit = TmxUnit {
        id: "a1".into(),
        line: 6,
        source: Some(Lang::ID),
        props: vec![("x-origin".into(), "banjir & \"lain\".html".into())],
        variants: vec![
            variant(Lang::ID, "Air <naik> & \"deras\" di R&D.", None),
            variant(Lang::ZH, "水位<上涨>。", Some("sari & budi")),
        ],
    };
    let text = write(std::slice::from_ref(&unit));
    let tmx = read_tmx(text.as_bytes()).unwrap();
    assert_eq!(tmx.units, [unit]);
    assert_eq!(tmx.source, None);
    assert_eq!(tmx.units[0].prop("x-origin"), Some("banjir & \"lain\".html"));
    let bitext = crate::read(text.as_bytes(), crate::Format::Tmx, Some((Lang::ID, Lang::ZH))).unwrap();
    assert_eq!(bitext.units[0].target, "水位<上涨>。");
}

#[test]
fn elements_and_attributes_are_as_the_dtd_has_them() {
    let unit = TmxUnit {
        props: vec![("x-a".into(), "1".into())],
        variants: vec![variant(Lang::ID, "Satu.", Some("sari"))],
        ..TmxUnit::default()
    };
    let text = write(&[unit]);
    let header = text.lines().find(|l| l.starts_with("<header")).unwrap();
    for required in
        ["creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"]
    {
        assert!(header.contains(&format!(" {required}=\"")), "{required}");
    }
    assert!(header.contains("segtype=\"sentence\"") && header.contains("srclang=\"*all*\""));
    assert!(text.find("<prop").unwrap() < text.find("<tuv").unwrap());
    assert!(text.contains(
        "<tuv xml:lang=\"id\" changedate=\"20261102T080000Z\" changeid=\"sari\"><seg>Satu.</seg></tuv>"
    ));
}

#[test]
fn who_and_when_come_from_the_text_or_its_unit() {
    let text = r#"<tmx version="1.4"><header srclang="id"/><body>
<tu changeid="redaksi" creationdate="20250101T000000Z"><prop type="x-a">satu</prop><note>x</note>
<tuv xml:lang="id"><prop type="x-b">dua</prop><seg>Satu.</seg></tuv>
<tuv xml:lang="en" changeid="sari" changedate="20260101T000000Z" creationid="mesin"><seg>One.</seg></tuv>
<tuv xml:lang="?"><seg>?</seg></tuv></tu></body></tmx>"#;
    let tmx = read_tmx(text.as_bytes()).unwrap();
    let unit = &tmx.units[0];
    assert_eq!((tmx.source, unit.props.len(), unit.variants.len()), (Some(Lang::ID), 1, 2));
    let said = |v: &TmxVariant| (v.by.clone().unwrap(), v.at.clone().unwrap());
    assert_eq!(said(&unit.variants[0]), ("redaksi".into(), "20250101T000000Z".into()));
    assert_eq!(said(&unit.variants[1]), ("sari".into(), "20260101T000000Z".into()));
    assert!(matches!(read_tmx(b"<tmx><body/></tmx>"), Err(BitextError::Empty(_))));
}

proptest! {
    #[test]
    fn any_text_survives(source in "[^\u{fffe}\u{ffff}]{0,40}", by in ".{1,20}") {
        let clean = |text: &str| crate::xml::tidy(&crate::xml::printable(text));
        let unit = TmxUnit { variants: vec![variant(Lang::ID, &source, Some(&by))], ..TmxUnit::default() };
        let read = read_tmx(write(&[unit]).as_bytes()).unwrap();
        let variant = &read.units[0].variants[0];
        prop_assert_eq!(&variant.text, &clean(&source));
        prop_assert_eq!(variant.by.clone().unwrap_or_default(), clean(&by));
    }
}
