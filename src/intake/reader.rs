//! The reader of this node: looks codes up for all who wait at once, and keeps the mirror fresh. It reads on one
//! connection of its own, so that neither waits for a job, a table or the writer.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    IntakeError, Parts,
    writer::{COMPANY, CROWD},
};
use crate::{
    domain::{period::Month, receipt::CodeHash},
    storage::{
        Db, StorageError,
        receipts::opening::{self, Opened},
    },
};

/// How often the mirror looks again: a unit that was imported and a token that was revoked are known within a second.
const LOOK: Duration = Duration::from_millis(400);
/// Most codes in one reading.
const GROUP: usize = 256;

/// Who asks for a code waits for this.
pub(super) type Answer = Result<Option<Opened>, IntakeError>;

/// One code that somebody came with.
pub(super) struct Question {
    /// Hash of the code.
    pub(super) hash: CodeHash,
    /// This month: the service field is kept where enough receipts of it and the last one share it.
    pub(super) month: Month,
    /// Who waits.
    pub(super) reply: oneshot::Sender<Answer>,
}

/// What the thread does, until nobody can ask any more.
pub(super) fn work(parts: &Parts, questions: Receiver<Question>) -> impl FnMut() + Send + use<> {
    let parts = parts.clone();
    move || Reader { parts: parts.clone(), db: None, looked: Instant::now(), last: 0 }.run(&questions)
}

struct Reader {
    parts: Parts,
    db: Option<Db>,
    looked: Instant,
    last: usize,
}

impl Reader {
    fn run(&mut self, questions: &Receiver<Question>) {
        loop {
            match questions.recv_timeout(LOOK.saturating_sub(self.looked.elapsed())) {
                Ok(first) => self.group(first, questions),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.looked.elapsed() >= LOOK {
                self.look();
            }
        }
    }

    fn group(&mut self, first: Question, questions: &Receiver<Question>) {
        if self.last >= CROWD {
            thread::sleep(COMPANY);
        }
        let group: Vec<Question> =
            std::iter::once(first).chain(questions.try_iter().take(GROUP - 1)).collect();
        self.last = group.len();
        self.answer(group);
    }

    fn answer(&mut self, questions: Vec<Question>) {
        let asked: Vec<(CodeHash, Month)> = questions.iter().map(|q| (q.hash, q.month)).collect();
        match self.read(|db| opening::open_all(db, &asked)) {
            Ok(found) => {
                for (question, opened) in questions.into_iter().zip(found) {
                    // The person may have gone away; there is nobody left to tell.
                    let _gone = question.reply.send(Ok(opened));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for question in questions {
                    let _gone = question.reply.send(Err(IntakeError::Failed(Arc::clone(&error))));
                }
            }
        }
    }

    fn look(&mut self) {
        self.looked = Instant::now();
        let mirror = self.parts.mirror.clone();
        if let Err(error) = self.read(|db| mirror.refresh(db)) {
            tracing::warn!(error = ?error, "units, forms and tokens could not be looked at again; it is tried again");
        }
    }

    /// Reads; with a new connection where the one at hand was cut meanwhile.
    fn read<T>(&mut self, work: impl Fn(&mut Db) -> Result<T, StorageError>) -> Result<T, StorageError> {
        if let Some(db) = self.db.as_mut() {
            match work(db) {
                Err(StorageError::Unavailable(_)) => self.db = None,
                other => return other,
            }
        }
        let mut db = self.parts.store.connect()?;
        let outcome = work(&mut db);
        if !matches!(outcome, Err(StorageError::Unavailable(_))) {
            self.db = Some(db);
        }
        outcome
    }
}
