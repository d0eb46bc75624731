//! The only room that knows actix: builds the service, runs it, and stops it so that nothing is lost.
//!
//! A request passes, from the outside in: the counters and the one line of log with its id, the headers,
//! compression, and the place where every error becomes a problem or a page. Handlers therefore only return
//! [`problem::ApiError`], and nothing decides a status anywhere else.

pub mod address;
pub mod api;
pub mod doors;
pub mod extract;
pub mod figures;
pub mod health;
mod issuing;
pub mod kept;
pub mod limits;
pub mod mail;
pub mod metrics;
pub mod office;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod routes;
pub mod security;
pub mod session;
pub mod site;
pub mod state;
mod submit;
pub mod tls;
mod used;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::{Server, ServerHandle},
    middleware::{Compress, from_fn},
    web::{Data, PayloadConfig},
};

use self::{
    state::{AppState, Parts},
    tls::{Certificate, TlsError},
};
use crate::{config::TlsFiles, intake::Intake};

/// How long an idle connection stays open.
const IDLE: Duration = Duration::from_mins(1);
/// How long a closing connection may take.
const GOODBYE: Duration = Duration::from_secs(3);
/// How long a client may take to agree on TLS: an old telephone on a slow network needs some seconds.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Seconds that requests under way have to end after the signal to stop. Who is slower sends the same key again; and
/// all of the stop fits into the five seconds that an operator waits.
const STOPPING: u64 = 3;

/// Why the service did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens there.
    #[error("{0} is taken by another program; stop it, or choose another address with --listen")]
    Taken(SocketAddr),
    /// The system does not let us listen there.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Mail is set up in a way that cannot work.
    #[error(transparent)]
    Mail(#[from] mail::MailError),
    /// The certificate or its key.
    #[error("TLS cannot be served: {0}")]
    Tls(#[from] TlsError),
    /// The counters could not be made.
    #[error("the counters could not be made")]
    Counters(#[from] prometheus::Error),
    /// The server ended by itself.
    #[error("the server ended")]
    Ended(#[source] io::Error),
}

/// A service that listens.
pub struct Service {
    server: Server,
    state: Data<AppState>,
    intake: Intake,
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
}

impl Service {
    /// Listens on an address (port 0: any that is free), with TLS where there is a certificate. Must be called within an
    /// actix system.
    ///
    /// # Errors
    /// Where the address is taken or refused, or the certificate cannot be used.
    pub fn bind(parts: Parts, listen: SocketAddr, tls: Option<&TlsFiles>) -> Result<Self, ServeError> {
        let certificate = tls.map(Certificate::open).transpose()?;
        let intake = parts.intake.clone();
        let workers = parts.settings.limits.workers.max(1);
        let limits = parts.settings.limits.clone();
        let patience = Duration::from_secs(limits.request_seconds.max(1));
        let state = Data::new(AppState::new(parts)?);
        let shared = state.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .app_data(PayloadConfig::new(limits.body_bytes))
                .configure(routes::all)
                .wrap(from_fn(problem::render::problems))
                .wrap(Compress::default())
                .wrap(from_fn(security::headers))
                .wrap(from_fn(metrics::observe))
        })
        .workers(workers)
        .client_request_timeout(patience)
        .client_disconnect_timeout(GOODBYE)
        .keep_alive(IDLE)
        .tls_handshake_timeout(HANDSHAKE)
        .shutdown_timeout(STOPPING)
        .shutdown_signal(told_to_stop());
        let server = match &certificate {
            Some(certificate) => server.bind_rustls_0_23(listen, certificate.config()?),
            None => server.bind(listen),
        };
        let server = server.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken(listen),
            _ => ServeError::Listen { address: listen, source },
        })?;
        let address = server.addrs().first().copied().unwrap_or(listen);
        Ok(Self { server: server.run(), state, intake, address, certificate })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handle that stops it.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until it is told to stop; then ends the requests under way, and returns when everything that was
    /// taken in is on disk.
    ///
    /// # Errors
    /// Where the server ended by itself.
    pub async fn run(self) -> Result<(), ServeError> {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        tracing::info!("SIPAS listens on {scheme}://{}", self.address);
        if let Some(certificate) = self.certificate {
            // Ends with the system.
            drop(actix_web::rt::spawn(certificate.keep_fresh()));
        }
        used::go_on(self.state.clone());
        let ended = self.server.await;
        used::note(&self.state).await;
        let intake = self.intake;
        // The writer's threads are joined on a thread that may block.
        let stopped = tokio::task::spawn_blocking(move || intake.stop()).await;
        tracing::info!(clean = stopped.is_ok(), "stopped; everything that was taken in is on disk");
        ended.map_err(ServeError::Ended)
    }
}

/// Serves on this thread until told to stop; `ready` is done once, when it listens.
///
/// # Errors
/// Where the address is taken or refused, or the server ended by itself.
pub fn serve(
    parts: Parts,
    listen: SocketAddr,
    tls: Option<&TlsFiles>,
    ready: impl FnOnce(),
) -> Result<(), ServeError> {
    actix_web::rt::System::new().block_on(async move {
        let service = Service::bind(parts, listen, tls)?;
        ready();
        service.run().await
    })
}

/// Resolves at the first SIGTERM or SIGINT. Listens for them from now on, before anybody is told that the service is
/// there: who stops it at once stops it as well as later.
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let both = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = both else {
            tracing::error!("signals cannot be received; stop the process with SIGKILL after its clients");
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: stopping"),
            _ = interrupt.recv() => tracing::info!("SIGINT: stopping"),
        }
    }
}
