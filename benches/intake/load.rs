//! Closed loop: so many connections, each sends its next request when it has the answer to the last.

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

/// Where requests go.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    /// Codes to spend; `None`: the `api` channel.
    pub(crate) codes: Option<Arc<Mutex<Vec<String>>>>,
    /// The process that serves, where it is one of its own.
    pub(crate) pid: Option<u32>,
}

impl Target {
    /// Processor time that the service has used so far, in microseconds.
    fn spent(&self) -> f64 {
        let stat = self.pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/stat")).ok());
        let ticks = stat.map_or(0, |stat| {
            let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
            after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u32>().ok()).sum()
        });
        // Linux counts in hundredths of a second here.
        f64::from(ticks) * 10_000.0
    }
}

/// What one round gave.
pub(crate) struct Measured {
    took: Vec<f64>,
    seconds: f64,
    pub(crate) other: usize,
    spent: f64,
}

impl Measured {
    /// Processor time of the service for each answer, in microseconds.
    pub(crate) fn cost(&self) -> f64 {
        self.spent / f64::from(u32::try_from(self.took.len().max(1)).unwrap_or(u32::MAX))
    }

    pub(crate) fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.took.len()).unwrap_or(u32::MAX)) / self.seconds
    }

    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let last = self.took.len().saturating_sub(1);
        self.took.get(last * percent / 100).copied().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99) = (self.percentile(50), self.percentile(99));
        write!(
            f,
            "{:.0}/s, p50 {p50:.1} ms, p99 {p99:.1} ms, {:.0} us each, {} other than 201",
            self.rate(),
            self.cost(),
            self.other
        )
    }
}

/// One round.
pub(crate) fn run(target: &Target, connections: usize, length: Duration) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (begin, before) = (Instant::now(), target.spent());
        let people: Vec<_> =
            (0..connections).map(|_| tokio::spawn(one(target.clone(), begin + length))).collect();
        let (mut took, mut other) = (Vec::new(), 0);
        for person in people {
            let (mine, refused) = person.await.expect("a connection ends");
            took.extend(mine);
            other += refused;
        }
        took.sort_by(f64::total_cmp);
        Measured { took, seconds: begin.elapsed().as_secs_f64(), other, spent: target.spent() - before }
    })
}

async fn one(target: Target, until: Instant) -> (Vec<f64>, usize) {
    let mut stream = TcpStream::connect(target.address).await.expect("the service listens");
    stream.set_nodelay(true).expect("a socket option");
    let (mut took, mut other) = (Vec::new(), 0);
    let mut buffer = vec![0; 8192];
    while Instant::now() < until {
        let Some(request) = request(&target) else { break };
        let sent = Instant::now();
        stream.write_all(&request).await.expect("the service takes requests");
        if answer(&mut stream, &mut buffer).await == 201 {
            took.push(sent.elapsed().as_secs_f64() * 1000.0);
        } else {
            other += 1;
        }
    }
    (took, other)
}

fn request(target: &Target) -> Option<Vec<u8>> {
    let code = match &target.codes {
        None => None,
        Some(codes) => Some(codes.lock().ok()?.pop()?),
    };
    let levels: [u8; 6] = std::array::from_fn(|_| rand::random_range(1..=5));
    let mut body = serde_json::json!({
        "submission_key": uuid::Uuid::new_v4(),
        "form": "one-stop-short", "version": 1, "unit": "tra-cu", "channel": "api", "language": "vi",
        "answers": {
            "general": levels[0], "access.ease": levels[1], "procedure.ease": levels[2],
            "official.attitude": levels[3], "result.delivery": levels[4], "feedback.handling": levels[5],
        },
    });
    if let Some(code) = code {
        body["channel"] = "receipt".into();
        body["receipt"] = code.into();
    }
    let body = body.to_string();
    let authorization = if target.token.is_empty() || target.codes.is_some() {
        String::new()
    } else {
        format!("Authorization: Bearer {}\r\n", target.token)
    };
    let head = format!(
        "POST /api/v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         {authorization}Content-Length: {}\r\n\r\n",
        body.len()
    );
    Some([head.into_bytes(), body.into_bytes()].concat())
}

/// Reads one answer to its end; its status.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> u16 {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("the service answers");
        assert!(read > 0, "the service closed the connection");
        filled += read;
        let text = String::from_utf8_lossy(&buffer[..filled]);
        let Some(head) = text.find("\r\n\r\n") else { continue };
        let length = text[..head]
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned))
            .and_then(|n| n.trim().parse::<usize>().ok())
            .unwrap_or(0);
        if filled >= head + 4 + length {
            return text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        }
    }
}
