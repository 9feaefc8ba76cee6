//! The `edisi` command: reads the arguments, calls the library that does it, exits.

mod args;
mod commands;
mod failure;
mod interrupt;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    interrupt::install();
    let done = match &arguments.command {
        Command::Extract(args) => commands::extract::run(args),
        Command::Translate(args) => commands::translate::run(args),
        Command::Models(args) => commands::models::run(args),
        Command::Check(args) => commands::check::run(args),
        Command::Glossary(args) => commands::terms::run(args),
        Command::Memory(args) => commands::memory::run(args),
        Command::Serve(args) => commands::newsroom::serve(args),
        Command::Settings(args) => commands::newsroom::settings(args),
        Command::Ingest(args) => commands::newsroom::ingest(args),
        Command::Backup(args) => commands::backup::write(args),
        Command::Restore(args) => commands::backup::restore(args),
        Command::Publish(args) => commands::publish::run(args),
        Command::User(args) => commands::user::run(args),
        Command::Segment(args) => commands::segment::run(args),
        Command::Eval(args) => commands::eval::run(args),
        Command::Bench(args) => commands::bench::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
