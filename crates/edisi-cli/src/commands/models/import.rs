//! `edisi models import`

use std::path::Path;

use edisi_edition::publish;
use edisi_models::{FileImport, ImportOptions, Store};

use super::{done, source};
use crate::args::Import;
use crate::commands::pair;
use crate::failure::{Code, Failure};
use crate::progress::Installing;

pub fn run(store: &Store, args: &Import) -> Result<(), Failure> {
    if let [folder] = &args.paths[..]
        && folder.join("adapter_config.json").is_file()
    {
        return adapter(store, args, folder);
    }
    let pair = args.pair.as_deref().map(pair).transpose()?.map(|pair| (pair.source, pair.target));
    let options = FileImport { pair, name: args.name.clone(), force: args.force, wait: true };
    let mut progress = Installing::new(args.quiet);
    let models = store.import_files(&args.paths, &options, &mut progress);
    progress.finish();
    models?.into_iter().try_for_each(|model| done(Ok(model), &mut progress, args.quiet))
}

fn adapter(store: &Store, args: &Import, folder: &Path) -> Result<(), Failure> {
    let name = args.name.clone().or_else(|| publish::slug(&folder.file_name()?.to_string_lossy()));
    let Some(name) = name else {
        let message = format!("{} has no name to install it under; give one with --name", folder.display());
        return Err(Failure::new(Code::Usage, message));
    };
    let mut progress = Installing::new(args.quiet);
    let options = ImportOptions { force: args.force, source: source(args.from.as_deref()) };
    let model = store.import(folder, &name, &args.base, &options, &mut progress);
    done(model, &mut progress, args.quiet)
}
