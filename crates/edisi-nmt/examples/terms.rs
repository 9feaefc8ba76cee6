//! One sentence with a term, its scores and its alignment: `terms FOLDER SENTENCE SOURCE-TERM TARGET-TERM`.

use edisi_nmt::{Control, Engine, Files, Options, Request, Term};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, sentence, source, target] = &args[..] else {
        return Err("usage: terms FOLDER SENTENCE SOURCE-TERM TARGET-TERM".into());
    };
    let engine = Engine::open(&Files::in_folder(folder.as_ref())?, Options::default())?;
    let start = sentence.find(source).ok_or("the sentence does not have the term")?;
    let terms = [Term { source: start..start + source.len(), target: target.clone() }];
    let request = Request { text: sentence, terms: &terms };
    let translation = engine.translate_with(&[request], &Control::default(), &mut |_, _| ()).remove(0);
    println!("{}", translation.text);
    if !translation.unmet.is_empty() {
        println!("{target} could not be put in");
    }
    for link in translation.alignment(sentence) {
        println!(
            "{:>20} ← {:<20} {:.2}",
            &translation.text[link.target], &sentence[link.source], link.weight
        );
    }
    println!("mean log-probability {:?}, least {:?}", translation.mean_logprob(), translation.min_logprob());
    Ok(())
}
