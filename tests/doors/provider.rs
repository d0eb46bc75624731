//! Identity providers on this machine, and a wire from a known address to a service that chose its own.

use std::{
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
};

/// Where the scripts are that run in node.
pub fn scripts() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    assert!(folder.join("node_modules").exists(), "tests/browser/install puts there what these tests need");
    folder
}

/// A provider; ends with the test.
pub struct Provider {
    child: Child,
    /// Kept open: who writes to what nobody reads any more is ended.
    _said: BufReader<ChildStdout>,
    /// As it calls itself.
    pub issuer: String,
}

impl Provider {
    /// Runs a script that says its issuer in its first line.
    pub fn start(script: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new("node")
            .current_dir(scripts())
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs");
        let mut issuer = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut issuer).unwrap();
        assert!(issuer.starts_with("http://127.0.0.1:"), "{script} listens: {issuer:?}");
        Self { child, _said: said, issuer: issuer.trim().to_owned() }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// An address that is known before the service is: people's browsers are sent back to it.
pub struct Door {
    listener: TcpListener,
}

impl Door {
    pub fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").unwrap() }
    }

    /// As browsers write it.
    pub fn base(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// From now on it leads there.
    pub fn leads_to(self, address: &str) {
        let address = address.to_owned();
        thread::spawn(move || {
            for browser in self.listener.incoming().map_while(Result::ok) {
                let Ok(service) = TcpStream::connect(&address) else { continue };
                for (mut from, mut to) in
                    [(browser.try_clone().unwrap(), service.try_clone().unwrap()), (service, browser)]
                {
                    thread::spawn(move || {
                        let _passed = std::io::copy(&mut from, &mut to);
                        let _closed = to.shutdown(std::net::Shutdown::Write);
                    });
                }
            }
        });
    }
}
