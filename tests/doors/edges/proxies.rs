//! The proxies of `docs/operations.md`, as they stand there, before the real service: what they write down holds no code,
//! no answer and no address of a citizen.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use super::tls::{Authority, Files};
use crate::support::service::{TestService, a_submission};

/// The name that the snippets serve.
const NAME: &str = "sipas.example.vn";

/// A proxy with everything that it writes in a folder of its own.
struct Proxy {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Its workers go with it where it is asked, and stay where it is killed.
        let _asked = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ended = self.child.wait();
    }
}

/// The snippet of the manual in this language.
fn snippet(language: &str) -> String {
    let manual = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md")).unwrap();
    let (_, rest) = manual.split_once(&format!("```{language}\n")).expect("the manual has it");
    rest.split_once("```").unwrap().0.to_owned()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Replaces what must be there.
fn with(text: &str, pairs: &[(&str, String)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "the snippet has no {old}");
        text.replace(old, new)
    })
}

impl Proxy {
    fn start(make: impl Fn(&Path, &Files, u16) -> Command) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let (authority, files) = (Authority::new(), Files::in_folder(folder.path()));
        authority.write(&files);
        fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
        let said = fs::File::create(folder.path().join("said.log")).unwrap();
        let mut command = make(folder.path(), &files, port);
        command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(said.try_clone().unwrap())
            .stderr(said);
        let child = command.spawn().expect("the proxy is installed (tests/run does it)");
        let proxy = Self { child, folder, port };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(20), "{}", proxy.written());
            std::thread::sleep(Duration::from_millis(50));
        }
        proxy
    }

    fn nginx(service: &TestService) -> Self {
        Self::start(|folder, files, port| {
            let dir = folder.display();
            let site = with(
                &snippet("nginx"),
                &[
                    ("listen 443 ssl http2;", format!("listen 127.0.0.1:{port} ssl http2;")),
                    ("listen 80;", format!("listen 127.0.0.1:{};", free_port())),
                    ("/etc/ssl/sipas/cert.pem", files.cert.display().to_string()),
                    ("/etc/ssl/sipas/key.pem", files.key.display().to_string()),
                    ("127.0.0.1:8080", service.address().to_owned()),
                    ("/var/log/nginx/", format!("{dir}/")),
                ],
            );
            let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map(|what| format!("{what}_temp_path {dir}/{what};\n"))
                .concat();
            // As talkative as can be where the snippet says nothing.
            let whole = format!(
                "daemon off; user root; pid {dir}/pid; error_log {dir}/main.log info;\nevents {{}}\n\
                 http {{\naccess_log {dir}/all.log;\n{temporary}{site}}}\n"
            );
            fs::write(folder.join("nginx.conf"), whole).unwrap();
            let there = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"]
                .into_iter()
                .find(|path| Path::new(path).exists());
            let mut command = Command::new(there.unwrap_or("nginx"));
            command.arg("-p").arg(folder).args(["-c", "nginx.conf", "-e"]).arg(folder.join("main.log"));
            command
        })
    }

    fn caddy(service: &TestService) -> Self {
        Self::start(|folder, files, port| {
            let (cert, key) = (files.cert.display(), files.key.display());
            let site = with(
                &snippet("caddy"),
                &[
                    ("sipas.example.vn {", format!("https://{NAME}:{port} {{\n\ttls {cert} {key}")),
                    ("127.0.0.1:8080", service.address().to_owned()),
                ],
            );
            let site = site.replacen("{\n", "{\n\tadmin off\n\tauto_https disable_redirects\n", 1);
            fs::write(folder.join("Caddyfile"), site).unwrap();
            let mut command = Command::new("caddy");
            command.args(["run", "--adapter", "caddyfile", "--config", "Caddyfile"]);
            command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
            command
        })
    }

    fn curl(&self, path: &str, more: &[&str]) -> Output {
        let url = format!("https://{NAME}:{}{path}", self.port);
        Command::new("curl")
            // As one stream: over HTTP/2 Caddy ends one that was refused early with a fault that curl tells.
            .args(["-sS", "--http1.1", "--cacert"])
            .arg(self.folder.path().join("ca.pem"))
            .args(["--resolve", &format!("{NAME}:{}:127.0.0.1", self.port), "-w", "\n%{http_code}"])
            .args(["-H", "Accept: text/html", "-H", &format!("Origin: https://{NAME}")])
            .args(more)
            .arg(url)
            .output()
            .expect("curl, as tests/run installs it")
    }

    /// The status and the body of what curl is answered.
    fn ask(&self, path: &str, more: &[&str]) -> (u16, String) {
        let ran = self.curl(path, more);
        assert!(ran.status.success(), "{path}: {}", String::from_utf8_lossy(&ran.stderr));
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        let (body, status) = text.rsplit_once('\n').unwrap();
        (status.parse().unwrap(), body.to_owned())
    }

    /// True where this is refused before all of it was sent: with a 413, or with a line that closes on a sender who is
    /// still at it (curl's fault 55) where the answer is overtaken by that.
    fn refuses_in_the_middle(&self, path: &str, more: &[&str]) -> bool {
        let ran = self.curl(path, more);
        ran.status.code() == Some(55) || String::from_utf8_lossy(&ran.stdout).ends_with("\n413")
    }

    fn status(&self, path: &str, more: &[&str]) -> u16 {
        self.ask(path, more).0
    }

    /// Everything that it wrote, but what the test gave it.
    fn written(&self) -> String {
        let given = ["nginx.conf", "Caddyfile", "cert.pem", "key.pem", "ca.pem"];
        let mut open = vec![self.folder.path().to_owned()];
        let mut all = String::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if !given.iter().any(|name| path.ends_with(name)) {
                    all.push_str(&path.display().to_string());
                    all.push_str(":\n");
                    all.push_str(&String::from_utf8_lossy(&fs::read(&path).unwrap()));
                    all.push('\n');
                }
            }
        }
        all
    }
}

fn service() -> TestService {
    let service = TestService::start_with(&[
        "--trusted-proxy",
        "127.0.0.1",
        "--public-url",
        &format!("https://{NAME}"),
    ]);
    service
        .import("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã,2020-01-01,,");
    service
}

/// What nobody may find anywhere afterwards.
const COMMENT: &str = "bí mật của tôi";

const AS_JSON: [&str; 3] = ["-H", "Content-Type: application/json", "--data-binary"];

/// People answer through a proxy, in every way and with every mishap; then its files are searched.
fn assert_discreet(mut service: TestService, proxy: &Proxy, logs_offices: bool) {
    let codes = service.receipts("tra-cu", 4);
    answer_in_every_way(proxy, &codes);
    meet_mishaps(proxy, &codes);
    // The service is gone: that is when proxies tell the most.
    service.stop();
    assert_eq!(proxy.status(&format!("/r/{}", codes[3]), &[]), 502);
    assert_eq!(send(proxy, &answer(&codes[3]).to_string()), 502);
    assert_nothing_is_written(&service, proxy, &codes, logs_offices);
}

fn answer(code: &str) -> serde_json::Value {
    let mut body = a_submission("tra-cu", [1, 2, 3, 4, 5, 1]);
    body["channel"] = "receipt".into();
    body["receipt"] = code.into();
    body["answers"]["comment"] = COMMENT.into();
    body
}

/// Lays something into a file that is not searched, as curl reads it.
fn in_a_file(proxy: &Proxy, text: &str) -> String {
    let file = proxy.folder.path().join("key.pem");
    fs::write(&file, text).unwrap();
    format!("@{}", file.display())
}

fn send(proxy: &Proxy, body: &str) -> u16 {
    let file = in_a_file(proxy, body);
    proxy.status("/api/v1/responses", &[&AS_JSON[..], &[&file]].concat())
}

fn answer_in_every_way(proxy: &Proxy, codes: &[String]) {
    assert_eq!(proxy.status(&format!("/r/{}?lang=km", codes[0]), &[]), 200);
    assert_eq!(proxy.status(&format!("/R/{}", codes[0].replace('-', "")), &[]), 200);
    assert_eq!(proxy.status(&format!("/api/v1/receipts/{}/qr.svg", codes[0]), &[]), 200);
    assert_eq!(send(proxy, &answer(&codes[0]).to_string()), 201);
    // On the page, as a browser does.
    let (status, page) = proxy.ask(&format!("/r/{}", codes[1]), &[]);
    assert_eq!(status, 200);
    let mut fields: Vec<String> = Vec::new();
    for (name, value) in crate::journeys::receipt::hidden(&page) {
        fields.extend(["--data-urlencode".to_owned(), format!("{name}={value}")]);
    }
    fields.extend(["--data-urlencode".to_owned(), "access.ease=4".to_owned()]);
    fields.extend(["--data-urlencode".to_owned(), format!("comment={COMMENT}")]);
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    assert_eq!(proxy.status(&format!("/r/{}", codes[1]), &fields), 303);
}

/// A fault, a code that is not there, far too much, a method that is not there, a broken address, a forged header.
fn meet_mishaps(proxy: &Proxy, codes: &[String]) {
    let path = format!("/r/{}", codes[2]);
    assert_eq!(send(proxy, &format!("{{\"comment\":\"{COMMENT}\"")), 400);
    assert_eq!(proxy.status("/r/7K3M9Q2X4HW", &[]), 404);
    let much = in_a_file(proxy, &COMMENT.repeat(60_000));
    assert!(proxy.refuses_in_the_middle(&path, &["--data-binary", &much]));
    assert_eq!(proxy.status(&path, &["-X", "DELETE"]), 405);
    assert!(matches!(proxy.status(&format!("{path}%00"), &[]), 400 | 404));
    // Metrics are for the inside; the offices are let through.
    assert_eq!((proxy.status("/metrics", &[]), proxy.status("/readyz", &[])), (403, 403));
    assert_eq!(proxy.status("/office", &["-b", "a=b"]), 303);
    // The proxy says whom it asks for: a forged header changes nothing.
    let forged = ["-H", "X-Forwarded-For: 198.51.100.77", "-H", "Forwarded: for=198.51.100.77"];
    assert_eq!(proxy.status(&path, &forged), 200);
}

fn assert_nothing_is_written(service: &TestService, proxy: &Proxy, codes: &[String], logs_offices: bool) {
    let written = proxy.written();
    assert!(!logs_offices || written.contains("/office"), "who uses the offices is logged:\n{written}");
    let mut secrets: Vec<String> =
        codes.iter().flat_map(|code| [code.clone(), code.replace('-', "")]).collect();
    secrets
        .extend(["7K3M9Q2X4HW", "bí mật", "access.ease", "/r/", "/R/", "198.51.100.77"].map(str::to_owned));
    for secret in secrets {
        assert!(!written.contains(&secret), "the proxy wrote {secret} down:\n{written}");
    }
    let log = service.log();
    for secret in codes.iter().map(String::as_str).chain(["bí mật", "198.51.100.77"]) {
        assert!(!log.contains(secret), "{secret} stands in the log:\n{log}");
    }
}

#[test]
fn nginx_as_the_manual_has_it_writes_no_code_no_answer_and_no_address_of_a_citizen_down() {
    let service = service();
    let proxy = Proxy::nginx(&service);
    assert_discreet(service, &proxy, true);
}

#[test]
fn caddy_as_the_manual_has_it_writes_no_code_no_answer_and_no_address_of_a_citizen_down() {
    let service = service();
    let proxy = Proxy::caddy(&service);
    assert_discreet(service, &proxy, false);
}
