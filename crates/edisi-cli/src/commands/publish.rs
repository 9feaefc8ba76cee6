//! `edisi publish`

use std::sync::Arc;

use edisi_edition::render::RenderError;
use edisi_server::Settings;
use edisi_server::serve::database_in;
use edisi_server::settings::KEY;
use edisi_server::site::{ExportError, Site, export};
use edisi_store::Store;

use super::newsroom::runtime;
use super::print;
use crate::args::Publish;
use crate::failure::{Code, Failure};

pub fn run(args: &Publish) -> Result<(), Failure> {
    let place = &args.place;
    if place.database.is_none() && !place.data.is_dir() {
        let message =
            format!("there is no newsroom in {}; name its folder with --data", place.data.display());
        return Err(Failure::new(Code::Input, message));
    }
    let site = Site::open(&place.data).map_err(|error| match error {
        RenderError::Theme(error) => Failure::new(Code::Input, error.to_string()),
        error => error.into(),
    })?;
    let done = runtime()?.block_on(async {
        let database = place.database.clone().unwrap_or_else(|| database_in(&place.data));
        let store = Store::open(&database).await?;
        let mut settings: Settings = store.setting(KEY).await?.unwrap_or_default();
        if let Some(url) = &args.base_url {
            settings.base_url = url.trim_end_matches('/').to_owned();
            settings.check().map_err(|problem| Failure::new(Code::Usage, problem))?;
        }
        Ok::<_, Failure>(export(&site, &store, &Arc::new(settings), &args.output).await?)
    })?;
    print(&match args.json {
        true => serde_json::to_string(&done).expect("three numbers") + "\n",
        false => format!(
            "{}: {} files written, {} as they were, {} taken away\n",
            args.output.display(),
            done.written,
            done.kept,
            done.removed
        ),
    })
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Failure {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Write { .. } => Failure::new(Code::Output, error.to_string()),
            ExportError::Manifest { .. } | ExportError::Slug(_) => {
                Failure::new(Code::Input, error.to_string())
            }
            error => Failure::new(Code::Internal, error.to_string()),
        }
    }
}
