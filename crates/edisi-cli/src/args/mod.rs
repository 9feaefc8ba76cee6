//! What can be asked of `edisi`: one file for the arguments of a subcommand.

mod bench;
mod check;
mod eval;
mod memory;
mod models;
mod serve;
mod terms;
mod text;
mod translate;
mod user;

use clap::{ArgAction, Parser, Subcommand};

pub use bench::{Bench, BenchWhat};
pub use check::{Check, FailOn, Sides};
pub use eval::{Eval, EvalGuard, EvalModel, EvalMt, EvalWhat, Window};
pub use memory::{
    Memory, MemoryAction, MemoryExport, MemoryImport, MemoryLearn, MemoryPlace, MemoryRemove, MemorySearch,
    MemoryStats,
};
pub use models::{Import, List, Models, ModelsAction, Pull, RegistryArgs};
pub use serve::{Backup, Ingest, LogFormat, Place, Publish, Restore, Serve, Settings};
pub use terms::{Glossary, GlossaryAction, GlossaryFormat, Terms};
pub use text::{ArticleFormat, Extract, Reading, Segment};
pub use translate::{CacheArgs, Engine, Translate, Way};
pub use user::{UserAction, UserRole, Users};

const EXIT_CODES: &str = "\
Exit codes:
  0    done; some sentences may be gaps, which the summary says
  1    a fault in edisi
  2    wrong usage
  3    the input cannot be read or has no article
  4    a model is missing or damaged
  5    an unknown language, or a pair no installed model translates
  6    the network cannot be reached
  7    output cannot be written: disk full, no permission
  8    with --strict: done, but some sentences could not be translated
  9    check found something as grave as --fail-on says
  130  interrupted; finished sentences are kept";

/// Makes, checks and publishes the editions of a news story in other languages, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "edisi", version, after_help = EXIT_CODES, arg_required_else_help = true, disable_help_flag = true)]
pub struct Arguments {
    /// Print help
    #[arg(short, long, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the story in a page, feed, wire file or text dump
    Extract(Extract),
    /// Make the editions of an article
    Translate(Translate),
    /// Install, list, verify and remove translation models
    Models(Models),
    /// Lay a translation beside its source and say what is missing, changed or added
    Check(Check),
    /// Read glossaries and print them as one, as CSV or TBX
    Glossary(Glossary),
    /// Learn reviewed translations and find them again
    Memory(Memory),
    /// Run a newsroom: desk, site, feeds and API
    Serve(Serve),
    /// Show and change what a newsroom has decided
    Settings(Settings),
    /// Put articles into a newsroom
    Ingest(Ingest),
    /// Write a newsroom's database to a file, while it runs
    Backup(Backup),
    /// Fill an empty database from a backup
    Restore(Restore),
    /// Write a newsroom's site as files
    Publish(Publish),
    /// Say who may sign in at the desk
    User(Users),
    /// Cut text into sentences, one a line
    Segment(Segment),
    /// Score translations, models and checks
    Eval(Eval),
    /// Measure speed and quality
    Bench(Bench),
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(s) if (0.0..=1e9).contains(&s) => Ok(s),
        _ => Err("expected a number of seconds".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        super::Arguments::command().debug_assert();
    }
}
