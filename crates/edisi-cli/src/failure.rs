//! Why a command failed, as an exit code and a sentence.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use edisi_edition::publish::WriteError;
use edisi_edition::render::RenderError;
use edisi_edition::{CacheError, EngineError, EngineErrorKind, PipelineError, RouteError};
use edisi_memory::MemoryError;
use edisi_text::LangError;

/// Exit codes, as `docs/cli.md` and `edisi --help` list them. 2, wrong usage, is clap's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    Internal = 1,
    Usage = 2,
    Input = 3,
    Model = 4,
    Language = 5,
    Network = 6,
    Output = 7,
    Gaps = 8,
    Findings = 9,
    Interrupted = 130,
}

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    message: String,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into() }
    }

    /// A file of the user's that cannot be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
        Failure::new(
            Code::Input,
            format!("cannot read {}: {error}; check the name and the permissions", path.display()),
        )
    }

    /// A file or stream that cannot be written.
    pub fn unwritable(what: impl std::fmt::Display, error: &io::Error) -> Failure {
        let advice = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                "free some space and run again"
            }
            _ => "name another place",
        };
        Failure::new(Code::Output, format!("cannot write {what}: {error}; {advice}"))
    }

    pub fn code(&self) -> Code {
        self.code
    }

    /// Tells the user, on standard error.
    pub fn report(self) -> ExitCode {
        if !self.message.is_empty() {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "edisi: {}", self.message);
        }
        ExitCode::from(self.code as u8)
    }
}

impl From<LangError> for Failure {
    fn from(error: LangError) -> Failure {
        Failure::new(Code::Language, error.to_string())
    }
}

impl From<RouteError> for Failure {
    fn from(error: RouteError) -> Failure {
        let code = match error {
            RouteError::ModelMissing => Code::Model,
            _ => Code::Language,
        };
        Failure::new(code, error.to_string())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        let code = match error.kind() {
            EngineErrorKind::Cancelled => return Failure::interrupted(),
            EngineErrorKind::ModelMissing | EngineErrorKind::ModelDamaged => Code::Model,
            EngineErrorKind::Unsupported => Code::Language,
            _ => Code::Internal,
        };
        Failure::new(code, error.to_string())
    }
}

impl Failure {
    /// Stopped by Ctrl-C.
    pub fn interrupted() -> Failure {
        Failure::new(
            Code::Interrupted,
            "stopped; what is finished is kept, the same command goes on from there",
        )
    }
}

impl From<PipelineError> for Failure {
    fn from(error: PipelineError) -> Failure {
        match error {
            PipelineError::Route(error) => error.into(),
            PipelineError::Engine(error) => error.into(),
            PipelineError::Memory(error) => error.into(),
            PipelineError::Empty { .. } => Failure::new(Code::Input, error.to_string()),
            PipelineError::UnknownSource { .. } => Failure::new(Code::Language, error.to_string()),
            PipelineError::SameLanguage { .. } => Failure::new(Code::Usage, error.to_string()),
            error => Failure::new(Code::Internal, error.to_string()),
        }
    }
}

impl From<CacheError> for Failure {
    fn from(error: CacheError) -> Failure {
        Failure::new(Code::Output, error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::new(Code::Output, error.to_string())
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Failure {
        Failure::new(Code::Internal, error.to_string())
    }
}

impl From<MemoryError> for Failure {
    fn from(error: MemoryError) -> Failure {
        let code = match error {
            MemoryError::Site(_) => Code::Usage,
            MemoryError::Busy { .. } | MemoryError::Io { .. } => Code::Output,
            _ => Code::Input,
        };
        Failure::new(code, error.to_string())
    }
}

impl From<edisi_models::Error> for Failure {
    fn from(error: edisi_models::Error) -> Failure {
        use edisi_models::Error;
        let code = match &error {
            Error::Cancelled => Code::Interrupted,
            Error::Network { .. }
            | Error::Unreachable { .. }
            | Error::BadRegistry { .. }
            | Error::Download { .. } => Code::Network,
            Error::NoPair { .. } => Code::Language,
            Error::BadConfig { .. } => Code::Input,
            Error::Io { action: "reading", .. } => Code::Input,
            Error::DiskFull { .. } | Error::Io { .. } | Error::Locked { .. } | Error::NoHome => Code::Output,
            Error::BadName(_) | Error::AlreadyInstalled { .. } => Code::Usage,
            _ => Code::Model,
        };
        Failure::new(code, error.to_string())
    }
}
