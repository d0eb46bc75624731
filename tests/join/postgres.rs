//! What PostgreSQL's rows and log tell: the transaction of every row, living or dead, and what each transaction did.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, connection::SimpleConnection as _};
use sipas::config::DatabaseUrl;

use super::dump::{Comment, Event, Hash, Receipt, try_ask};

/// The server's log from a moment on, held back from being recycled as long as this lives.
pub struct Archive {
    /// A slot that ends with this connection holds the log.
    _held: PgConnection,
    from: String,
}

#[derive(diesel::QueryableByName)]
struct Position {
    #[diesel(sql_type = diesel::sql_types::Text)]
    at: String,
}

impl Archive {
    /// Begins to keep the log.
    ///
    /// # Errors
    /// Why this server does not let it.
    pub fn begin(url: &str) -> Result<Self, String> {
        let mut held = PgConnection::establish(url).map_err(|error| error.to_string())?;
        let slot = format!("join_{:x}", rand::random::<u64>());
        held.batch_execute(&format!(
            "CREATE EXTENSION IF NOT EXISTS pg_walinspect; CREATE EXTENSION IF NOT EXISTS pageinspect; \
             SELECT pg_create_physical_replication_slot('{slot}', true, true);"
        ))
        .map_err(|error| error.to_string())?;
        let now: Position = diesel::sql_query("SELECT pg_current_wal_lsn()::text AS at")
            .get_result(&mut held)
            .map_err(|error| error.to_string())?;
        Ok(Self { _held: held, from: now.at })
    }

    /// What happened, from the log.
    pub fn events(
        &self,
        url: &DatabaseUrl,
        receipts: &[Receipt],
        comments: &[Comment],
    ) -> Result<Vec<Event>, String> {
        let query = format!(
            "SELECT xid, record_type, record_length - fpi_length, description, block_ref \
             FROM pg_get_wal_records_info('{}', pg_current_wal_flush_lsn()) \
             WHERE resource_manager = 'Heap' AND block_ref LIKE '%/' || \
               (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || \
               pg_relation_filenode('inbox') || ' %'",
            self.from
        );
        let records = try_ask(url, &query)?;
        Ok(of_records(&records, receipts, comments))
    }
}

fn of_records(records: &[Vec<String>], receipts: &[Receipt], comments: &[Comment]) -> Vec<Event> {
    let codes = by_transaction(receipts);
    // The transaction that put a row there, by the row's place.
    let mut placed: HashMap<(String, String), u64> = HashMap::new();
    let mut events = Vec::new();
    let mut told: BTreeSet<(u64, String)> = BTreeSet::new();
    for record in records {
        let [xid, kind, length, description, block] = record.as_slice() else { panic!("{record:?}") };
        let xid: u64 = xid.parse().unwrap();
        let offset = description.split_whitespace().nth(1).unwrap_or_default();
        let place = (block.clone(), offset.to_owned());
        if kind.starts_with("INSERT") {
            placed.insert(place, xid);
            let length: usize = length.parse().unwrap();
            let mine = codes.get(&xid).map_or(&[][..], Vec::as_slice);
            // Where several came at once, nothing tells whose row this is.
            let [code] = mine else {
                if told.insert((xid, String::new())) {
                    events.extend(mine.iter().map(|c| Event::Used { code: c.hash.clone(), sealed: None }));
                }
                continue;
            };
            events.push(Event::Used { code: code.hash.clone(), sealed: Some(length) });
        } else if kind.starts_with("DELETE") {
            let Some(code) = placed.get(&place).and_then(|put| codes.get(put)).and_then(|c| c.first()) else {
                continue;
            };
            if told.insert((xid, code.unit.clone())) {
                events.push(folded(&code.unit, xid, comments));
            }
        }
    }
    events
}

fn by_transaction(receipts: &[Receipt]) -> BTreeMap<u64, Vec<&Receipt>> {
    let mut codes: BTreeMap<u64, Vec<&Receipt>> = BTreeMap::new();
    for receipt in receipts.iter().filter(|r| r.used) {
        codes.entry(receipt.transaction).or_default().push(receipt);
    }
    codes
}

fn folded(unit: &str, xid: u64, comments: &[Comment]) -> Event {
    let mine = comments.iter().filter(|c| c.transaction == xid && c.unit == unit);
    Event::Folded { unit: unit.to_owned(), comments: mine.map(|c| c.id.clone()).collect() }
}

/// What happened, from the transaction numbers of rows: living receipts and comments, and the dead rows of the inbox
/// that the heap still holds (its number for the coming and for the going of each).
pub fn of_rows(url: &DatabaseUrl, receipts: &[Receipt], comments: &[Comment]) -> Vec<Event> {
    let codes = by_transaction(receipts);
    let mut folds: BTreeSet<(u64, String)> =
        comments.iter().map(|comment| (comment.transaction, comment.unit.clone())).collect();
    for (came, went) in dead_rows(url) {
        let unit = codes.get(&came).and_then(|mine| mine.first()).map(|code| code.unit.clone());
        folds.extend(unit.map(|unit| (went, unit)));
    }
    let uses = codes.iter().flat_map(|(xid, mine)| mine.iter().map(|code| (*xid, used(&code.hash))));
    let folds = folds.into_iter().map(|(xid, unit)| (xid, folded(&unit, xid, comments)));
    let mut all: Vec<(u64, Event)> = uses.chain(folds).collect();
    all.sort_by_key(|(xid, _)| *xid);
    all.into_iter().map(|(_, event)| event).collect()
}

fn used(code: &Hash) -> Event {
    Event::Used { code: code.clone(), sealed: None }
}

/// Dead rows of the inbox: which transaction made and which one deleted them.
fn dead_rows(url: &DatabaseUrl) -> Vec<(u64, u64)> {
    let query = "SELECT t_xmin, t_xmax FROM generate_series(0, pg_relation_size('inbox') / 8192 - 1) AS page, \
                 heap_page_items(get_raw_page('inbox', page::int)) WHERE t_xmax IS NOT NULL AND t_xmax <> '0'";
    let rows = try_ask(url, query).unwrap_or_default();
    rows.iter().map(|row| (row[0].parse().unwrap(), row[1].parse().unwrap())).collect()
}
