//! Bytes → text, in whatever encoding a page is in.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use regex::bytes::Regex;

use crate::error::ErrorKind;

/// How many bytes a page may take to say its encoding. The HTML standard asks for 1024; real pages need more.
const PRESCAN: usize = 4096;

/// Text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub text: String,
    /// Byte sequences that were invalid became U+FFFD.
    pub damaged: bool,
}

/// Decodes by, in this order: byte order mark, `charset` of the content type, what the document says of itself
/// (`<meta charset>`, XML declaration), valid UTF-8, UTF-16 without a mark, statistics.
///
/// A declared encoding that the bytes contradict is passed over. Fails when more than a twentieth of the
/// characters come out invalid.
pub(crate) fn decode(bytes: &[u8], charset: Option<&str>) -> Result<Decoded, ErrorKind> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return finish(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf16_by_shape(bytes) {
        return finish(encoding, bytes);
    }
    // ISO-2022-JP is ASCII with escapes: valid UTF-8, and not it.
    let escaped = bytes.windows(2).any(|w| w == b"\x1b$" || w == b"\x1b(");
    if let (Ok(text), false) = (std::str::from_utf8(bytes), escaped) {
        return Ok(Decoded { text: text.to_owned(), damaged: false });
    }
    let declared =
        charset.and_then(|c| Encoding::for_label(c.trim().as_bytes())).into_iter().chain(in_document(bytes));
    for encoding in declared {
        let (text, _, damaged) = encoding.decode(bytes);
        if !damaged {
            return Ok(Decoded { text: text.into_owned(), damaged });
        }
    }
    if !escaped && mostly_utf8(bytes) {
        return finish(UTF_8, bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    finish(detector.guess(None, Utf8Detection::Allow), bytes)
}

fn finish(encoding: &'static Encoding, bytes: &[u8]) -> Result<Decoded, ErrorKind> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged {
        let (mut bad, mut all) = (0usize, 0usize);
        for c in text.chars() {
            all += 1;
            bad += usize::from(c == '\u{fffd}');
        }
        if bad * 20 > all {
            return Err(ErrorKind::BadEncoding { encoding: encoding.name() });
        }
    }
    Ok(Decoded { text: text.into_owned(), damaged })
}

/// What the document says of its own encoding.
fn in_document(bytes: &[u8]) -> Option<&'static Encoding> {
    static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?i-u)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]+)"#;
        Regex::new(pattern).expect("a valid pattern")
    });
    let head = &bytes[..bytes.len().min(PRESCAN)];
    let found = DECLARED.captures(head)?;
    let label = found.get(1).or(found.get(2))?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // A page whose ASCII `<meta charset=utf-16>` can be read is not UTF-16 (HTML standard, prescan, step 6).
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// UTF-16 without a byte order mark: every other byte of Latin text and mark-up is zero.
fn utf16_by_shape(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    if head.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 2;
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > head.len() * 4 && even * 50 < head.len() {
        Some(UTF_16LE)
    } else if even * 10 > head.len() * 4 && odd * 50 < head.len() {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether a text is UTF-8 but for a few damaged places: ten good multi-byte characters to each bad one.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 10
}

/// What binary data is, when it is; `None` for text.
pub(crate) fn binary(bytes: &[u8]) -> Option<ErrorKind> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF87a", "a GIF image"),
        (b"GIF89a", "a GIF image"),
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"OggS", "an Ogg file"),
        (b"ID3", "an MP3 file"),
        (b"fLaC", "a FLAC file"),
        (b"\x1aE\xdf\xa3", "a video"),
        (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"GGUF", "a GGUF model"),
        (b"\0asm", "a WebAssembly module"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(ErrorKind::Binary { what: Some(what) });
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(ErrorKind::Binary { what: Some("a video or HEIF image") });
    }
    if Encoding::for_bom(bytes).is_some() || utf16_by_shape(bytes).is_some() {
        return None;
    }
    let head = &bytes[..bytes.len().min(1 << 16)];
    let control = head.iter().filter(|b| matches!(b, 0x00..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    let zeros = head.contains(&0);
    (zeros && control * 200 > head.len() || control * 50 > head.len())
        .then_some(ErrorKind::Binary { what: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "Wali kota mengatakan jembatan itu – yang tertua di provinsi – ditutup selama tiga minggu. \"Kami menunggu,\" katanya.";
    const JA: &str =
        "市長は月曜日、橋は３週間閉鎖されると述べた。運転手にはトンネルを使うよう呼びかけている。";
    const ZH: &str = "市长周一表示，大桥将关闭三周，以便更换缆索。司机被要求使用隧道，隧道将整夜开放。";
    const ZH_HANT: &str = "市長週一表示，大橋將關閉三週，以便更換纜索。司機被要求使用隧道，隧道將整夜開放。";
    const AR: &str = "قال رئيس البلدية يوم الاثنين إن الجسر سيغلق لمدة ثلاثة أسابيع حتى يمكن استبدال كابلاته، وطلب من السائقين استخدام النفق.";
    const FR: &str = "Le maire a déclaré lundi que le pont serait fermé pendant trois semaines. Les élèves ont été prévenus dès février.";

    fn encode(text: &str, label: &str) -> Vec<u8> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        match label {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => encoding.encode(text).0.into_owned(),
        }
    }

    #[test]
    fn encodings_are_told_without_help() {
        for (text, label) in [
            (ID, "utf-8"),
            (JA, "utf-8"),
            (AR, "utf-8"),
            (JA, "shift_jis"),
            (JA, "euc-jp"),
            (JA, "iso-2022-jp"),
            (ZH, "gbk"),
            (ZH, "gb18030"),
            (ZH_HANT, "big5"),
            (AR, "windows-1256"),
            (FR, "iso-8859-1"),
            (FR, "windows-1252"),
            (ID, "utf-16le"),
            (FR, "utf-16be"),
        ] {
            let got = decode(&encode(text, label), None).unwrap();
            assert_eq!(got.text, text, "{label}");
            assert!(!got.damaged, "{label}");
        }
    }

    #[test]
    fn what_is_declared_decides() {
        // Too short to tell by its letters.
        let text = "<p>قال نعم</p>";
        let bytes = encode(text, "iso-8859-6");
        assert_eq!(decode(&bytes, Some("ISO-8859-6")).unwrap().text, text);
        for declaration in [
            "<meta charset=\"iso-8859-6\">",
            "<META http-equiv=Content-Type content='text/html; charset=iso-8859-6'>",
            "<?xml version=\"1.0\" encoding=\"ISO-8859-6\"?>",
        ] {
            let page = format!("{declaration}{text}");
            assert_eq!(decode(&encode(&page, "iso-8859-6"), None).unwrap().text, page, "{declaration}");
        }
        // A wrong declaration is passed over.
        let page = format!("<meta charset=\"ascii\"><p>{JA}</p>");
        assert_eq!(decode(page.as_bytes(), Some("shift_jis")).unwrap().text, page);
    }

    #[test]
    fn byte_order_marks_win_and_go() {
        for (mark, label) in
            [(&b"\xef\xbb\xbf"[..], "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be")]
        {
            let mut bytes = mark.to_vec();
            bytes.extend(encode(JA, label));
            assert_eq!(decode(&bytes, Some("windows-1252")).unwrap().text, JA, "{label}");
        }
    }

    #[test]
    fn a_little_damage_is_marked_and_a_lot_is_an_error() {
        let mut bytes = FR.repeat(20).into_bytes();
        bytes[40] = 0xff;
        let got = decode(&bytes, None).unwrap();
        assert!(got.damaged && got.text.contains('\u{fffd}'));
        // Half a character at the end.
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(encode(ID, "utf-16le"));
        bytes.pop();
        assert!(decode(&bytes, None).unwrap().damaged);
        // A mark that lies.
        let mut bytes = vec![0xef, 0xbb, 0xbf];
        bytes.extend([0x80; 100]);
        assert_eq!(decode(&bytes, None), Err(ErrorKind::BadEncoding { encoding: "UTF-8" }));
    }

    #[test]
    fn binary_data_is_named() {
        assert_eq!(
            binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            Some(ErrorKind::Binary { what: Some("a PNG image") })
        );
        assert_eq!(binary(b"\x7fELF\x02\x01\x01\0"), Some(ErrorKind::Binary { what: Some("a program") }));
        assert_eq!(binary(&[3, 0, 1, 4, 1, 5, 9, 2, 6, 0, 0, 0]), Some(ErrorKind::Binary { what: None }));
        assert_eq!(binary(JA.as_bytes()), None);
        assert_eq!(binary(&encode(JA, "iso-2022-jp")), None);
        assert_eq!(binary(&encode(ID, "utf-16le")), None);
    }
}
