//! Translates standard input line by line: `lines MODEL.bin SOURCE.spm TARGET.spm [SHORTLIST.bin]`.

use std::io::Read;

use edisi_nmt::{Control, Engine, Files, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1).map(std::path::PathBuf::from);
    let mut file = |what| args.next().ok_or(format!("missing argument: {what}"));
    let files = Files {
        model: file("model")?,
        source_vocabulary: file("source vocabulary")?,
        target_vocabulary: file("target vocabulary")?,
        shortlist: args.next(),
    };
    let mut options = Options::default();
    options.source = std::env::var("SOURCE").ok().and_then(|lang| lang.parse().ok());
    let engine = Engine::open(&files, options)?;
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let lines: Vec<&str> = input.lines().collect();
    for translation in engine.translate(&lines, &Control::default(), &mut |_, _| ()) {
        println!("{}", translation.text);
    }
    eprintln!("{:?}", engine.statistics());
    Ok(())
}
