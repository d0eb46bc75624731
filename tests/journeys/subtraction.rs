//! No table with posters, less the same without them or of them alone, gives away what is hidden: for the public and
//! for a token alike.

use std::{collections::BTreeMap, sync::Arc};

use super::Table;
use crate::support::{
    database::PrivateDatabase,
    service::{TestService, sipas},
};

/// Unit, form, node and whether it is a sum; the figures of it by posters and period: respondents and satisfied
/// answers, `None` where hidden.
type Figures = BTreeMap<(String, String, String), BTreeMap<(String, String), Option<[i64; 2]>>>;

fn read(figures: &mut Figures, service: &TestService, token: &str, query: &str) {
    let path = format!("/api/v1/scores.csv?{query}");
    let answer = if token.is_empty() { service.get(&path) } else { service.get_as(token, &path) };
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    for row in Table::read(&answer.bytes).rows(&[]) {
        let cell = (row["unit"].clone(), row["form"].clone(), row["node"].clone());
        let number = |name: &str| row[name].parse::<i64>().ok();
        let numbers = number("level_4").zip(number("level_5")).zip(number("respondents"));
        let numbers = numbers.map(|((four, five), people)| [people, four + five]);
        let place = (row["posters"].clone(), row["period"].clone());
        let before = figures.entry(cell.clone()).or_default().insert(place.clone(), numbers);
        assert!(before.is_none_or(|before| before == numbers), "{cell:?} {place:?}: shown in one table only");
    }
}

/// Hidden figures that the other two choices of posters give away.
fn given_away(places: &BTreeMap<(String, String), Option<[i64; 2]>>) -> Vec<String> {
    let mut found = Vec::new();
    let shown =
        |posters: &str, period: &str| places.get(&(posters.to_owned(), period.to_owned())).copied().flatten();
    for ((posters, period), _) in places.iter().filter(|(_, numbers)| numbers.is_none()) {
        let others: [&str; 2] = match posters.as_str() {
            "with" => ["without", "only"],
            "without" => ["with", "only"],
            _ => ["with", "without"],
        };
        if others.iter().all(|other| shown(other, period).is_some()) {
            found.push(format!("{posters} {period} by posters"));
        }
    }
    found
}

#[test]
fn posters_give_no_hidden_figure_away() {
    let database = Arc::new(PrivateDatabase::new());
    let made = ["demo", "--no-serve", "--responses", "2500", "--seed", "3", "--until", "2026-11-24"];
    assert!(sipas(&database, &made).status.success());
    let service = TestService::on(database, &[]);
    let token = service.token(&["scores:read"], None);
    for reader in ["", &token] {
        let mut figures = Figures::new();
        for posters in ["without", "with", "only"] {
            for by in ["", "&by=month", "&by=quarter"] {
                // Of a token's open month nothing is known with posters: closed years are the same for both.
                read(&mut figures, &service, reader, &format!("period=2025&posters={posters}{by}"));
            }
        }
        let hidden: usize = figures.values().flat_map(BTreeMap::values).filter(|n| n.is_none()).count();
        let all: usize = figures.values().map(BTreeMap::len).sum();
        assert!(hidden > 0 && all > hidden, "{hidden} of {all} are hidden: nothing to attack");
        let found: Vec<String> = figures
            .iter()
            .flat_map(|(cell, places)| {
                given_away(places).into_iter().map(move |what| format!("{cell:?} {what}"))
            })
            .collect();
        assert!(found.is_empty(), "{} of {hidden} hidden: {:?}", found.len(), &found[..found.len().min(5)]);
    }
}
