//! TLS by the real binary, with a certificate authority that the test makes.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};

use crate::support::{
    database::PrivateDatabase,
    service::{TestService, sipas},
};

/// An authority that clients of the test believe.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
    /// Its certificate, as programs read it.
    pub(super) pem: String,
}

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Of another name than what it signs, or readers take that for signed by itself.
        params.distinguished_name.push(DnType::CommonName, "authority of a test");
        let key = KeyPair::generate().unwrap();
        let cert = params.self_signed(&key).unwrap();
        let (root, pem) = (cert.der().clone(), cert.pem());
        Self { issuer: Issuer::new(params, key), root, pem }
    }

    /// Writes a fresh certificate and key; its bytes.
    pub(super) fn write(&self, files: &Files) -> CertificateDer<'static> {
        let key = KeyPair::generate().unwrap();
        let names = ["localhost", "127.0.0.1", "sipas.example.vn"].map(str::to_owned).to_vec();
        let cert = CertificateParams::new(names).unwrap().signed_by(&key, &self.issuer).unwrap();
        fs::write(&files.cert, cert.pem() + &self.pem).unwrap();
        fs::write(&files.key, key.serialize_pem()).unwrap();
        cert.der().clone()
    }

    fn client(&self, protocols: &[&[u8]]) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Arc::new(config)
    }
}

/// Where a certificate and its key lie.
pub(super) struct Files {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

impl Files {
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { cert: folder.join("cert.pem"), key: folder.join("key.pem") }
    }

    fn options(&self) -> [String; 4] {
        let (cert, key) = (self.cert.display().to_string(), self.key.display().to_string());
        ["--tls-cert".to_owned(), cert, "--tls-key".to_owned(), key]
    }
}

struct Client(StreamOwned<ClientConnection, TcpStream>);

impl Client {
    fn connect(service: &TestService, config: Arc<ClientConfig>) -> Self {
        let stream = TcpStream::connect(port_of(service)).unwrap();
        let connection = ClientConnection::new(config, ServerName::try_from("localhost").unwrap()).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).expect("the certificate is believed");
        }
        Self(stream)
    }

    /// What the service showed.
    fn shown(&self) -> CertificateDer<'static> {
        self.0.conn.peer_certificates().unwrap()[0].clone().into_owned()
    }

    /// Asks on this connection, which stays.
    fn ask(&mut self, path: &str) -> String {
        self.0.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
        let mut all = Vec::new();
        let mut some = [0; 4096];
        loop {
            let read = self.0.read(&mut some).unwrap();
            assert!(read > 0, "the connection is kept");
            all.extend(&some[..read]);
            let text = String::from_utf8_lossy(&all);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if length.is_some_and(|length| body.len() >= length.parse::<usize>().unwrap()) {
                    return text.into_owned();
                }
            }
        }
    }
}

fn port_of(service: &TestService) -> String {
    service.address().trim_start_matches("https://").to_owned()
}

fn start(files: &Files, database: PrivateDatabase) -> TestService {
    let options = files.options();
    TestService::on(Arc::new(database), &options.each_ref().map(String::as_str))
}

#[test]
fn pages_and_forms_go_through_tls_and_a_renewed_certificate_is_taken_up_without_dropping_anybody() {
    let database = PrivateDatabase::new();
    let (authority, files) = (Authority::new(), Files::in_folder(database.folder.path()));
    let first = authority.write(&files);
    let service = start(&files, database);
    assert!(service.log().contains("SIPAS listens on https://127.0.0.1:"), "{}", service.log());
    let config = authority.client(&[]);
    let mut old = Client::connect(&service, Arc::clone(&config));
    assert_eq!(old.shown(), first);
    let answer = old.ask("/healthz");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age=31536000"),
        "its own address is https: {answer}"
    );

    let second = authority.write(&files);
    service.eventually("new connections begin with the new certificate", |service| {
        Client::connect(service, Arc::clone(&config)).shown() == second
    });
    assert!(old.ask("/healthz").starts_with("HTTP/1.1 200"), "who is connected stays connected");
    assert_eq!(old.shown(), first);

    // What cannot be used changes nothing, and is said.
    fs::write(&files.key, "no key").unwrap();
    service.eventually("the fault is said", |s| s.log().contains("the old certificate is served on"));
    assert!(service.log().contains("holds no private key"), "{}", service.log());
    assert_eq!(Client::connect(&service, Arc::clone(&config)).shown(), second);
    let third = authority.write(&files);
    service.eventually("a mended pair is taken up", |service| {
        Client::connect(service, Arc::clone(&config)).shown() == third
    });
    assert!(old.ask("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn browsers_sign_in_through_tls_with_a_cookie_that_is_bound_to_the_host() {
    let database = PrivateDatabase::new();
    let (authority, files) = (Authority::new(), Files::in_folder(database.folder.path()));
    authority.write(&files);
    let folder = database.folder.path().to_owned();
    fs::write(folder.join("ca.pem"), &authority.pem).unwrap();
    fs::write(folder.join("password"), format!("{}\n", super::PASSWORD)).unwrap();
    let service = start(&files, database);
    let both = Client::connect(&service, authority.client(&[b"h2", b"http/1.1"]));
    assert_eq!(both.0.conn.alpn_protocol(), Some(b"http/1.1".as_slice()), "one protocol, one reader of it");
    let password = folder.join("password").display().to_string();
    service.cli_ok(&[
        "account",
        "create",
        "--name",
        "lan",
        "--role",
        "analyst",
        "--password-file",
        &password,
    ]);
    let base = format!("https://{}", port_of(&service));
    let curl = |more: &[&str]| {
        let ran = Command::new("curl")
            .args(["-sS", "-i", "--cacert"])
            .arg(folder.join("ca.pem"))
            .args(more)
            .output();
        let ran = ran.expect("curl, as tests/run installs it");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    assert!(curl(&["--http2", &format!("{base}/")]).starts_with("HTTP/1.1 200"));
    let origin = format!("Origin: {base}");
    let fields = format!("name=lan&password={}", super::PASSWORD.replace(' ', "+"));
    let entered = curl(&["-H", &origin, "-d", &fields, &format!("{base}/sign-in")]);
    let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect(&entered);
    assert!(
        cookie.starts_with("__Host-sipas=") && cookie.trim_end().ends_with("SameSite=Lax; Secure"),
        "{cookie}"
    );
    let held = cookie.split(';').next().unwrap();
    assert!(curl(&["-b", held, &format!("{base}/office")]).starts_with("HTTP/1.1 200"));
    let plain =
        Command::new("curl").args(["-sS", &format!("http://{}/", port_of(&service))]).output().unwrap();
    assert!(!plain.status.success(), "nothing is answered in the clear");
}

#[test]
fn a_certificate_that_cannot_be_used_stops_the_start_with_what_to_do() {
    let database = PrivateDatabase::new();
    let authority = Authority::new();
    let (files, other) = (Files::in_folder(database.folder.path()), database.folder.path().join("other"));
    fs::create_dir(&other).unwrap();
    let other = Files::in_folder(&other);
    authority.write(&files);
    authority.write(&other);
    let refused = |cert: &Path, key: &Path, code: i32, words: &str| {
        let (cert, key) = (cert.display().to_string(), key.display().to_string());
        let options = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", &cert, "--tls-key", &key];
        let ran = sipas(&database, &options);
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(code), "{said}");
        assert!(said.lines().any(|line| line.starts_with("error: ") && line.contains(words)), "{said}");
    };
    refused(Path::new("/nowhere.pem"), &files.key, 3, "/nowhere.pem: cannot be read");
    refused(&files.cert, Path::new("/nowhere.pem"), 3, "/nowhere.pem: cannot be read");
    refused(&files.key, &files.key, 3, "holds no certificate in PEM");
    refused(&files.cert, &files.cert, 3, "holds no private key in PEM");
    refused(&files.cert, &other.key, 3, "is not the private key of the first certificate");
    refused(&files.cert, Path::new(""), 2, "is half of a pair; set tls-key too");
}
