//! Bytes as they are, for what no client library would send.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Shutdown, TcpStream},
    time::Duration,
};

/// How long a connection that stays open is waited for.
const WAIT: Duration = Duration::from_millis(1500);

/// What came back, and whether the service then closed the connection.
pub struct Said {
    pub text: String,
    pub closed: bool,
}

impl Said {
    /// The status of every answer on the connection.
    pub fn statuses(&self) -> Vec<u16> {
        let lines = self.text.split("HTTP/1.1 ").skip(1);
        lines.map(|line| line.get(..3).and_then(|status| status.parse().ok()).unwrap()).collect()
    }
}

/// Sends bytes, and reads until the service closes or falls silent.
pub fn talk(address: &str, bytes: &[u8]) -> Said {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(WAIT)).unwrap();
    // Who closes early does not read to the end.
    let _cut = stream.write_all(bytes);
    let (mut all, mut some) = (Vec::new(), [0; 8192]);
    let closed = loop {
        match stream.read(&mut some) {
            Ok(0) => break true,
            Ok(read) => all.extend(&some[..read]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break false,
            Err(_reset) => break true,
        }
    };
    let _closed = stream.shutdown(Shutdown::Both);
    Said { text: String::from_utf8_lossy(&all).into_owned(), closed }
}
