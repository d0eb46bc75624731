//! So many connections, each sends its next request when it has the answer to the last, or at its own pace.

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What a citizen or a system sends.
#[derive(Clone)]
pub(crate) enum Way {
    /// JSON with a token.
    Token(String),
    /// JSON with the code of a receipt.
    Code,
    /// The filled page of a receipt, with the sealed time of its opening.
    Page(String),
}

/// Where requests go.
#[derive(Clone)]
pub(crate) struct Target {
    /// Connections are spread over these.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) unit: &'static str,
    pub(crate) way: Way,
    /// Codes to spend.
    pub(crate) codes: Arc<Mutex<Vec<String>>>,
    /// The processes that serve.
    pub(crate) pids: Vec<u32>,
}

impl Target {
    /// Processor time that the service has used so far, in microseconds.
    fn spent(&self) -> f64 {
        let of = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
            after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u32>().ok()).sum::<u32>()
        };
        // Linux counts in hundredths of a second here.
        self.pids.iter().map(|pid| f64::from(of(pid)) * 10_000.0).sum()
    }

    /// Memory that the service has in use, in megabytes.
    pub(crate) fn resident(&self) -> f64 {
        self.pids.iter().map(|pid| super::program::status_mb(*pid, "VmRSS")).sum()
    }
}

/// How a round is driven.
#[derive(Clone, Copy)]
pub(crate) struct Drive {
    pub(crate) connections: usize,
    pub(crate) length: Duration,
    /// Each connection begins a request so often; `None`: as soon as it has the answer to the last.
    pub(crate) every: Option<Duration>,
}

/// What one round gave.
#[derive(Default)]
pub(crate) struct Measured {
    took: Vec<f64>,
    seconds: f64,
    /// 503 with `Retry-After`.
    pub(crate) refused: usize,
    /// Any other answer, and broken connections.
    pub(crate) other: usize,
    spent: f64,
}

impl Measured {
    /// Processor time of the service for each answer, in microseconds.
    pub(crate) fn cost(&self) -> f64 {
        self.spent / float(self.took.len().max(1))
    }

    pub(crate) fn rate(&self) -> f64 {
        float(self.took.len()) / self.seconds
    }

    /// Requests a second, whatever became of them.
    pub(crate) fn offered(&self) -> f64 {
        float(self.took.len() + self.refused + self.other) / self.seconds
    }

    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let last = self.took.len().saturating_sub(1);
        self.took.get(last * percent / 100).copied().unwrap_or(f64::NAN)
    }
}

fn float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99) = (self.percentile(50), self.percentile(99));
        write!(
            f,
            "{:.0}/s, p50 {p50:.1} ms, p99 {p99:.1} ms, {:.0} us each, {} refused, {} other than thanks",
            self.rate(),
            self.cost(),
            self.refused,
            self.other
        )
    }
}

/// One round.
pub(crate) fn run(target: &Target, drive: Drive) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (begin, before) = (Instant::now(), target.spent());
        let people: Vec<_> = (0..drive.connections)
            .map(|number| tokio::spawn(one(target.clone(), drive, number, begin)))
            .collect();
        let mut all = Measured::default();
        for person in people {
            let mine = person.await.expect("a connection ends");
            all.took.extend(mine.took);
            all.refused += mine.refused;
            all.other += mine.other;
        }
        all.took.sort_by(f64::total_cmp);
        all.seconds = begin.elapsed().as_secs_f64();
        all.spent = target.spent() - before;
        all
    })
}

async fn one(target: Target, drive: Drive, number: usize, begin: Instant) -> Measured {
    let address = target.addresses[number % target.addresses.len()];
    let mut mine = Measured::default();
    let Ok(mut stream) = TcpStream::connect(address).await else {
        mine.other += 1;
        return mine;
    };
    stream.set_nodelay(true).expect("a socket option");
    let mut buffer = vec![0; 64 << 10];
    // Spread over the first interval, so that not all come at once.
    let mut next = drive.every.map(|every| begin + every.mul_f64(float(number) / float(drive.connections)));
    while begin.elapsed() < drive.length {
        if let (Some(at), Some(every)) = (next, drive.every) {
            tokio::time::sleep_until(at.into()).await;
            next = Some(at.max(Instant::now().checked_sub(every).unwrap_or(at)) + every);
        }
        let Some(request) = request(&target) else { break };
        let sent = Instant::now();
        if stream.write_all(&request).await.is_err() {
            mine.other += 1;
            return mine;
        }
        match answer(&mut stream, &mut buffer).await {
            Some((201 | 303, _)) => mine.took.push(sent.elapsed().as_secs_f64() * 1000.0),
            Some((503, true)) => mine.refused += 1,
            Some(_other) => mine.other += 1,
            None => {
                mine.other += 1;
                return mine;
            }
        }
    }
    mine
}

fn request(target: &Target) -> Option<Vec<u8>> {
    let levels: [u8; 6] = std::array::from_fn(|_| rand::random_range(1..=5));
    let key = uuid::Uuid::new_v4();
    let code = match &target.way {
        Way::Token(_) => None,
        Way::Code | Way::Page(_) => Some(target.codes.lock().ok()?.pop()?),
    };
    if let (Way::Page(start), Some(code)) = (&target.way, &code) {
        return Some(page(start, code, key, levels));
    }
    let mut body = serde_json::json!({
        "submission_key": key,
        "form": "one-stop-short", "version": 1, "unit": target.unit, "channel": "api", "language": "vi",
        "answers": {
            "general": levels[0], "access.ease": levels[1], "procedure.ease": levels[2],
            "official.attitude": levels[3], "result.delivery": levels[4], "feedback.handling": levels[5],
        },
    });
    if let Some(code) = code {
        body["channel"] = "receipt".into();
        body["receipt"] = code.into();
    }
    let authorization = match &target.way {
        Way::Token(token) if !token.is_empty() => format!("Authorization: Bearer {token}\r\n"),
        _ => String::new(),
    };
    Some(post("/api/v1/responses", "application/json", &authorization, &body.to_string()))
}

/// The same answers as a browser sends them.
fn page(start: &str, code: &str, key: uuid::Uuid, levels: [u8; 6]) -> Vec<u8> {
    let [general, access, procedure, official, result, feedback] = levels;
    let body = format!(
        "KEY={key}&FORM=one-stop-short&VERSION=1&START={start}&LANG=vi&general={general}&access.ease={access}\
         &procedure.ease={procedure}&official.attitude={official}&result.delivery={result}\
         &feedback.handling={feedback}&ASSISTED=no"
    );
    let browser = "Accept: text/html,application/xhtml+xml\r\nAccept-Language: vi-VN,vi;q=0.9\r\n\
                   Accept-Encoding: gzip, deflate, br\r\nSec-Fetch-Site: same-origin\r\n\
                   User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36\r\n";
    let path = format!("/r/{}", code.replace('-', ""));
    post(&path, "application/x-www-form-urlencoded", browser, &body)
}

fn post(path: &str, kind: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{more}Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Reads one answer to its end; its status, and whether it says when to come again.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Option<(u16, bool)> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.ok()?;
        if read == 0 {
            return None;
        }
        filled += read;
        let text = String::from_utf8_lossy(&buffer[..filled]);
        let Some(head) = text.find("\r\n\r\n") else { continue };
        let lines = || text[..head].lines().map(str::to_ascii_lowercase);
        let length = lines()
            .find_map(|line| line.strip_prefix("content-length:").map(str::to_owned))
            .and_then(|n| n.trim().parse::<usize>().ok())
            .unwrap_or(0);
        if filled >= head + 4 + length {
            let status = text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
            return Some((status, lines().any(|line| line.starts_with("retry-after:"))));
        }
    }
}
