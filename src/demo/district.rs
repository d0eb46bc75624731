//! The units of the made-up district. All names are invented, so that no real commune is given made-up scores.
//!
//! As everywhere in Viet Nam, the district and its old communes end on 30 June 2025 and larger communes follow.
//! Two places close within the 18 months, whichever these are: one merged into a commune, one for good.

use super::months_until;
use crate::domain::{
    ids::{Language, UnitCode},
    period::{Day, Month},
    unit::{Unit, UnitKind},
};

/// The last day of the districts, 2025-06-30.
fn last_day_of_districts() -> Day {
    Day::from_number(20_269)
}

/// The first day of what was always there: before the history, and in no later year than 2000.
fn long_ago(until: Day) -> Day {
    let first = months_until(until).first().map_or(until, |month| month.first_day());
    Month::new(first.month().year() - 2, 1).min(Month::new(2000, 1)).first_day()
}

/// When a place exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// All the time.
    Always,
    /// Until the districts ended.
    Old,
    /// Since then.
    New,
    /// Until the end of this month of the history, counted from 0.
    Closing(usize),
}

/// A unit as the demo knows it.
#[derive(Debug, Clone, Copy)]
struct Sketch {
    code: &'static str,
    parent: &'static str,
    kind: UnitKind,
    /// Names in vi, en, km.
    names: [&'static str; 3],
    span: Span,
    /// Codes with spaces between; those that do not exist at `until` are left out.
    successors: &'static str,
    nature: Nature,
}

/// How a unit differs from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Nature {
    /// How many people it serves; nobody where 0.
    pub(super) weight: u32,
    /// How satisfied they are, in thousandths of a standard deviation from the usual.
    pub(super) effect: i32,
    /// How that changes in a month.
    pub(super) trend: i32,
    /// People in a thousand who answer in Khmer.
    pub(super) khmer: u32,
}

/// A unit of the demo and its nature.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) unit: Unit,
    pub(super) nature: Nature,
    /// Whether it came to be when districts ended: a new office finds its feet.
    pub(super) is_new: bool,
}

const fn nature(weight: u32, effect: i32, trend: i32, khmer: u32) -> Nature {
    Nature { weight, effect, trend, khmer }
}

const NEW_COMMUNES: &str = "ao-sen ben-lua con-may giong-dua go-xoai lang-co rach-sen vam-lua";

/// Every unit; parents come first.
#[rustfmt::skip]
const SKETCHES: &[Sketch] = &[
    Sketch { code: "cuu-giang", parent: "", kind: UnitKind::Province, span: Span::Always, successors: "", nature: nature(0, 0, 0, 0),
        names: ["Tỉnh Cửu Giang", "Cuu Giang Province", "ខេត្តគឺវយ៉ាង"] },
    Sketch { code: "hanh-chinh-cong", parent: "cuu-giang", kind: UnitKind::Branch, span: Span::Always, successors: "", nature: nature(1400, 150, 5, 60),
        names: ["Trung tâm Phục vụ hành chính công tỉnh", "Provincial Public Administration Service Centre", "មជ្ឈមណ្ឌលសេវារដ្ឋបាលសាធារណៈខេត្ត"] },
    Sketch { code: "so-tu-phap", parent: "cuu-giang", kind: UnitKind::Department, span: Span::Always, successors: "", nature: nature(600, 100, 0, 40),
        names: ["Sở Tư pháp", "Department of Justice", "មន្ទីរយុត្តិធម៌"] },
    Sketch { code: "so-nong-nghiep", parent: "cuu-giang", kind: UnitKind::Department, span: Span::Always, successors: "", nature: nature(800, -120, 8, 50),
        names: ["Sở Nông nghiệp và Môi trường", "Department of Agriculture and Environment", "មន្ទីរកសិកម្ម និងបរិស្ថាន"] },
    Sketch { code: "dat-dai-rach-sen", parent: "cuu-giang", kind: UnitKind::Branch, span: Span::Always, successors: "", nature: nature(1200, -380, 12, 120),
        names: ["Chi nhánh Văn phòng đăng ký đất đai Rạch Sen", "Land Registration Office, Rach Sen Branch", "សាខាការិយាល័យចុះបញ្ជីដីធ្លី រ៉ាចសែន"] },
    Sketch { code: "huyen-rach-sen", parent: "cuu-giang", kind: UnitKind::District, span: Span::Old, successors: NEW_COMMUNES, nature: nature(900, -50, 0, 110),
        names: ["Huyện Rạch Sen", "Rach Sen District", "ស្រុករ៉ាចសែន"] },
    Sketch { code: "phong-lao-dong", parent: "huyen-rach-sen", kind: UnitKind::Division, span: Span::Old, successors: "", nature: nature(260, 60, 0, 160),
        names: ["Phòng Lao động huyện Rạch Sen", "Labour Division of Rach Sen District", "ការិយាល័យការងារ ស្រុករ៉ាចសែន"] },
    Sketch { code: "xa-rach-sen", parent: "huyen-rach-sen", kind: UnitKind::Commune, span: Span::Old, successors: "rach-sen", nature: nature(620, 40, 2, 180),
        names: ["Xã Rạch Sen (trước tháng 7/2025)", "Rach Sen Commune (until June 2025)", "ឃុំរ៉ាចសែន (មុនខែកក្កដា ២០២៥)"] },
    Sketch { code: "xa-ben-do", parent: "huyen-rach-sen", kind: UnitKind::Commune, span: Span::Old, successors: "rach-sen", nature: nature(480, -160, 0, 150),
        names: ["Xã Bến Đò", "Ben Do Commune", "ឃុំបេនដ"] },
    Sketch { code: "xa-giong-dua", parent: "huyen-rach-sen", kind: UnitKind::Commune, span: Span::Old, successors: "giong-dua", nature: nature(540, 120, 3, 260),
        names: ["Xã Giồng Dừa (trước tháng 7/2025)", "Giong Dua Commune (until June 2025)", "ឃុំយ៉ុងយឿ (មុនខែកក្កដា ២០២៥)"] },
    Sketch { code: "xa-con-tre", parent: "huyen-rach-sen", kind: UnitKind::Commune, span: Span::Old, successors: "giong-dua", nature: nature(300, -60, 0, 220),
        names: ["Xã Cồn Tre", "Con Tre Commune", "ឃុំកូនត្រេ"] },
    Sketch { code: "thi-tran-ben-lua", parent: "huyen-rach-sen", kind: UnitKind::Commune, span: Span::Old, successors: "ben-lua", nature: nature(760, 180, 4, 70),
        names: ["Thị trấn Bến Lúa", "Ben Lua Township", "ទីប្រជុំជនបេនលឿ"] },
    Sketch { code: "xa-kinh-moi", parent: "huyen-rach-sen", kind: UnitKind::Commune, span: Span::Old, successors: "ben-lua", nature: nature(340, -220, 2, 90),
        names: ["Xã Kinh Mới", "Kinh Moi Commune", "ឃុំគិញម៉ើយ"] },
    Sketch { code: "rach-sen", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(1500, 0, 14, 170),
        names: ["Xã Rạch Sen", "Rach Sen Commune", "ឃុំរ៉ាចសែន"] },
    Sketch { code: "giong-dua", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(1250, 60, 6, 250),
        names: ["Xã Giồng Dừa", "Giong Dua Commune", "ឃុំយ៉ុងយឿ"] },
    Sketch { code: "ben-lua", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(1400, 160, 4, 80),
        names: ["Xã Bến Lúa", "Ben Lua Commune", "ឃុំបេនលឿ"] },
    Sketch { code: "go-xoai", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(1000, -430, 0, 140),
        names: ["Xã Gò Xoài", "Go Xoai Commune", "ឃុំហ្គស្វាយ"] },
    Sketch { code: "vam-lua", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(1100, 380, 2, 100),
        names: ["Xã Vàm Lúa", "Vam Lua Commune", "ឃុំវ៉ាំលឿ"] },
    Sketch { code: "ao-sen", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(650, -40, -14, 160),
        names: ["Xã Ao Sen", "Ao Sen Commune", "ឃុំអៅសែន"] },
    Sketch { code: "lang-co", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(75, 90, 0, 200),
        names: ["Xã Láng Cỏ", "Lang Co Commune", "ឃុំឡាំងក"] },
    Sketch { code: "con-may", parent: "cuu-giang", kind: UnitKind::Commune, span: Span::New, successors: "", nature: nature(22, -200, 0, 120),
        names: ["Xã Cồn Mây", "Con May Commune", "ឃុំកូនម៉ៃ"] },
    Sketch { code: "diem-cho-ben-lua", parent: "cuu-giang", kind: UnitKind::Branch, span: Span::Closing(9), successors: "ben-lua thi-tran-ben-lua", nature: nature(220, 220, 0, 60),
        names: ["Điểm tiếp nhận hồ sơ chợ Bến Lúa", "Ben Lua Market Service Point", "ចំណុចទទួលឯកសារ ផ្សារបេនលឿ"] },
    Sketch { code: "diem-luu-dong", parent: "cuu-giang", kind: UnitKind::Other, span: Span::Closing(5), successors: "", nature: nature(60, 300, 0, 220),
        names: ["Điểm phục vụ lưu động", "Mobile Service Point", "ចំណុចបម្រើចល័ត"] },
];

/// The units as they are known on `until`.
pub(super) fn places(until: Day) -> Vec<Place> {
    SKETCHES.iter().filter(|sketch| exists(sketch.span, until)).filter_map(|s| place(s, until)).collect()
}

/// New communes are not known while there are districts.
fn exists(span: Span, until: Day) -> bool {
    match span {
        Span::New => until > last_day_of_districts(),
        Span::Always | Span::Old | Span::Closing(_) => true,
    }
}

/// First and last day of a span, as known on `until`.
fn days(span: Span, until: Day) -> (Day, Option<Day>) {
    let long_ago = long_ago(until);
    match span {
        Span::Always => (long_ago, None),
        Span::Old => (long_ago, Some(last_day_of_districts()).filter(|last| *last < until)),
        Span::New => (last_day_of_districts().plus(1), None),
        Span::Closing(month) => (long_ago, months_until(until).get(month).map(|m| m.last_day())),
    }
}

fn place(sketch: &Sketch, until: Day) -> Option<Place> {
    let (valid_from, valid_to) = days(sketch.span, until);
    let languages = [Language::VI, Language::EN, Language::KM];
    Some(Place {
        unit: Unit {
            code: sketch.code.parse().ok()?,
            parent: if sketch.parent.is_empty() { None } else { sketch.parent.parse().ok() },
            kind: sketch.kind,
            names: languages.into_iter().zip(sketch.names.map(ToOwned::to_owned)).collect(),
            form: None,
            valid_from,
            valid_to,
            successors: valid_to.map(|last| successors(sketch, last, until)).unwrap_or_default(),
        },
        nature: sketch.nature,
        is_new: sketch.span == Span::New,
    })
}

/// Those of its successors that are there on the day after its last one.
fn successors(sketch: &Sketch, last: Day, until: Day) -> Vec<UnitCode> {
    let there = |code: &&str| {
        let next = SKETCHES.iter().find(|s| s.code == *code).map(|s| s.span);
        next.is_some_and(|span| {
            let (first, end) = days(span, until);
            exists(span, until) && first <= last.plus(1) && end.is_none_or(|end| end > last)
        })
    };
    sketch.successors.split(' ').filter(there).filter_map(|code| code.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unit::{Followed, UnitTree};

    fn tree(until: &str) -> UnitTree {
        let units: Vec<Unit> = places(until.parse().unwrap()).into_iter().map(|p| p.unit).collect();
        UnitTree::new(units).unwrap()
    }

    #[test]
    fn about_twenty_units_make_a_tree_with_a_merger_and_a_split() {
        let tree = tree("2026-11-24");
        assert!((18..=24).contains(&tree.len()));
        let old = |code: &str| tree.follow(&code.parse().unwrap());
        assert_eq!(old("xa-ben-do"), Followed::Into("rach-sen".parse().unwrap()));
        assert_eq!(old("diem-cho-ben-lua"), Followed::Into("ben-lua".parse().unwrap()));
        assert!(matches!(old("huyen-rach-sen"), Followed::Split(into) if into.len() == 8));
        assert!(tree.all().all(|unit| unit.form.is_none() && unit.names.len() == 3));
    }

    #[test]
    fn a_merger_falls_into_the_history_whenever_it_ends() {
        for until in ["2024-03-31", "2025-06-30", "2025-07-01", "2025-08-15", "2026-11-24", "2031-02-01"] {
            let until: Day = until.parse().unwrap();
            let tree = tree(&until.to_string());
            let first = months_until(until).first().unwrap().first_day();
            let closed = |unit: &&Unit| unit.valid_to.is_some_and(|last| first <= last && last < until);
            assert!(tree.all().filter(closed).any(|unit| unit.successors.len() == 1), "{until}");
            assert!(tree.all().filter(closed).any(|unit| unit.successors.is_empty()), "{until}");
            for unit in tree.all().filter(|u| !u.successors.is_empty()) {
                let next = unit.valid_to.unwrap().plus(1);
                assert!(unit.successors.iter().all(|s| tree.get(s).unwrap().is_valid_on(next)), "{until}");
            }
        }
    }

    #[test]
    fn the_districts_ended_on_the_last_of_june_2025() {
        assert_eq!(last_day_of_districts().to_string(), "2025-06-30");
        let open = tree("2025-06-30");
        assert!(open.get(&"huyen-rach-sen".parse().unwrap()).unwrap().valid_to.is_none());
        assert!(open.get(&"rach-sen".parse().unwrap()).is_none());
    }
}
