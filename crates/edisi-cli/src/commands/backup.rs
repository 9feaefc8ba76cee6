//! `edisi backup` and `edisi restore`

use edisi_server::serve::{database_in, is_running, make_folder};
use edisi_store::{BackupSummary, Store};

use super::newsroom::runtime;
use super::print;
use crate::args::{Backup, Place, Restore};
use crate::failure::{Code, Failure};

pub fn write(args: &Backup) -> Result<(), Failure> {
    let place = &args.place;
    if place.database.is_none() && !place.data.join("edisi.db").is_file() {
        let message = format!(
            "there is no newsroom in {}; name its folder with --data, or its database with --database",
            place.data.display()
        );
        return Err(Failure::new(Code::Input, message));
    }
    runtime()?.block_on(async {
        let store = Store::open(&database(place)).await?;
        let summary = store.backup(&args.output).await?;
        store.close().await;
        said(&summary, args.json)
    })
}

pub fn restore(args: &Restore) -> Result<(), Failure> {
    let place = &args.place;
    if place.database.is_none() {
        make_folder(&place.data)?;
        if is_running(&place.data) {
            let message = format!(
                "a newsroom runs on {}; a backup is restored into a new one: name another folder with --data",
                place.data.display()
            );
            return Err(Failure::new(Code::Input, message));
        }
    }
    runtime()?.block_on(async {
        let store = Store::open(&database(place)).await?;
        let summary = store.restore(&args.file).await?;
        store.close().await;
        said(&summary, args.json)
    })
}

fn database(place: &Place) -> String {
    place.database.clone().unwrap_or_else(|| database_in(&place.data))
}

fn said(summary: &BackupSummary, json: bool) -> Result<(), Failure> {
    if json {
        return print(&format!("{}\n", serde_json::json!(summary)));
    }
    let rows: Vec<String> = summary
        .rows
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|(table, rows)| format!("{rows} {table}"))
        .collect();
    print(&format!("schema {}: {}\n", summary.schema, rows.join(", ")))
}
