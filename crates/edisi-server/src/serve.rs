//! Puts the parts together and listens.

use std::fs::{File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router as Routes;
use edisi_edition::Router;
use edisi_store::{Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;

use crate::newsroom::{Newsroom, NewsroomError};
use crate::state::App;
use crate::worker::{Work, Workers};
use crate::{api, auth, desk, site};

/// How long open connections have to end after the program was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How the newsroom is run.
pub struct Options {
    /// Where to listen: `127.0.0.1:8080`.
    pub listen: String,
    /// The folder everything is in.
    pub data: PathBuf,
    /// The database; `DATA/edisi.db` when `None`.
    pub database: Option<String>,
    /// The engines.
    pub router: Router,
    /// Whether webhooks, hubs and sources may be on private addresses.
    pub private_addresses: bool,
}

/// What people need to know of a server that is listening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Where.
    pub address: SocketAddr,
    /// The site: `http://127.0.0.1:8080/`.
    pub url: String,
    /// Where the first administrator is made; `None` when there is one.
    pub setup: Option<String>,
}

/// Why the newsroom cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The folder cannot be used.
    #[error("cannot use the folder {}: {source}; name another with --data", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server has the folder.
    #[error("another edisi serves {}; stop it, or name another folder with --data", .0.display())]
    Busy(PathBuf),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; name another address with --listen")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something the newsroom keeps cannot be used.
    #[error(transparent)]
    Newsroom(#[from] NewsroomError),
    /// A part of the pages cannot be used: a template of the operator's own.
    #[error("{0}")]
    Pages(String),
    /// Connections cannot be accepted any more.
    #[error("the server ended: {0}")]
    Ended(#[source] io::Error),
}

/// The address of the database of a folder.
pub fn database_in(data: &Path) -> String {
    format!("sqlite:{}", data.join("edisi.db").display())
}

/// Makes a folder of a newsroom where there is none, for its owner's eyes only.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(data: &Path) -> Result<(), ServeError> {
    let fail = |source| ServeError::Folder { path: data.to_owned(), source };
    if data.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(fail)
}

/// Runs a newsroom until `stop` is done. `ready` hears where it listens.
///
/// # Errors
/// When it cannot begin; see [`ServeError`].
pub async fn serve(
    options: Options,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(&Listening),
) -> Result<(), ServeError> {
    make_folder(&options.data)?;
    let _lock = wait_for_lock(&options.data).await?;
    let database = options.database.clone().unwrap_or_else(|| database_in(&options.data));
    let site = site::Site::open(&options.data).map_err(|e| ServeError::Pages(e.to_string()))?;
    let store = Store::open(&database).await?;
    if database.starts_with("sqlite:") {
        // Nobody else has this database: what is marked as running ran in a program that is no more.
        store.release_all().await?;
    }
    let newsroom = Newsroom::open(store, options.router, &options.data).await?;
    let fail = |source| ServeError::Listen { address: options.listen.clone(), source };
    let listener = TcpListener::bind(&options.listen).await.map_err(fail)?;
    let address = listener.local_addr().map_err(fail)?;
    let local_url = format!("http://{address}");
    let secure = newsroom.settings().base_url.starts_with("https://");
    let app = App {
        newsroom: newsroom.clone(),
        data: Arc::new(options.data.clone()),
        local_url: local_url.as_str().into(),
        secure,
    };
    let work = Work { local_url: local_url.clone(), private_addresses: options.private_addresses };
    let setup = auth::setup::link(&app).await?;
    let workers = Workers::start(&newsroom, &work);
    let api = Arc::new(api::Api::new(&newsroom, &options.data, options.private_addresses));
    let routes = routes(app, site, api).into_make_service_with_connect_info::<SocketAddr>();
    ready(&Listening { address, url: format!("{local_url}/"), setup });

    let stopping = Arc::new(Notify::new());
    let asked = Arc::clone(&stopping);
    let served = axum::serve(listener, routes).with_graceful_shutdown(async move {
        stop.await;
        asked.notify_one();
    });
    // Connections that never end (a page that watches the desk) are not waited for for ever.
    let ended = tokio::select! {
        ended = async { served.await } => ended.map_err(ServeError::Ended),
        () = async { stopping.notified().await; tokio::time::sleep(GRACE).await } => Ok(()),
    };
    workers.stop().await;
    ended
}

/// All routes.
fn routes(app: App, site: site::Site, api: Arc<api::Api>) -> Routes {
    site::routes(Arc::new(site))
        .merge(api::routes(api))
        .merge(desk::routes(&app))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// Takes the lock, also when somebody is just looking whether it is taken.
async fn wait_for_lock(data: &Path) -> Result<File, ServeError> {
    for _ in 0..10 {
        match lock(data) {
            Err(ServeError::Busy(_)) => tokio::time::sleep(Duration::from_millis(100)).await,
            done => return done,
        }
    }
    lock(data)
}

/// Whether a newsroom runs on a folder, in this process or another.
pub fn is_running(data: &Path) -> bool {
    matches!(lock(data), Err(ServeError::Busy(_)))
}

fn lock(data: &Path) -> Result<File, ServeError> {
    let path = data.join("edisi.lock");
    let fail = |source| ServeError::Folder { path: data.to_owned(), source };
    let file = File::options().create(true).append(true).open(&path).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServeError::Busy(data.to_owned())),
        Err(TryLockError::Error(source)) => Err(fail(source)),
    }
}
