use std::sync::atomic::AtomicUsize;
use std::sync::{Barrier, mpsc};

use edisi_text::Lang;

use super::*;
use crate::testing::FakeEngine;
use crate::translator::{Constraints, FailureReason, Tier};

/// An engine that waits until it is let on, and panics at `RUSAK`.
struct Gate {
    inner: FakeEngine,
    open: Mutex<mpsc::Receiver<()>>,
    /// Sizes of the batches it was given.
    sizes: Mutex<Vec<usize>>,
    cancelled: AtomicUsize,
}

impl Translator for Gate {
    fn id(&self) -> &EngineId {
        self.inner.id()
    }
    fn supports(&self, pair: Pair) -> bool {
        pair.target != Lang::AR
    }
    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError> {
        self.sizes.lock().unwrap().push(batch.items.len());
        let open = self.open.lock().unwrap();
        while let Err(mpsc::RecvTimeoutError::Timeout) = open.recv_timeout(Duration::from_millis(1)) {
            if control.is_cancelled() {
                self.cancelled.fetch_add(1, Ordering::Relaxed);
                return Err(EngineError::cancelled());
            }
        }
        assert!(
            !batch.items.iter().any(|i| i.text.contains("RUSAK")),
            "a sentence that the engine breaks on"
        );
        self.inner.translate(batch, control, progress)
    }
}

struct Case {
    batched: Arc<Batched>,
    engine: Arc<Gate>,
    open: mpsc::Sender<()>,
}

fn case(options: BatchOptions) -> Case {
    let (open, gate) = mpsc::channel();
    let engine = Arc::new(Gate {
        inner: FakeEngine::new("fake", Tier::Draft, &[]),
        open: Mutex::new(gate),
        sizes: Mutex::default(),
        cancelled: AtomicUsize::new(0),
    });
    let batched = Arc::new(Batched::new(engine.clone(), options, |_| {}));
    Case { batched, engine, open }
}

fn batch(texts: &[&str]) -> Batch {
    let item = |text: &&str| Item {
        pair: Pair::new(Lang::ID, Lang::EN),
        text: (*text).into(),
        context: Vec::new(),
        document: 0,
        constraints: Constraints::default(),
    };
    Batch { items: texts.iter().map(item).collect() }
}

impl Case {
    fn ask(&self, texts: &[&str]) -> std::thread::JoinHandle<Result<Vec<String>, EngineError>> {
        let (batched, batch) = (Arc::clone(&self.batched), batch(texts));
        std::thread::spawn(move || {
            let drafts = batched.translate(&batch, &Control::default(), &mut |_| {})?;
            Ok(drafts.into_iter().map(|d| d.text).collect())
        })
    }

    fn until(&self, holds: impl Fn(&Case) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < Duration::from_secs(20), "it never came to this");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn sizes(&self) -> Vec<usize> {
        self.engine.sizes.lock().unwrap().clone()
    }
}

#[test]
fn what_comes_while_a_batch_runs_is_the_next_one() {
    let case = case(BatchOptions::default());
    let first = case.ask(&["satu"]);
    case.until(|c| c.sizes() == [1]);
    let others: Vec<_> = (0..8).map(|_| case.ask(&["dua", "tiga"])).collect();
    case.until(|c| c.batched.waiting() == 16);
    case.open.send(()).unwrap();
    assert_eq!(first.join().unwrap().unwrap(), ["[en] satu"]);
    case.open.send(()).unwrap();
    for other in others {
        assert_eq!(other.join().unwrap().unwrap(), ["[en] dua", "[en] tiga"]);
    }
    assert_eq!(case.sizes(), [1, 16]);
    assert_eq!(case.batched.waiting(), 0);
}

#[test]
fn callers_take_turns() {
    let case = case(BatchOptions { batch: 4, waiting: 100 });
    let first = case.ask(&["satu"]);
    case.until(|c| c.sizes() == [1]);
    let long = case.ask(&["a"; 20]);
    case.until(|c| c.batched.waiting() == 20);
    let short = case.ask(&["b"]);
    case.until(|c| c.batched.waiting() == 21);
    for _ in 0..2 {
        case.open.send(()).unwrap();
    }
    first.join().unwrap().unwrap();
    // The short one is in the first batch after it came, though twenty sentences were before it.
    assert_eq!(short.join().unwrap().unwrap(), ["[en] b"]);
    drop(case.open);
    assert_eq!(long.join().unwrap().unwrap().len(), 20);
}

#[test]
fn a_full_queue_says_so() {
    let case = case(BatchOptions { batch: 4, waiting: 3 });
    let first = case.ask(&["a"; 4]);
    case.until(|c| c.sizes() == [4]);
    // What is more than the queue holds is taken where nothing waits.
    let second = case.ask(&["b"; 5]);
    case.until(|c| c.batched.waiting() == 5);
    let error = case.ask(&["c"]).join().unwrap().unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Busy);
    drop(case.open);
    assert_eq!(first.join().unwrap().unwrap().len() + second.join().unwrap().unwrap().len(), 9);
}

#[test]
fn who_has_gone_is_dropped_and_a_batch_of_nobody_stopped() {
    let case = case(BatchOptions::default());
    let ask = |text: &'static str| {
        let (batched, cancel) = (Arc::clone(&case.batched), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&cancel);
        let asked = std::thread::spawn(move || {
            let control = Control { cancel: Some(&told), deadline: None };
            batched.translate(&batch(&[text]), &control, &mut |_| {}).map(|_| ())
        });
        (asked, cancel)
    };
    let running = ask("satu");
    case.until(|c| c.sizes() == [1]);
    let waiting = ask("dua");
    case.until(|c| c.batched.waiting() == 1);
    for (asked, cancel) in [waiting, running] {
        cancel.store(true, Ordering::Relaxed);
        assert_eq!(asked.join().unwrap().unwrap_err().kind(), EngineErrorKind::Cancelled);
    }
    case.until(|c| c.batched.waiting() == 0);
    assert_eq!(case.engine.cancelled.load(Ordering::Relaxed), 1);
    // It goes on working.
    case.open.send(()).unwrap();
    assert_eq!(case.ask(&["tiga"]).join().unwrap().unwrap(), ["[en] tiga"]);
    assert_eq!(case.sizes(), [1, 1]);
}

#[test]
fn time_runs_out_for_those_whose_time_it_was() {
    let case = case(BatchOptions::default());
    let patient = case.ask(&["satu"]);
    case.until(|c| c.sizes() == [1]);
    let control = Control { deadline: Some(Instant::now() + Duration::from_millis(30)), cancel: None };
    let late = case.batched.translate(&batch(&["dua"]), &control, &mut |_| {}).unwrap();
    assert_eq!(late[0].failed.as_ref().unwrap().reason, FailureReason::Deadline);
    case.open.send(()).unwrap();
    assert_eq!(patient.join().unwrap().unwrap(), ["[en] satu"]);
}

#[test]
fn a_panic_is_the_batchs_and_not_the_queues() {
    let case = case(BatchOptions::default());
    drop(case.open.clone());
    case.open.send(()).unwrap();
    let error = case.ask(&["RUSAK"]).join().unwrap().unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Internal);
    // The gate's lock was poisoned by the panic; whoever comes next is answered all the same.
    let error = case.ask(&["dua"]).join().unwrap().unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Internal);
}

#[test]
fn pairs_it_does_not_know_are_refused_at_once() {
    let case = case(BatchOptions::default());
    let mut batch = batch(&["satu"]);
    batch.items[0].pair = Pair::new(Lang::ID, Lang::AR);
    let error = case.batched.translate(&batch, &Control::default(), &mut |_| {}).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Unsupported);
    assert!(case.batched.translate(&Batch::default(), &Control::default(), &mut |_| {}).unwrap().is_empty());
}

#[test]
fn many_callers_get_what_they_asked_for() {
    let engine: Arc<dyn Translator> = Arc::new(FakeEngine::new("fake", Tier::Draft, &[]));
    let (sum, batches) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (seen, count) = (Arc::clone(&sum), Arc::clone(&batches));
    let batched = Batched::new(engine, BatchOptions::default(), move |ran| {
        seen.fetch_add(ran.items, Ordering::Relaxed);
        count.fetch_add(1, Ordering::Relaxed);
    });
    let barrier = Barrier::new(16);
    std::thread::scope(|scope| {
        for caller in 0..16 {
            let (batched, barrier) = (&batched, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for round in 0..50 {
                    let text = format!("kalimat {caller} {round}");
                    let made = batched
                        .translate(&batch(&[&text, "lagi"]), &Control::default(), &mut |_| {})
                        .unwrap();
                    assert_eq!(made[0].text, format!("[en] {text}"));
                    assert_eq!(made[1].text, "[en] lagi");
                }
            });
        }
    });
    drop(batched);
    let start = Instant::now();
    while sum.load(Ordering::Relaxed) < 1600 && start.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    assert_eq!(sum.load(Ordering::Relaxed), 1600);
    assert!(batches.load(Ordering::Relaxed) < 800, "nobody was put together with another");
}
