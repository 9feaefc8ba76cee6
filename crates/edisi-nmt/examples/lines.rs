//! Translates standard input line by line: `lines FOLDER [LANG]`, the model being in FOLDER and its source LANG.

use std::io::Read;

use edisi_nmt::{Control, Engine, Files, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("usage: lines FOLDER [LANG]")?;
    let mut options = Options::default();
    options.source = args.next().map(|lang| lang.parse()).transpose()?;
    let engine = Engine::open(&Files::in_folder(folder.as_ref())?, options)?;
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let lines: Vec<&str> = input.lines().collect();
    for translation in engine.translate(&lines, &Control::default(), &mut |_, _| ()) {
        println!("{}", translation.text);
    }
    eprintln!("{:?}", engine.statistics());
    Ok(())
}
