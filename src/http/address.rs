//! Whom a request comes from, where proxies stand between: for limits alone, never logged, never kept.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::IpAddr,
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName},
    web::Data,
};
use ipnet::IpNet;

use super::state::AppState;

/// The proxies that may say whom they ask for; by default nobody is believed.
#[derive(Debug, Clone, Default)]
pub struct Forwarded(Arc<[IpNet]>);

impl Forwarded {
    /// Proxies in these networks are believed.
    #[must_use]
    pub fn by(proxies: &[IpNet]) -> Self {
        Self(proxies.into())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }

    /// The client's address. Each proxy appends whom it was asked by, so the list is read from the right, as long as
    /// who wrote an entry is trusted: what stands further left anybody can have sent.
    ///
    /// `Forwarded` (RFC 7239) is read as `X-Forwarded-For` is. A proxy sets one of them and may pass the other on as the
    /// client sent it: where both are there and do not agree, neither is believed.
    #[must_use]
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let walked = |entries: Vec<Option<IpAddr>>| self.walk(peer, entries);
        let old = list(request, &header::X_FORWARDED_FOR, plain).map(walked);
        let new = list(request, &header::FORWARDED, pairs).map(walked);
        match (old, new) {
            (Some(old), Some(new)) => Some(if old == new { old } else { peer }),
            (one, other) => one.or(other).or(Some(peer)),
        }
    }

    fn walk(&self, peer: IpAddr, entries: Vec<Option<IpAddr>>) -> IpAddr {
        let mut client = peer;
        for entry in entries.into_iter().rev() {
            match entry {
                Some(address) if self.trusts(client) => client = address,
                // Written by somebody who is not trusted, or no address: the last one that is sure.
                _ => break,
            }
        }
        client
    }
}

/// The entries of a header from left to right, where it is there at all; its lines are one list.
fn list(
    request: &HttpRequest,
    name: &HeaderName,
    read: fn(&str) -> Option<IpAddr>,
) -> Option<Vec<Option<IpAddr>>> {
    let mut entries = Vec::new();
    for line in request.headers().get_all(name) {
        match line.to_str() {
            Ok(text) => entries.extend(text.split(',').map(|entry| read(entry.trim()))),
            Err(_not_text) => entries.push(None),
        }
    }
    (!entries.is_empty()).then_some(entries)
}

/// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`.
fn plain(entry: &str) -> Option<IpAddr> {
    if let Ok(address) = entry.parse() {
        return Some(address);
    }
    match entry.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.0.parse().ok(),
        None => entry.split_once(':')?.0.parse().ok(),
    }
}

/// `for="[2001:db8::7]:4711";proto=https`
fn pairs(entry: &str) -> Option<IpAddr> {
    let mut pairs = entry.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    plain(node.trim_matches('"'))
}

/// A neighbourhood of addresses: /24 of IPv4, /48 of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Prefix([u8; 6]);

impl FromRequest for Prefix {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>();
        ready(Ok(state.map_or(Self([0; 6]), |state| Self::of(request, &state.settings.forwarded))))
    }
}

impl Prefix {
    /// The neighbourhood that a request comes from.
    #[must_use]
    pub fn of(request: &HttpRequest, forwarded: &Forwarded) -> Self {
        forwarded.client(request).map_or(Self([0; 6]), Self::around)
    }

    pub(super) fn around(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self([4, a, b, c, 0, 0])
            }
            IpAddr::V6(v6) => {
                let bytes = v6.octets();
                Self(bytes.first_chunk().copied().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client(trusted: &[&str], peer: &str, headers: &[(&str, &str)]) -> String {
        let nets: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let request = headers.iter().fold(TestRequest::get(), |r, h| r.append_header(*h));
        let request = request.peer_addr(format!("{peer}:9").parse().unwrap()).to_http_request();
        Forwarded::by(&nets).client(&request).unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_peer_says_whom_it_asks_for() {
        let header = [("x-forwarded-for", "198.51.100.1")];
        assert_eq!(client(&[], "127.0.0.1", &header), "127.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "127.0.0.1", &header), "127.0.0.1");
        assert_eq!(client(&["127.0.0.1/32"], "127.0.0.1", &header), "198.51.100.1");
        assert_eq!(client(&["127.0.0.1/32"], "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn the_list_is_read_from_the_right_past_proxies_of_ours() {
        let ours = ["127.0.0.1/32", "10.0.0.0/8", "2001:db8:1::/48"];
        let from = |list: &str| client(&ours, "127.0.0.1", &[("x-forwarded-for", list)]);
        assert_eq!(from("192.0.2.66, 198.51.100.1"), "198.51.100.1", "the left is the client's own word");
        assert_eq!(from("192.0.2.66, 198.51.100.1, 10.1.1.1"), "198.51.100.1");
        assert_eq!(from("198.51.100.1:4711, [2001:db8:1::5]:80"), "198.51.100.1");
        assert_eq!(
            from("192.0.2.66, unknown, 10.1.1.1"),
            "10.1.1.1",
            "no address: the last one that is sure"
        );
        assert_eq!(from("10.2.2.2, 10.1.1.1"), "10.2.2.2");
        assert_eq!(from(""), "127.0.0.1");
        let lines = [("x-forwarded-for", "192.0.2.66"), ("x-forwarded-for", "198.51.100.1")];
        assert_eq!(client(&ours, "127.0.0.1", &lines), "198.51.100.1", "lines are one list");
    }

    #[test]
    fn the_newer_header_is_read_the_same_way_and_two_that_differ_are_not_believed() {
        let ours = ["127.0.0.1/32"];
        let new = |value: &str| client(&ours, "127.0.0.1", &[("forwarded", value)]);
        assert_eq!(new("for=192.0.2.66, For=\"[2001:db8::7]:4711\";proto=https"), "2001:db8::7");
        assert_eq!(new("for=_hidden"), "127.0.0.1");
        assert_eq!(new("proto=https"), "127.0.0.1");
        let both = |old: &str, new: &str| {
            client(&ours, "127.0.0.1", &[("x-forwarded-for", old), ("forwarded", new)])
        };
        assert_eq!(both("198.51.100.1", "for=198.51.100.1"), "198.51.100.1");
        assert_eq!(both("198.51.100.1", "for=192.0.2.66"), "127.0.0.1");
    }

    #[test]
    fn neighbours_share_a_prefix() {
        assert_eq!(Prefix::around([203, 0, 113, 7].into()), Prefix::around([203, 0, 113, 250].into()));
        let mapped: IpAddr = "::ffff:203.0.113.9".parse().unwrap();
        assert_eq!(Prefix::around([203, 0, 113, 7].into()), Prefix::around(mapped));
        let (a, b): (IpAddr, IpAddr) =
            ("2001:db8:1:2::1".parse().unwrap(), "2001:db8:1:ffff::2".parse().unwrap());
        assert_eq!(Prefix::around(a), Prefix::around(b));
    }
}
