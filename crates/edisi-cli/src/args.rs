//! What can be asked of `edisi`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use edisi_text::Lang;

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
    /// Cut text into sentences, one a line
    Segment(Segment),
    /// Score translations, models and checks
    Eval(Eval),
    /// Measure speed and quality
    Bench(Bench),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArticleFormat {
    /// One JSON article a line
    Json,
    /// Markdown
    Md,
    /// Plain text
    Text,
    /// IPTC ninjs 3.1
    Ninjs,
}

#[derive(Debug, Args)]
pub struct Extract {
    /// Files, http(s) addresses, or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// How to print articles
    #[arg(long, value_enum, default_value_t = ArticleFormat::Json)]
    pub format: ArticleFormat,
    /// The language, where the input does not say
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// How to read inputs.
#[derive(Debug, Args)]
pub struct Reading {
    /// Largest input, in MiB
    #[arg(long, default_value_t = 32, value_name = "N")]
    pub max_mb: u64,
    /// Longest wait for a web page, in seconds
    #[arg(long, default_value = "30", value_name = "SECONDS", value_parser = seconds)]
    pub timeout: f64,
}

#[derive(Debug, Args)]
pub struct Translate {
    /// Files, http(s) addresses, or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Languages of the editions, such as en,zh,ja,ar,fr
    #[arg(long, required = true, value_delimiter = ',', value_name = "LANGS")]
    pub to: Vec<String>,
    /// Language of the article, where it does not say
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// Folder for the editions, one folder an article in it
    #[arg(short, long, default_value = "editions", value_name = "DIR")]
    pub output: PathBuf,
    /// Address that DIR will be published under, for links between the versions
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Print what was made as JSON, and progress as JSON lines
    #[arg(long)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Exit with 8 when a sentence could not be translated
    #[arg(long)]
    pub strict: bool,
    /// Stop translating after so many seconds; what is missing becomes gaps
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub deadline: Option<f64>,
    /// What to do with sentences that the checks find wrong: publish, hold (for review) or original (leave the
    /// original sentence), by error or warning, for one tier or both, as in `error=hold,draft:error=original`
    #[arg(long, default_value = "error=hold,warning=publish", value_name = "RULES")]
    pub policy: edisi_edition::Policy,
    /// Do not try sentences with errors again in other ways
    #[arg(long)]
    pub no_repair: bool,
    #[command(flatten)]
    pub terms: Terms,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub engine: Engine,
    #[command(flatten)]
    pub cache: CacheArgs,
}

#[derive(Debug, Args)]
pub struct Glossary {
    /// Glossary files, CSV or TBX, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How to print the terms
    #[arg(long, value_enum, default_value_t = GlossaryFormat::Csv)]
    pub format: GlossaryFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GlossaryFormat {
    /// A table, for spreadsheets
    Csv,
    /// TermBase eXchange, for terminology programs
    Tbx,
}

/// The newsroom's words.
#[derive(Debug, Args)]
pub struct Terms {
    /// Glossary with the words to use, to avoid and to leave as they are: CSV or TBX; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub glossary: Vec<PathBuf>,
}

/// Which model, and how to run it.
#[derive(Debug, Args)]
pub struct Engine {
    /// Use this installed model only
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Go this way whatever was measured
    #[arg(long, value_enum, value_name = "WAY")]
    pub via: Option<Way>,
    /// Threads to compute with; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Segments decoded side by side
    #[arg(long, default_value_t = 64, value_name = "N")]
    pub batch: usize,
}

#[derive(Debug, Args)]
pub struct CacheArgs {
    /// Folder of finished segments [default: `cache` in the data folder]
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Translate everything anew and keep nothing
    #[arg(long, conflicts_with = "cache")]
    pub no_cache: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// From source to target in one step
    Direct,
    /// From source to English to target
    English,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The original: a file (text, HTML, ninjs, feed, TMX, XLIFF, tab-separated), an http(s) address, or `-`
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Its translation; not needed where SOURCE has both
    #[arg(value_name = "TRANSLATION")]
    pub translation: Option<String>,
    /// Source and target language, such as id-en [default: what the texts say or look like]
    #[arg(long, value_name = "A-B", conflicts_with_all = ["from", "to"])]
    pub pair: Option<String>,
    /// Language of the source
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// Language of the translation
    #[arg(long, value_name = "LANG")]
    pub to: Option<String>,
    /// Both files are plain text with one segment a line, in the same order
    #[arg(long)]
    pub lines: bool,
    /// Write the report here as a web page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "sarif")]
    pub json: bool,
    /// Print the report as SARIF 2.1.0, for CI systems
    #[arg(long)]
    pub sarif: bool,
    /// Show the pieces without findings too
    #[arg(long)]
    pub all: bool,
    /// Exit with 9 when there is a finding as grave as this
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    #[command(flatten)]
    pub terms: Terms,
    /// Section of the site that the text is for, with terms of its own
    #[arg(long, value_name = "NAME", requires = "glossary")]
    pub section: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// What must not be published
    Error,
    /// What is worth a look, and errors
    Warning,
    /// Nothing
    Never,
}

#[derive(Debug, Args)]
pub struct Models {
    #[command(subcommand)]
    pub action: ModelsAction,
}

#[derive(Debug, Subcommand)]
pub enum ModelsAction {
    /// Show what is installed and what can be
    List(List),
    /// Download and install models
    Pull(Pull),
    /// Check the files of installed models against their hashes
    Verify {
        /// Names [default: all installed]
        names: Vec<String>,
    },
    /// Remove installed models
    Remove {
        /// Names
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Install models from disk: files of Marian models, copies of installed models, or a LoRA adapter
    Import(Import),
}

/// Where models of language pairs come from.
#[derive(Debug, Args)]
pub struct RegistryArgs {
    /// Address of the registry [default: $EDISI_REGISTRY, config.toml, Mozilla's]
    #[arg(long, value_name = "URL")]
    pub registry: Option<String>,
    /// Longest silence of a server, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<f64>,
    /// How often in a row to ask a server that fails once more
    #[arg(long, value_name = "N")]
    pub retries: Option<u32>,
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Only what is installed or comes with edisi; the registry is not asked
    #[arg(long)]
    pub installed: bool,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub struct Pull {
    /// Names as `edisi models list` shows them, or languages such as id:en,zh,ja [default: the default model]
    pub what: Vec<String>,
    /// Of the registry's models take those of this family: base, base-memory, tiny
    #[arg(long, value_name = "FAMILY")]
    pub architecture: Option<String>,
    /// Take the packages of a model that comes with edisi from this folder instead of the network
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Install again over installed ones
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub struct Import {
    /// A folder with models, the files of one model (model*.bin, *.spm, lex*.bin, packed or not), or the folder of
    /// a LoRA adapter in PEFT's format, which is merged into its base model
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Languages of the model, such as en-fr, where the files' names do not tell
    #[arg(long, value_name = "A-B")]
    pub pair: Option<String>,
    /// Name to install it under [default: the pair's; an adapter's folder's]
    #[arg(long)]
    pub name: Option<String>,
    /// The model an adapter adapts
    #[arg(long, default_value = "gemma3-270m", value_name = "NAME")]
    pub base: String,
    /// Take the base model's packages from this folder instead of the network
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Replace an installed one
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct Segment {
    /// Text files, or `-` for standard input
    #[arg(default_value = "-", value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Language of the text [default: what it looks like]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
}

#[derive(Debug, Args)]
pub struct Eval {
    #[command(subcommand)]
    pub what: EvalWhat,
}

#[derive(Debug, Subcommand)]
pub enum EvalWhat {
    /// Score a translation with BLEU and chrF, as sacrebleu does
    Mt(EvalMt),
    /// Translate with a model and score what comes out
    Model(EvalModel),
    /// Measure what the checks see, with errors made in human translations
    Guard(EvalGuard),
}

#[derive(Debug, Args)]
pub struct EvalMt {
    /// Text that was translated, one segment a line; only its number of lines is compared
    #[arg(long, visible_alias = "source", value_name = "FILE")]
    pub src: Option<PathBuf>,
    /// Human translation, line by line
    #[arg(long = "ref", visible_alias = "reference", value_name = "FILE")]
    pub reference: PathBuf,
    /// The translation to score, line by line
    #[arg(long = "hyp", visible_alias = "hypothesis", value_name = "FILE")]
    pub hypothesis: PathBuf,
    /// Source and target language, such as id-en [default: what the human translation looks like]
    #[arg(long, value_name = "A-B")]
    pub pair: Option<String>,
    /// Resamplings for the 95 % intervals; 0 for none
    #[arg(long, default_value_t = 1000, value_name = "N")]
    pub bootstrap: usize,
    /// Seed of the resamplings
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    #[command(flatten)]
    pub window: Window,
}

/// Which lines to take.
#[derive(Debug, Args)]
pub struct Window {
    /// Pass over so many lines
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub skip: usize,
    /// Take at most so many lines
    #[arg(long, visible_alias = "limit", value_name = "N")]
    pub take: Option<usize>,
}

#[derive(Debug, Args)]
pub struct EvalModel {
    /// Text to translate, one segment a line
    #[arg(long, visible_alias = "source", value_name = "FILE")]
    pub src: PathBuf,
    /// Human translation, line by line
    #[arg(long = "ref", visible_alias = "reference", value_name = "FILE")]
    pub reference: PathBuf,
    /// Source and target language, such as id-en
    #[arg(long, value_name = "A-B")]
    pub pair: String,
    /// Write the translation here, line by line
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub window: Window,
    /// Print nothing but the scores
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub engine: Engine,
    #[command(flatten)]
    pub cache: CacheArgs,
}

#[derive(Debug, Args)]
pub struct EvalGuard {
    /// The original, one segment a line
    #[arg(long, visible_alias = "src", value_name = "FILE")]
    pub source: PathBuf,
    /// Human translation, line by line
    #[arg(long, visible_alias = "ref", value_name = "FILE")]
    pub target: PathBuf,
    /// Source and target language, such as id-en
    #[arg(long, value_name = "A-B")]
    pub pair: String,
    /// Which errors are made; the same seed makes the same
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Kinds of errors to make, such as value,clause [default: all]
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    pub kinds: Vec<String>,
    /// Text in another language, for the kind `language` [default: built-in sentences]
    #[arg(long, value_name = "LANG=FILE")]
    pub other: Vec<String>,
    /// Show so many missed errors a kind and false alarms a family
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub show: usize,
    /// Write the corrupted pairs here: kind, line, source, corrupted translation, tab-separated
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Print JSON before the last line
    #[arg(long)]
    pub json: bool,
    /// Print no progress
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub window: Window,
}

#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    pub what: BenchWhat,
}

#[derive(Debug, Subcommand)]
pub enum BenchWhat {
    /// Extraction: F1 and pages per second on a folder with html/ and ground-truth.json
    Extract {
        /// The folder
        dir: PathBuf,
        /// Write the texts here, as the benchmark's own script reads them
        #[arg(long, value_name = "FILE")]
        predictions: Option<PathBuf>,
    },
    /// The engine for Marian models: words per second on a text, one segment a line
    Nmt {
        /// The model: an installed one's name, or a folder with its files
        #[arg(long, value_name = "DIR")]
        model: PathBuf,
        /// The text
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
        /// Write the translations here, line by line
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Threads to compute with [default: one a core]
        #[arg(long, value_name = "N")]
        threads: Option<NonZeroUsize>,
        /// The text's language, whose sentences lines are cut at [default: what the model says]
        #[arg(long, value_name = "LANG")]
        from: Option<Lang>,
    },
    /// The language model engine: tokens per second on a text, one segment a line
    Llm {
        /// The text
        input: PathBuf,
        /// Source and target language
        #[arg(long, default_value = "id-en", value_name = "A-B")]
        pair: String,
        /// Take at most so many lines
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        #[command(flatten)]
        engine: Engine,
    },
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
