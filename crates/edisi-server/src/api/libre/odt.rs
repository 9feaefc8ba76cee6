//! OpenDocument texts: a ZIP file whose `content.xml` has the paragraphs.
//!
//! Only that file is unpacked, up to a limit; the others are copied as they are packed.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::error::LibreError;

/// Bytes of the text, unpacked.
const MOST: u64 = 16 << 20;
/// Files of a document.
const FILES: usize = 2_000;
const CONTENT: &str = "content.xml";

fn bad(what: &str) -> LibreError {
    LibreError::bad(format!("Invalid request: the file is no OpenDocument text: {what}"))
}

/// The XML with the paragraphs.
pub(super) fn read(bytes: &[u8]) -> Result<String, LibreError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| bad(&e.to_string()))?;
    if archive.len() > FILES {
        return Err(bad("it has too many parts"));
    }
    let file = archive.by_name(CONTENT).map_err(|e| bad(&e.to_string()))?;
    let mut xml = Vec::new();
    // What is said of the size need not be true.
    file.take(MOST + 1).read_to_end(&mut xml).map_err(|e| bad(&e.to_string()))?;
    if xml.len() as u64 > MOST {
        return Err(bad("its text is too large"));
    }
    let xml = String::from_utf8(xml).map_err(|_| bad("its text is not in UTF-8"))?;
    if xml.contains("<!DOCTYPE") || xml.contains("<!ENTITY") {
        return Err(bad("it has entities of its own"));
    }
    Ok(xml)
}

/// The document with other XML in it.
pub(super) fn write(bytes: &[u8], xml: &str) -> Result<Vec<u8>, LibreError> {
    let failed = |e: &dyn std::fmt::Display| bad(&e.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| failed(&e))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|e| failed(&e))?;
        if file.name().is_ok_and(|name| name == CONTENT) {
            writer.start_file(CONTENT, SimpleFileOptions::default()).map_err(|e| failed(&e))?;
            // XML knows no `&nbsp;`.
            writer.write_all(xml.replace("&nbsp;", "\u{a0}").as_bytes()).map_err(|e| failed(&e))?;
        } else {
            writer.raw_copy_file(file).map_err(|e| failed(&e))?;
        }
    }
    Ok(writer.finish().map_err(|e| failed(&e))?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, content: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("mimetype", SimpleFileOptions::default()).unwrap();
        writer.write_all(b"application/vnd.oasis.opendocument.text").unwrap();
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_text_goes_in_and_out_and_the_rest_stays() {
        let before = document(CONTENT, b"<text:p>Harga</text:p>");
        assert_eq!(read(&before).unwrap(), "<text:p>Harga</text:p>");
        let after = write(&before, "<text:p>5&nbsp;kg</text:p>").unwrap();
        assert_eq!(read(&after).unwrap(), "<text:p>5\u{a0}kg</text:p>");
        let mut archive = ZipArchive::new(Cursor::new(after)).unwrap();
        assert_eq!(archive.by_index(0).unwrap().name().unwrap(), "mimetype");
    }

    #[test]
    fn bombs_and_strangers_are_refused() {
        for bad in [
            &b"no zip at all"[..],
            &document("other.xml", b"x"),
            &document(CONTENT, &vec![b' '; (MOST + 1) as usize]),
            &document(CONTENT, b"\xff\xfe"),
            &document(CONTENT, b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"),
        ] {
            assert!(read(bad).is_err());
        }
        // Packed it is small.
        assert!(document(CONTENT, &vec![b' '; (MOST + 1) as usize]).len() < 100_000);
    }
}
