//! `edisi user`

mod common;

use std::io::Write;
use std::process::Stdio;

use common::{Place, Ran};

fn with_password(place: &Place, args: &[&str], password: &str) -> Ran {
    let mut command = place.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that refuses before it asks does not read on.
    let _ = writeln!(child.stdin.take().unwrap(), "{password}");
    Ran::from(child.wait_with_output().unwrap())
}

#[test]
fn people_are_added_listed_and_kept_out() {
    let place = Place::bare();
    let add = ["user", "add", "Rina", "--role", "admin", "--name", "Rina Wulandari", "--data", "room"];
    with_password(&place, &add, "short").fails(2, &["too short"]);
    let added = with_password(&place, &add, "sungai-martapura-9").ok();
    assert_eq!(added.out, "rina may sign in as admin\n");
    with_password(&place, &add, "sungai-martapura-9").fails(2, &["already", "edisi user passwd rina"]);
    let made = place.run(&["user", "add", "sari", "--generate", "--data", "room"]).ok();
    let password = made.out.lines().last().unwrap().strip_prefix("password: ").unwrap().to_owned();
    assert_eq!(password.len(), 24, "{password}");
    place.run(&["user", "add", "two words", "--generate", "--data", "room"]).fails(2, &["is no login"]);
    let list = place.run(&["user", "list", "--data", "room"]).ok().out;
    assert!(list.contains("admin   Rina Wulandari") && list.contains("editor  sari"), "{list}");
    place.run(&["user", "disable", "rina", "--data", "room"]).fails(2, &["only administrator"]);
    place.run(&["user", "disable", "sari", "--data", "room"]).ok();
    let list = place.run(&["user", "list", "--json", "--data", "room"]).ok().out;
    assert!(list.contains("\"disabled\":true") && !list.contains("argon2"), "{list}");
    place.run(&["user", "passwd", "nobody", "--generate", "--data", "room"]).fails(2, &["no user `nobody`"]);
    let changed = place.run(&["user", "passwd", "sari", "--generate", "--data", "room"]).ok().out;
    assert!(!changed.contains(&password), "{changed}");
}
