//! The domain: forms, answers, tallies, scores. Pure: no clock, no files, no SQL, no HTTP, no async.
//!
//! This is the vocabulary of the whole service: code, tables, API, files and documents use these words and
//! no others.
//!
//! A **unit** is an agency or place that serves people. Units form a tree, have stable codes and days from
//! which and to which they are valid; a closed unit may have **successors** ([`mod@unit`],
//! [`unit_import`]).
//!
//! A **form** is an instrument in one **version**; a published version never changes ([`form`],
//! [`form_file`], [`catalogue`]). Versions whose answers mean the same are one **series**; results of two
//! series are never added ([`form_change`]). A form asks **questions**. Those about satisfaction are
//! **criteria**, answered with a **level** from 1 to 5; criteria make **factors**, and factors, in some
//! instruments, **parts**. Criteria, factors, parts and the **overall** are the **nodes** of a form: what
//! has a score. A **column** is how one question, or one row of a matrix, lies in an answer.
//!
//! A **receipt** is the right to answer once, by its code ([`receipt`]). A **response** is one completed
//! questionnaire: unit, form version, day, **channel** (how it came), language, who helped, **pace**,
//! **flags** and an **answer set** ([`response`], [`answers`], [`marks`]). It knows no person, no receipt
//! and no time of day. What is not answered is **missing**, for a reason, and never a zero. The **class**
//! of a channel keeps posters, where anybody may answer more than once, apart from all others.
//!
//! A response waits, is **folded** with others of its unit, form version, month and class, and is from then
//! on one row of a **block** ([`block`]). A **tally** counts such rows ([`tally`]); a **breakdown** is a
//! tally for each group of a **grouping** ([`grouping`]). An answer that counts in a later month than that
//! of its day is **carried**. A **period** is a run of whole months ([`period`]).
//!
//! A **score** is a function of a tally and a **method** ([`score`]), with its **respondents** (people with
//! a valid answer), **n** (valid answers) and **interval** ([`interval`]). What an **audience** may see of
//! a table of scores is decided by **thresholds** and complementary suppression ([`disclosure`]).
//!
//! An **account** is somebody who works with the service ([`account`]). A **grant** gives it a **role** in a
//! part of the tree for a time; roles give **rights** ([`access`]). What people, tokens and commands change
//! or take out is an entry of the **audit log** ([`audit`]). A tablet numbers its answers; which numbers came are its
//! **sequences** ([`sequences`]).
//!
//! From outside only this may be used: `std`, `thiserror`, one date type (`time`), exact numbers (`num-*`),
//! and for form files `toml` and `schemars`.

pub mod access;
pub mod account;
pub mod answers;
pub mod audit;
pub mod block;
pub mod catalogue;
pub mod counting;
pub mod crossing;
pub mod disclosure;
pub mod form;
pub mod form_change;
pub mod form_file;
mod form_rules;
pub mod grouping;
pub mod ids;
pub mod interval;
pub mod marks;
pub mod origin;
pub mod password;
pub mod period;
pub mod receipt;
pub mod recount;
pub mod response;
pub mod response_bytes;
pub mod score;
pub mod sequences;
pub mod tally;
pub mod token;
pub mod unit;
pub mod unit_import;
pub mod wording;
