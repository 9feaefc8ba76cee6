//! The tiny model through the public interface.
#![cfg(feature = "testing")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use edisi_llm::{Completion, Control, Finish, Generator, GeneratorOptions, Model, Request, testing};

fn tiny() -> Model {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("model.gguf");
    testing::tiny_model(&path).unwrap();
    Model::load(&path).unwrap()
}

fn requests() -> Vec<Request> {
    let sources =
        ["Harga beras naik 9.900 rupiah per kilogram.", "Kata dia: \"Kami siap\".", "新华社 🙂", "a"];
    let mut all = Vec::new();
    for source in sources {
        for language in ["English", "French", "Japanese"] {
            all.push(Request {
                prefix: "An example line that all of them share.\n".into(),
                prompt: format!("Indonesian: {source}\n{language}:"),
                max_tokens: 40,
                beams: 1,
                mask: None,
                given: Vec::new(),
            });
        }
    }
    all.push(all[0].clone());
    all
}

fn run(model: &Model, requests: &[Request], threads: usize, max_batch: usize) -> Vec<Completion> {
    let generator = Generator::new(model, &GeneratorOptions { threads, max_batch }).unwrap();
    generator.generate(requests, &Control::default(), &mut |_, _| {})
}

#[test]
fn the_batch_and_the_threads_change_nothing() {
    for beams in [1, 3] {
        let requests: Vec<Request> = requests().into_iter().map(|r| Request { beams, ..r }).collect();
        same_in_any_company(&tiny(), &requests);
    }
}

fn same_in_any_company(model: &Model, requests: &[Request]) {
    let want = run(model, requests, 1, 64);
    assert_eq!(want[0], *want.last().unwrap());
    assert!(want.iter().any(|c| !c.text.is_empty()));
    for (threads, max_batch) in [(1, 1), (2, 3), (3, 64)] {
        assert_eq!(want, run(model, requests, threads, max_batch), "{threads} threads, batch {max_batch}");
    }
    for (request, want) in requests.iter().zip(&want) {
        assert_eq!(*want, run(model, std::slice::from_ref(request), 1, 1)[0]);
        // A prefix is only a way to say it once.
        let joined = Request {
            prefix: "".into(),
            prompt: format!("{}{}", request.prefix, request.prompt),
            ..request.clone()
        };
        assert_eq!(*want, run(model, &[joined], 1, 1)[0]);
    }
}

#[test]
fn a_mask_is_kept_to() {
    let model = tiny();
    let x = model.tokens("x")[0];
    let is_byte = |id: u32| (5..5 + 256).contains(&id); // after four control pieces and the line break
    let free = run(&model, &requests(), 1, 64);
    assert!(free.iter().flat_map(|c| &c.tokens).any(|t| t.id != x && !is_byte(t.id)), "nothing to forbid");
    let mask = model.mask(|piece| piece.trim() == "x");
    let masked: Vec<Request> =
        requests().into_iter().map(|r| Request { mask: Some(mask.clone()), ..r }).collect();
    for completion in run(&model, &masked, 1, 64) {
        assert!(completion.tokens.iter().all(|t| t.id == x || is_byte(t.id)), "{completion:?}");
    }
}

#[test]
fn scores_are_log_probabilities() {
    let greedy = run(&tiny(), &requests(), 1, 64);
    for completion in &greedy {
        for token in &completion.tokens {
            assert!(token.logprob <= 0.0 && token.logprob.is_finite(), "{token:?}");
            assert!(token.margin >= 0.0, "{token:?}");
        }
    }
}

#[test]
fn beams_find_likelier_lines() {
    let model = tiny();
    let with = |beams| -> Vec<Completion> {
        let requests: Vec<Request> =
            requests().into_iter().map(|r| Request { beams, max_tokens: 6, ..r }).collect();
        run(&model, &requests, 1, 64)
    };
    let score = |c: &Completion| c.tokens.iter().map(|t| t.logprob).sum::<f32>();
    let (greedy, beamed) = (with(1), with(6));
    assert_ne!(greedy, beamed);
    // Lines of the same length and end compare by their probability alone.
    let alike =
        |(g, b): &(&Completion, &Completion)| g.tokens.len() == b.tokens.len() && g.finish == b.finish;
    let gains: Vec<f32> =
        greedy.iter().zip(&beamed).filter(alike).map(|(g, b)| score(b) - score(g)).collect();
    assert!(!gains.is_empty() && gains.iter().all(|&g| g >= -1e-4), "{gains:?}");
}

#[test]
fn every_end_is_told() {
    let model = tiny();
    let request = |prompt: String, max_tokens| Request {
        prefix: "".into(),
        prompt,
        max_tokens,
        beams: 1,
        mask: None,
        given: Vec::new(),
    };
    let done = run(
        &model,
        &[
            request("a".into(), 3),
            request("a".into(), 0),
            request("word ".repeat(2000), 10),
            request("a".into(), usize::MAX),
            request(String::new(), 2),
        ],
        1,
        8,
    );
    let finishes: Vec<Finish> = done.iter().map(|c| c.finish).collect();
    assert!(matches!(finishes[0], Finish::Length | Finish::Stop));
    assert_eq!(finishes[1..4], [Finish::Length, Finish::TooLong, Finish::TooLong]);
    assert!(done[0].tokens.len() <= 3 && done[1].text.is_empty());

    let generator = Generator::new(&model, &GeneratorOptions::default()).unwrap();
    let late = Control { deadline: Some(Instant::now()), cancel: None };
    assert!(
        generator.generate(&requests(), &late, &mut |_, _| {}).iter().all(|c| c.finish == Finish::Deadline)
    );
}

#[test]
fn cancelling_keeps_what_is_done() {
    let (model, requests, cancel) = (tiny(), requests(), AtomicBool::new(false));
    let generator = Generator::new(&model, &GeneratorOptions { threads: 1, max_batch: 1 }).unwrap();
    let mut heard = 0;
    let done =
        generator.generate(&requests, &Control { deadline: None, cancel: Some(&cancel) }, &mut |_, c| {
            heard += 1;
            if c.finish != Finish::Cancelled {
                cancel.store(true, Ordering::Relaxed);
            }
        });
    assert_eq!(heard, requests.len());
    assert_eq!(done.iter().filter(|c| c.finish != Finish::Cancelled).count(), 1);
}

#[test]
fn damaged_files_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("model.gguf");
    testing::tiny_model(&path).unwrap();
    let sound = std::fs::read(&path).unwrap();
    for cut in [0, 3, 40, sound.len() / 2, sound.len() - 1] {
        std::fs::write(&path, &sound[..cut]).unwrap();
        assert!(Model::load(&path).is_err(), "cut at {cut}");
    }
    assert!(Model::load(&dir.path().join("none.gguf")).is_err());
}
