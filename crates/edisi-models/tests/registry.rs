//! Pulling models from a registry on a server of our own, whatever the server and the network do.

mod support;

use std::fs;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use edisi_models::{
    Engine, Error, Installed, Manifest, Needed, Network, Progress, PullOptions, Release, Shelf, Step, Store,
    Tier, Trust,
};
use edisi_text::Lang;
use support::marian::{Published, Site, gzip, model, vocabulary};
use support::names;
use support::server::Fault;
use tempfile::TempDir;

/// More than one part of a download.
const LARGE: usize = 10 << 20;

struct World {
    site: Site,
    dir: TempDir,
}

impl World {
    /// A registry with one model of about `len` bytes, en-id.
    fn new(len: usize) -> World {
        let mut site = Site::new();
        site.offer("en-id", &Published::toy(1, len));
        World { site, dir: tempfile::tempdir().unwrap() }
    }

    fn store(&self) -> Store {
        Store::open(self.dir.path())
    }

    fn network() -> Network {
        Network { stall: Duration::from_millis(700), pause: Duration::from_millis(1), ..Network::default() }
    }

    fn options() -> PullOptions {
        PullOptions { network: Self::network(), ..PullOptions::default() }
    }

    fn release(&self) -> Release {
        let registry = self.store().registry(&self.site.url(), &Self::network(), &mut ()).unwrap();
        registry.best(Lang::EN, Lang::ID, None).unwrap().clone()
    }

    fn pull(&self) -> Result<Installed, Error> {
        self.store().pull_release(&self.release(), &Self::options(), &mut ())
    }

    fn path(&self, kind: &str) -> String {
        self.site.path("en-id", kind)
    }

    /// What is in the models' folder, but for lock and unfinished downloads.
    fn models(&self) -> Vec<String> {
        names(&self.dir.path().join("models")).into_iter().filter(|n| !n.starts_with('.')).collect()
    }

    /// Everything in the models' folder that is neither a model nor the lock.
    fn litter(&self) -> Vec<String> {
        let all = names(&self.dir.path().join("models")).into_iter();
        all.filter(|n| n.starts_with('.') && n != ".lock" && n != ".partial").collect()
    }

    fn partials(&self) -> Vec<String> {
        names(&self.dir.path().join("models/.partial"))
    }

    /// The pull succeeds, with the right files and nothing beside them.
    fn succeeds(&self, len: usize) -> Installed {
        let installed = self.pull().unwrap_or_else(|e| panic!("{e}"));
        let files = Published::toy(1, len);
        let folder = &installed.folder;
        assert!(fs::read(folder.join("model.bin")).unwrap() == files.model);
        assert_eq!(fs::read(folder.join("vocab.spm")).unwrap(), files.vocabulary);
        assert_eq!(fs::read(folder.join("lex.bin")).unwrap(), files.shortlist);
        self.store().verify("en-id", &mut ()).unwrap();
        assert_eq!((self.models(), self.litter(), self.partials()), (vec!["en-id".into()], vec![], vec![]));
        installed
    }

    /// The pull fails, and there is no model.
    fn fails(&self) -> Error {
        let error = self.pull().unwrap_err();
        assert!(self.models().is_empty(), "{error}");
        assert!(self.litter().is_empty(), "{error}");
        error
    }
}

#[test]
fn a_model_is_installed_and_described() {
    let world = World::new(1000);
    let installed = world.succeeds(1000);
    let Manifest { engine, tier, scores, files, licence, coverage, .. } = &installed.manifest;
    assert_eq!(*engine, Engine::Marian { architecture: "tiny".into() });
    assert_eq!(*tier, Tier::Production);
    assert!(coverage.covers(Lang::EN, Lang::ID) && !coverage.covers(Lang::ID, Lang::EN));
    assert_eq!((scores[0].metric.as_str(), scores[0].value), ("bleu", 30.5));
    assert_eq!(licence.name, "not stated by the registry");
    let trust = |name: &str| files.iter().find(|f| f.name == name).unwrap().source.as_ref().unwrap().trust;
    assert_eq!((trust("model.bin"), trust("vocab.spm")), (Trust::Published, Trust::FirstUse));
    let marian = installed.marian().unwrap();
    assert_eq!(marian.source_vocabulary, marian.target_vocabulary);
    assert!(marian.shortlist.is_some());
}

#[test]
fn large_files_come_in_parts_and_small_ones_whole() {
    let world = World::new(LARGE);
    world.succeeds(LARGE);
    assert_eq!(world.site.server.asked(&world.path("model")).len(), 3);
    assert_eq!(world.site.server.asked(&world.path("vocab")).len(), 1);
}

#[test]
fn a_server_without_ranges_will_do() {
    let world = World::new(LARGE);
    for kind in ["model", "vocab", "lex"] {
        world.site.server.always(&world.path(kind), Some(Fault::Whole));
    }
    world.succeeds(LARGE);
    assert_eq!(world.site.server.asked(&world.path("model")).len(), 1);
}

#[test]
fn cut_connections_are_gone_on_with() {
    let world = World::new(LARGE);
    for after in [0, 1, 70_000, 100_000, 3_000_000] {
        world.site.server.next(&world.path("model"), Fault::Cut(after));
    }
    world.site.server.next(&world.path("vocab"), Fault::Cut(3));
    world.succeeds(LARGE);
    let asked = world.site.server.asked(&world.path("model"));
    assert!(asked.len() <= 8, "{asked:?}");
}

#[test]
fn cut_connections_without_ranges_start_again() {
    let world = World::new(LARGE);
    world.site.server.next(&world.path("model"), Fault::Cut(5_000_000));
    world.site.server.always(&world.path("model"), Some(Fault::Whole));
    world.succeeds(LARGE);
}

#[test]
fn faults_that_pass_are_waited_for() {
    let world = World::new(1000);
    for status in [500, 503, 429, 408] {
        world.site.server.next(&world.path("model"), Fault::Status(status));
    }
    world.site.server.next("/db/models.json", Fault::Status(502));
    world.succeeds(1000);
}

#[test]
fn a_server_that_stalls_is_asked_again() {
    let world = World::new(LARGE);
    world.site.server.next(&world.path("model"), Fault::Stall(100_000));
    world.site.server.next(&world.path("lex"), Fault::Stall(0));
    world.succeeds(LARGE);
}

#[test]
fn a_slow_server_is_waited_for_as_long_as_something_comes() {
    let world = World::new(100_000);
    world.site.server.always(&world.path("model"), Some(Fault::Slow(4_000, Duration::from_millis(30))));
    world.succeeds(100_000);
}

#[test]
fn what_stays_broken_says_so_and_keeps_what_came() {
    let world = World::new(LARGE);
    world.site.server.next(&world.path("model"), Fault::Cut(2_000_000));
    world.site.server.always(&world.path("model"), Some(Fault::Cut(0)));
    let error = world.fails();
    assert!(matches!(error, Error::Download { .. }), "{error}");
    assert!(error.to_string().contains("edisi models import"), "{error}");
    assert_eq!(world.partials().len(), 2, "the data and its description");

    world.site.server.always(&world.path("model"), None);
    let before = world.site.server.asked(&world.path("model")).len();
    world.succeeds(LARGE);
    let asked = world.site.server.asked(&world.path("model"));
    let resumed = asked[before..].iter().flatten().map(|r| r.trim_start_matches("bytes=").to_owned());
    assert!(resumed.clone().all(|range| !range.starts_with("0-")), "{asked:?}");
}

#[test]
fn a_file_that_changed_between_two_runs_is_fetched_anew() {
    let mut world = World::new(LARGE);
    world.site.server.next(&world.path("model"), Fault::Cut(2_000_000));
    world.site.server.always(&world.path("model"), Some(Fault::Status(404)));
    world.fails();
    world.site.server.always(&world.path("model"), None);
    let other = Published::toy(9, LARGE);
    world.site.withdraw("en-id");
    world.site.offer("en-id", &other);
    let installed = world.pull().unwrap();
    assert!(fs::read(installed.path()).unwrap() == other.model);
}

#[test]
fn what_an_earlier_run_left_is_not_trusted() {
    let world = World::new(LARGE);
    world.site.server.next(&world.path("model"), Fault::Cut(2_000_000));
    world.site.server.always(&world.path("model"), Some(Fault::Cut(0)));
    world.fails();
    world.site.server.always(&world.path("model"), None);
    let part = world.partials().into_iter().find(|name| name.ends_with(".part")).unwrap();
    let part = world.dir.path().join("models/.partial").join(part);
    let mut bytes = fs::read(&part).unwrap();
    bytes[1_000_000] ^= 1;
    fs::write(&part, bytes).unwrap();
    world.succeeds(LARGE);
}

#[test]
fn files_that_are_not_what_the_registry_says_install_nothing() {
    type Spoil = fn(&World);
    let cases: &[(&str, Spoil)] = &[
        ("has SHA-256", |w| w.site.server.put(&w.path("model"), gzip(&model(2, 1000)))),
        ("bytes unpacked, the registry says", |w| w.site.server.put(&w.path("model"), gzip(&model(1, 999)))),
        ("is larger than", |w| w.site.server.put(&w.path("model"), gzip(&model(1, 1001)))),
        ("is larger than", |w| w.site.server.put(&w.path("model"), vec![1; 10_000])),
        ("is larger than", |w| w.site.server.put(&w.path("vocab"), gzip(&vec![0; 65 << 20]))),
        ("it is damaged", |w| {
            let whole = gzip(&Published::toy(1, 1000).model);
            w.site.server.put(&w.path("model"), &whole[..whole.len() - 5]);
        }),
        ("it is damaged", |w| w.site.server.put(&w.path("vocab"), &gzip(b"x")[..15])),
        ("as a vocabulary", |w| w.site.server.put(&w.path("vocab"), gzip(b"<html>Please log in</html>"))),
        ("as a vocabulary", |w| w.site.server.put(&w.path("vocab"), b"<html>Please log in</html>".to_vec())),
        ("not a binary shortlist", |w| w.site.server.put(&w.path("lex"), gzip(b"<html>"))),
        ("404", |w| w.site.server.remove(&w.path("lex"))),
        ("403", |w| w.site.server.always(&w.path("model"), Some(Fault::Status(403)))),
    ];
    for (expected, spoil) in cases {
        let world = World::new(1000);
        spoil(&world);
        let error = world.fails().to_string();
        assert!(error.contains(expected) && error.contains(&world.site.server.url), "{expected:?}: {error}");
    }
}

#[test]
fn a_shortlist_with_one_bit_changed_is_found() {
    let mut world = World::new(1000);
    let mut files = Published::toy(1, 1000);
    files.shortlist[17] ^= 1;
    world.site.offer_as("en-id", "base", "Release", &files);
    let error = world.fails();
    assert!(error.to_string().contains("checksum"), "{error}");
}

#[test]
fn what_has_no_published_hash_must_stay_what_it_was() {
    let world = World::new(1000);
    world.succeeds(1000);
    world.site.server.put(&world.path("vocab"), gzip(&vocabulary(&["x", "y", "z"])));
    let options = PullOptions { force: true, ..World::options() };
    let error = world.store().pull_release(&world.release(), &options, &mut ()).unwrap_err();
    assert!(matches!(&error, Error::Changed { .. }), "{error}");
    assert!(error.to_string().contains("edisi models remove en-id"), "{error}");
    let kept = world.store().verify("en-id", &mut ()).unwrap();
    assert_eq!(fs::read(kept.folder.join("vocab.spm")).unwrap(), Published::toy(1, 1000).vocabulary);
    world.store().remove("en-id").unwrap();
    world.pull().unwrap();
}

#[test]
fn a_registry_that_cannot_be_reached_says_what_to_do() {
    let world = World::new(10);
    let reach = |url: &str| {
        let network = Network { retries: 1, ..World::network() };
        world.store().registry(url, &network, &mut ()).unwrap_err()
    };
    // The port was free a moment ago, and nobody answers on it.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = reach(&format!("http://{free}/models.json"));
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("edisi models import"), "{error}");
    world.site.server.put("/html", b"<html>".to_vec());
    assert!(matches!(reach(&format!("{}/html", world.site.server.url)), Error::BadRegistry { .. }));
    assert!(matches!(reach(&format!("{}/none", world.site.server.url)), Error::Unreachable { .. }));
    world.site.server.put("/endless", vec![b' '; 65 << 20]);
    assert!(matches!(reach(&format!("{}/endless", world.site.server.url)), Error::TooLarge { .. }));
    assert!(names(world.dir.path()).is_empty(), "asking leaves nothing");
}

/// Stops when so many bytes are downloaded, and writes down what it is told.
#[derive(Default)]
struct Watch {
    stop_at: Option<u64>,
    done: u64,
    steps: Vec<Step>,
    notices: Vec<String>,
}

impl Progress for Watch {
    fn notice(&mut self, text: &str) {
        self.notices.push(text.to_owned());
    }
    fn advance(&mut self, step: Step, done: u64, total: u64) {
        assert!(done <= total, "{step:?}: {done} of {total}");
        if step == Step::Download {
            assert!(done >= self.done, "progress goes forward");
            self.done = done;
        }
        if self.steps.last() != Some(&step) {
            self.steps.push(step);
        }
    }
    fn cancelled(&mut self) -> bool {
        self.stop_at.is_some_and(|at| self.done >= at)
    }
}

#[test]
fn progress_is_told_and_may_stop_the_pull() {
    let world = World::new(LARGE);
    let pull = |watch: &mut Watch| world.store().pull_release(&world.release(), &World::options(), watch);
    let mut watch = Watch { stop_at: Some(1 << 20), ..Watch::default() };
    assert!(matches!(pull(&mut watch), Err(Error::Cancelled)));
    assert_eq!((world.models(), world.litter()), (vec![], vec![]));

    let mut watch = Watch::default();
    pull(&mut watch).unwrap();
    assert!(watch.steps.starts_with(&[Step::Download, Step::Unpack]), "{:?}", watch.steps);
    assert!(watch.notices[0].contains("no hash for 2 of 3 files"), "{:?}", watch.notices);
}

#[test]
fn of_two_pulls_at_once_the_second_finds_it_installed() {
    let world = World::new(LARGE);
    let (release, home) = (world.release(), world.dir.path().to_owned());
    world.site.server.always(&world.path("model"), Some(Fault::Slow(1 << 20, Duration::from_millis(40))));
    let (begun, first_began) = channel();
    struct Tell(Option<std::sync::mpsc::Sender<()>>);
    impl Progress for Tell {
        fn advance(&mut self, _: Step, done: u64, _: u64) {
            if done > 0
                && let Some(sender) = self.0.take()
            {
                sender.send(()).unwrap();
            }
        }
    }
    let first = {
        let (release, home) = (release.clone(), home.clone());
        thread::spawn(move || {
            let options = PullOptions { wait: true, ..World::options() };
            Store::open(&home).pull_release(&release, &options, &mut Tell(Some(begun)))
        })
    };
    first_began.recv().unwrap();
    let store = Store::open(&home);
    let refused = store.pull_release(&release, &World::options(), &mut ());
    assert!(matches!(refused, Err(Error::Locked { .. })));
    let mut watch = Watch::default();
    let options = PullOptions { wait: true, ..World::options() };
    let second = store.pull_release(&release, &options, &mut watch).unwrap();
    assert_eq!(first.join().unwrap().unwrap(), second);
    assert!(watch.notices[0].contains("waiting for another edisi"), "{:?}", watch.notices);
    assert!(watch.steps.is_empty(), "nothing was left to do");
    assert_eq!(world.site.server.asked(&world.path("vocab")).len(), 1);
}

#[test]
fn the_languages_of_a_newsroom_become_models() {
    let mut site = Site::new();
    for (seed, pair) in (1..).zip(["id-en", "en-zh", "en-ja", "en-ar", "en-fr", "fr-en", "id-fr"]) {
        site.offer(pair, &Published::toy(seed, 100));
    }
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path());
    let registry = store.registry(&site.url(), &World::network(), &mut ()).unwrap();
    let shelf = Shelf::local().with_registry(&registry, None);
    let needed = |from, to: &[Lang]| {
        let needed = store.needed(from, to, &shelf).unwrap();
        needed.iter().map(Needed::name).collect::<Vec<_>>()
    };
    let all = [Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR];
    assert_eq!(needed(Lang::ID, &all), ["id-en", "en-zh", "en-ja", "en-ar", "id-fr"]);
    assert_eq!(needed(Lang::FR, &[Lang::JA]), ["fr-en", "en-ja"]);
    assert_eq!(needed(Lang::EN, &[Lang::PT]), ["en-pt"], "the catalogue has it");
    assert_eq!(needed(Lang::ID, &[Lang::PT]), ["id-en", "en-pt"]);
    let error = store.needed(Lang::JA, &[Lang::ID], &shelf).unwrap_err();
    assert!(error.to_string().starts_with("no model translates Japanese to Indonesian"), "{error}");
    let family = Shelf::local().with_registry(&registry, Some("base"));
    let error = store.needed(Lang::ID, &[Lang::EN], &family).unwrap_err();
    assert!(error.to_string().contains("of id-en there is: tiny"), "{error}");

    let release = registry.best(Lang::ID, Lang::EN, None).unwrap();
    store.pull_release(release, &World::options(), &mut ()).unwrap();
    let known = store.needed(Lang::ID, &[Lang::EN, Lang::ZH], &shelf).unwrap();
    assert_eq!(known[0], Needed::Installed("id-en".into()));
    assert!(matches!(&known[1], Needed::Release(release) if release.name() == "en-zh"));
    let anew = store.needed(Lang::ID, &[Lang::EN], &shelf.anew(true)).unwrap();
    assert!(matches!(anew[0], Needed::Release(_)));
    assert!(store.needed(Lang::ID, &[Lang::EN], &Shelf::local()).is_ok(), "no registry is needed any more");
}
