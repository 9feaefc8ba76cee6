//! A newsroom with an engine that knows a few sentences by heart, for tests of everything around the engine: what a
//! browser sees, and what is left after the program was killed.
//!
//! `edisi-rehearsal DATA ADDRESS [DELAY_MS [LOG]]`: each sentence takes so long, and is written into the log before it is
//! handed over. What it does not know it gives back with the language in front. Stops when standard input ends.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use edisi_edition::Router;
use edisi_server::testing::Parrot;
use edisi_server::{Options, serve};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let data = PathBuf::from(args.next().ok_or("name a folder")?);
    let listen = args.next().ok_or("name an address")?;
    let delay = Duration::from_millis(args.next().map_or(Ok(0), |ms| ms.parse())?);
    let log = args.next().map(|path| File::options().create(true).append(true).open(path)).transpose()?;
    let router = Router::new(vec![Arc::new(Parrot::new(delay, log))]);
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let options = Options { listen, data, database: None, router, private_addresses: true };
    let runtime = tokio::runtime::Runtime::new()?;
    let stop = async {
        // Whoever started this ends it by closing the pipe, or by ending itself.
        let read = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let _ = read.await;
    };
    runtime.block_on(serve(options, stop, |on| {
        println!("{}", on.url);
        if let Some(setup) = &on.setup {
            println!("{setup}");
        }
    }))?;
    Ok(())
}
