//! `edisi backup` and `edisi restore`: a newsroom there and back.

mod common;

use common::{Place, STORY};

#[test]
fn a_newsroom_there_and_back() {
    let place = Place::bare();
    let story = place.file("cerita.txt", STORY);
    place.run(&["backup", "--data", "kabar", "-o", "b"]).fails(3, &["no newsroom in kabar", "--data"]);
    place.run(&["ingest", "--data", "kabar", "--from", "id", &story]).ok();
    let said = place.run(&["backup", "--data", "kabar", "-o", "kabar.backup"]).ok().out;
    assert!(said.contains("schema 1:") && said.contains("1 articles"), "{said}");
    let read = place.run(&["restore", "kabar.backup", "--data", "lain"]).ok().out;
    assert_eq!(read, said);
    let again = place.run(&["ingest", "--data", "lain", "--from", "id", &story]).ok().out;
    assert!(again.starts_with("unchanged"), "{again}");

    place.run(&["restore", "kabar.backup", "--data", "lain"]).fails(3, &["in use"]);
    place.run(&["restore", "none.backup", "--data", "baru"]).fails(3, &["none.backup"]);
    let half = std::fs::read(place.path().join("kabar.backup")).unwrap();
    std::fs::write(place.path().join("half.backup"), &half[..half.len() / 2]).unwrap();
    place.run(&["restore", "half.backup", "--data", "baru"]).fails(3, &["damaged"]);
    let json = place.run(&["restore", "kabar.backup", "--data", "baru", "--json"]).ok().out;
    assert!(json.contains("[\"articles\",1]"), "{json}");
}
