//! Completes each line of a file after a prefix and before a suffix, and prints the speed.
//!
//! usage: complete MODEL.gguf INPUT [PREFIX] [SUFFIX]… (a suffix each for a copy of the lines; `\n` is a line break)

use std::time::Instant;

use edisi_llm::{Control, Generator, GeneratorOptions, Model, Request};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).map(|a| a.replace("\\n", "\n")).collect();
    let [model, input, rest @ ..] = &args[..] else {
        return Err("usage: complete MODEL.gguf INPUT [PREFIX] [SUFFIX]…".into());
    };
    let start = Instant::now();
    let model = Model::load(model.as_ref())?;
    eprintln!(
        "loaded in {:.2} s, {} MB, kernel {}",
        start.elapsed().as_secs_f64(),
        model.bytes() >> 20,
        model.kernel()
    );
    let prefix = rest.first().cloned().unwrap_or_default();
    let suffixes = if rest.len() > 1 { rest[1..].to_vec() } else { vec![String::new()] };
    let lines = std::fs::read_to_string(input)?;
    let number = |name: &str| std::env::var(name).ok().and_then(|b| b.parse().ok());
    let beams = number("BEAMS").unwrap_or(1);
    let requests: Vec<Request> = lines
        .lines()
        .flat_map(|line| suffixes.iter().map(move |s| (line, s)))
        .map(|(line, suffix)| {
            let prompt = format!("{prefix}{line}{suffix}");
            Request {
                prefix: "".into(),
                max_tokens: 2 * model.count_tokens(line) + 16,
                prompt,
                beams,
                mask: None,
                given: Vec::new(),
            }
        })
        .collect();
    let max_batch = number("BATCH").unwrap_or(64);
    let threads = number("THREADS").unwrap_or(0);
    let generator = Generator::new(&model, &GeneratorOptions { threads, max_batch })?;
    let start = Instant::now();
    let done = generator.generate(&requests, &Control::default(), &mut |_, _| {});
    let seconds = start.elapsed().as_secs_f64();
    for completion in &done {
        println!("{}", completion.text.trim());
    }
    let said: usize = done.iter().map(|c| c.tokens.len() + 1).sum();
    let read: usize = done.iter().map(|c| c.prompt_tokens).sum();
    eprintln!(
        "requests={} prompt_tokens={read} said_tokens={said} seconds={seconds:.2} said_per_s={:.0}",
        done.len(),
        said as f64 / seconds
    );
    Ok(())
}
