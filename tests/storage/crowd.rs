//! People who answer, on a private database.

use std::collections::BTreeMap;

use sipas::{
    domain::{
        answers::{RawAnswer, RuledOut},
        catalogue::Catalogue,
        form::{
            Choice, Factor, Form, FormDraft, FormLanguage, Purpose, Question, QuestionKind, Text, TextState,
            Wording,
        },
        ids::{Language, SubmissionKey},
        period::Day,
        receipt::CodeHash,
        response::{Assisted, Channel, Flags, Pace, Response, ServiceField},
        score::Method,
    },
    intake::{Claimed, Submission},
    keys::SecretKeys,
    storage::{
        Store,
        inbox::{self, Accepted},
        receipts::{self, NewReceipt},
    },
};

use crate::support::database::PrivateDatabase;

/// A private database with one form, and people who answer it.
pub struct Crowd {
    pub store: Store,
    pub keys: SecretKeys,
    _database: PrivateDatabase,
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn text(words: &str) -> Text {
    let wording = Wording { text: words.to_owned(), state: TextState::Reviewed };
    Text(BTreeMap::from([(Language::VI, wording)]))
}

/// Two criteria, a question about the respondent, a comment.
pub fn form() -> Form {
    let question = |slug: &str, kind, purpose| Question {
        slug: slug.parse().unwrap(),
        text: text(slug),
        emphasis: Text::default(),
        hint: None,
        kind,
        dont_know: purpose != Purpose::Comment,
        purpose,
        required: false,
        only_if: None,
    };
    let option = |code: &str| Choice { code: code.parse().unwrap(), label: text(code) };
    let level = QuestionKind::Satisfaction { factor: Some(0) };
    Form::assemble(FormDraft {
        id: "tiny".parse().unwrap(),
        version: 1,
        series: 1,
        title: text("Tiny"),
        intro: text("Intro"),
        respondent_notice: Some(text("Không bắt buộc.")),
        languages: vec![FormLanguage {
            code: Language::VI,
            name: "Tiếng Việt".to_owned(),
            state: TextState::Reviewed,
            reviewer: Some("A reader".to_owned()),
        }],
        levels: ["1", "2", "3", "4", "5"].map(text),
        order: [1, 2, 3, 4, 5],
        dont_know_label: text("?"),
        parts: Vec::new(),
        factors: vec![Factor { slug: "access".parse().unwrap(), name: text("access"), part: None }],
        questions: vec![
            question("access.place", level.clone(), Purpose::Satisfaction),
            question("access.seats", level, Purpose::Satisfaction),
            question(
                "sex",
                QuestionKind::Single { options: vec![option("female"), option("male")] },
                Purpose::Respondent,
            ),
            question("comment", QuestionKind::Text { max_chars: 500 }, Purpose::Comment),
        ],
        method: Method::default(),
        source: "test".to_owned(),
    })
    .unwrap()
}

impl Crowd {
    pub fn new() -> Self {
        let database = PrivateDatabase::new();
        let store = Store::open(&database.url, 4).unwrap();
        store.with(sipas::storage::Db::migrate).unwrap();
        Self { store, keys: SecretKeys::of(&[7; 32]), _database: database }
    }

    /// Units that answers may be given to.
    pub fn with_units(&self, codes: &[&str]) {
        use diesel::RunQueryDsl as _;
        for code in codes {
            let insert = format!(
                "INSERT INTO unit (code, kind, names, valid_from) VALUES ('{code}', 'commune', '{{}}', 0)"
            );
            self.store.with(|db| Ok(diesel::sql_query(insert).execute(db)?)).unwrap();
        }
    }

    pub fn forms() -> Catalogue {
        Catalogue::new([form()])
    }

    pub fn response(unit: &str, on: &str, channel: Channel, levels: [i64; 2]) -> Response {
        let raw = BTreeMap::from([
            ("access.place".to_owned(), RawAnswer::Number(levels[0])),
            ("access.seats".to_owned(), RawAnswer::Number(levels[1])),
            ("comment".to_owned(), RawAnswer::Text("Chờ lâu".to_owned())),
        ]);
        Response {
            unit: unit.parse().unwrap(),
            form: "tiny".parse().unwrap(),
            version: 1,
            day: day(on),
            channel,
            language: Language::VI,
            assisted: Assisted::No,
            service_field: ServiceField::None,
            pace: Pace::Unknown,
            flags: Flags::default(),
            answers: form().check(&raw, RuledOut::Refuse).unwrap(),
        }
    }

    pub fn submission(&self, key: u128, code: Option<u8>, response: &Response) -> Submission {
        let receipt = code.map(|c| CodeHash([c; 32]));
        let key = SubmissionKey(key.to_be_bytes());
        Submission::new(&self.keys, &key, receipt, &Claimed::default(), response, day("2026-11-24")).unwrap()
    }

    pub fn accept(&self, group: &[Submission]) -> Vec<Accepted> {
        let waiting: Vec<inbox::Waiting> = group.iter().map(|s| s.waiting().clone()).collect();
        self.store.with(|db| inbox::accept(db, &waiting)).unwrap()
    }

    /// So many people answer at a unit on a day, in one group.
    pub fn answer(&self, people: usize, unit: &str, on: &str) {
        let group: Vec<Submission> = (0..people)
            .map(|_| {
                let response = Self::response(unit, on, Channel::Api, [5, 4]);
                self.submission(rand::random(), None, &response)
            })
            .collect();
        let outcomes = self.accept(&group);
        assert!(outcomes.iter().all(|o| *o == Accepted::Stored));
    }

    pub fn issue(&self, codes: &[u8], expires: &str) {
        let new: Vec<NewReceipt> = codes
            .iter()
            .map(|c| NewReceipt {
                hash: CodeHash([*c; 32]),
                unit: "tra-cu".parse().unwrap(),
                form: "tiny".parse().unwrap(),
                service_field: None,
                procedure: None,
                issued: day("2026-11-01"),
                expires: day(expires),
            })
            .collect();
        self.store.with(|db| db.write(|db| receipts::issue(db, &new))).unwrap();
    }
}
