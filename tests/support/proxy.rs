//! A wire between the service and its server, which is cut at the worst moment: a COMMIT has gone through, and its
//! answer has not come back.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

/// Listens as long as the test runs.
pub struct CuttingProxy {
    port: u16,
    wire: Arc<Wire>,
}

#[derive(Default)]
struct Wire {
    /// Commits whose answers are still to be lost.
    armed: AtomicUsize,
    /// Answers that were lost.
    lost: AtomicUsize,
}

impl CuttingProxy {
    /// Before a server on this machine.
    pub fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let wire = Arc::new(Wire::default());
        let shared = Arc::clone(&wire);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                connect(client, server, &shared);
            }
        });
        Self { port, wire }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The answer to one more COMMIT will be lost.
    pub fn arm(&self) {
        self.wire.armed.fetch_add(1, SeqCst);
    }

    pub fn lost(&self) -> usize {
        self.wire.lost.load(SeqCst)
    }
}

/// Passes bytes both ways.
fn connect(client: TcpStream, server: TcpStream, wire: &Arc<Wire>) {
    let (from_server, to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let committing = Arc::new(AtomicUsize::new(0));
    let (wire, doomed) = (Arc::clone(wire), Arc::clone(&committing));
    thread::spawn(move || {
        pass(client, server, |bytes| {
            let commits = bytes.windows(6).any(|word| word == b"COMMIT");
            if commits && take_one(&wire.armed) {
                doomed.store(1, SeqCst);
                wire.lost.fetch_add(1, SeqCst);
            }
            true
        });
    });
    // An answer after a doomed COMMIT has gone out is the server's word that it committed: nobody shall hear it.
    thread::spawn(move || pass(from_server, to_client, |_bytes| committing.load(SeqCst) == 0));
}

fn take_one(armed: &AtomicUsize) -> bool {
    armed.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok()
}

/// Until one end closes or `may_pass` says no; then both ends are closed.
fn pass(mut from: TcpStream, mut to: TcpStream, may_pass: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if !may_pass(&buffer[..count]) || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _closed = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
