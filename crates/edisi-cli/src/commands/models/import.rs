//! `edisi models import`

use edisi_edition::publish;
use edisi_models::{ImportOptions, Store};

use super::{done, source};
use crate::args::Import;
use crate::failure::{Code, Failure};
use crate::progress::Installing;

pub fn run(store: &Store, args: &Import) -> Result<(), Failure> {
    let name = args.name.clone().or_else(|| publish::slug(&args.path.file_name()?.to_string_lossy()));
    let Some(name) = name else {
        let message =
            format!("{} has no name to install it under; give one with --name", args.path.display());
        return Err(Failure::new(Code::Usage, message));
    };
    let mut progress = Installing::new(args.quiet);
    let options = ImportOptions { force: args.force, source: source(args.from.as_deref()) };
    let model = store.import(&args.path, &name, &args.base, &options, &mut progress);
    done(model, &mut progress, args.quiet)
}
