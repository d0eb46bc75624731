//! Small tables by hand, and random ones against a plain elimination.

use proptest::prelude::*;

use super::*;

fn cells(people: &[u64]) -> Vec<Cell> {
    people.iter().enumerate().map(|(block, people)| Cell { people: *people, block, listed: true }).collect()
}

fn sum(total: usize, parts: &[usize]) -> Relation {
    Relation { total, parts: parts.to_vec(), people: People::Disjoint }
}

fn hidden(cells: &[Cell], relations: &[Relation]) -> Vec<usize> {
    let shown = decide(cells, relations, 10);
    shown.iter().enumerate().filter(|(_, s)| **s != Shown::Yes).map(|(i, _)| i).collect()
}

#[test]
fn a_lone_small_cell_takes_the_next_smallest_with_it() {
    let table = cells(&[100, 4, 60, 36]);
    assert_eq!(hidden(&table, &[sum(0, &[1, 2, 3])]), [1, 3]);
    assert_eq!(decide(&table, &[sum(0, &[1, 2, 3])], 10)[1], Shown::HiddenPrimary);
    assert_eq!(decide(&table, &[sum(0, &[1, 2, 3])], 10)[3], Shown::HiddenComplementary);
}

#[test]
fn two_small_cells_that_are_few_together_take_a_third() {
    assert_eq!(hidden(&cells(&[100, 4, 3, 57, 36]), &[sum(0, &[1, 2, 3, 4])]), [1, 2, 4]);
    assert_eq!(hidden(&cells(&[100, 7, 6, 57, 30]), &[sum(0, &[1, 2, 3, 4])]), [1, 2]);
}

#[test]
fn nothing_is_hidden_where_nobody_is_few() {
    assert_eq!(hidden(&cells(&[100, 40, 60, 0]), &[sum(0, &[1, 2, 3])]), Vec::<usize>::new());
}

#[test]
fn an_only_part_hides_its_total() {
    assert_eq!(hidden(&cells(&[12, 3, 9]), &[sum(0, &[1, 2])]), [1, 2]);
    // Where the other part has nobody, the total is the small cell.
    assert_eq!(hidden(&cells(&[3, 3, 0]), &[sum(0, &[1, 2])]), [0, 1]);
}

#[test]
fn a_remainder_that_no_row_shows_is_protected_when_it_is_few() {
    let mut table = cells(&[100, 60, 36, 4]);
    table[3].listed = false;
    assert_eq!(hidden(&table, &[sum(0, &[1, 2, 3])]), [2, 3]);
    let mut table = cells(&[100, 4, 36, 60]);
    table[3].listed = false;
    assert_eq!(hidden(&table, &[sum(0, &[1, 2, 3])]), [1, 3], "the remainder already protects it");
}

#[test]
fn a_criterion_takes_another_even_if_the_same_people_skipped_both() {
    let shared = Relation { total: 0, parts: vec![1, 2, 3, 4], people: People::Shared };
    // 6 + 6 may be the same 6 people, so a third criterion goes too.
    assert_eq!(hidden(&cells(&[50, 6, 6, 40, 45]), &[shared]), [1, 2, 3]);
}

/// A two-way table with its margins: rows × columns of people.
fn two_way(people: &[Vec<u64>]) -> (Vec<Cell>, Vec<Relation>) {
    let width = people[0].len();
    let height = people.len();
    let at = |r: usize, c: usize| r * (width + 1) + c;
    let mut counts = vec![0; (width + 1) * (height + 1)];
    for (r, line) in people.iter().enumerate() {
        for (c, n) in line.iter().enumerate() {
            for cell in [at(r, c), at(r, width), at(height, c), at(height, width)] {
                counts[cell] += n;
            }
        }
    }
    let mut sums = Vec::new();
    for r in 0..=height {
        sums.push(sum(at(r, width), &(0..width).map(|c| at(r, c)).collect::<Vec<_>>()));
    }
    for c in 0..=width {
        sums.push(sum(at(height, c), &(0..height).map(|r| at(r, c)).collect::<Vec<_>>()));
    }
    (cells(&counts), sums)
}

/// Which unknowns a plain Gauss-Jordan elimination (modulo another prime) isolates.
fn recoverable(relations: &[Relation], unknown: &[bool]) -> Vec<usize> {
    const Q: i64 = 1_000_000_007;
    let power = |mut base: i64, mut e: i64| {
        let mut result = 1;
        while e > 0 {
            if e & 1 == 1 {
                result = result * base % Q;
            }
            base = base * base % Q;
            e >>= 1;
        }
        result
    };
    let mut rows: Vec<Vec<i64>> = relations
        .iter()
        .map(|relation| {
            let mut row = vec![0; unknown.len()];
            for part in relation.parts.iter().filter(|p| unknown[**p]) {
                row[*part] = 1;
            }
            if unknown[relation.total] {
                row[relation.total] = Q - 1;
            }
            row
        })
        .collect();
    let mut done = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (done..rows.len()).find(|r| rows[*r][column] != 0) else { continue };
        rows.swap(done, pivot);
        let inverse = power(rows[done][column], Q - 2);
        rows[done].iter_mut().for_each(|x| *x = *x * inverse % Q);
        let own = rows[done].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != done) {
            let factor = row[column];
            row.iter_mut().zip(&own).for_each(|(x, o)| *x = (*x + (Q - factor) * o) % Q);
        }
        done += 1;
    }
    let lone = rows.iter().filter(|row| row.iter().filter(|x| **x != 0).count() == 1);
    lone.filter_map(|row| row.iter().position(|x| *x != 0)).collect()
}

proptest! {
    #[test]
    fn no_hidden_cell_of_a_two_way_table_can_be_computed(
        people in (2_usize..7, 2_usize..7).prop_flat_map(|(h, w)| {
            let few = prop_oneof![1 => Just(0_u64), 4 => 1_u64..12, 5 => 10_u64..80];
            prop::collection::vec(prop::collection::vec(few, w), h)
        }),
        budget in prop_oneof![Just(0_usize), Just(BUDGET)],
    ) {
        let (table, sums) = two_way(&people);
        let shown = decide_within(&table, &sums, 10, budget);
        for (cell, shown) in table.iter().zip(&shown) {
            prop_assert!(*shown != Shown::Yes || cell.people == 0 || cell.people >= 10);
        }
        let unknown: Vec<bool> = shown.iter().map(|s| *s != Shown::Yes).collect();
        prop_assert_eq!(recoverable(&sums, &unknown), Vec::<usize>::new());
        for relation in sums.iter().filter(|r| !unknown[r.total]) {
            let few: u64 = relation.parts.iter().filter(|p| unknown[**p]).map(|p| table[*p].people).sum();
            prop_assert!(few == 0 || few >= 10, "{few} people are the total minus what is shown");
        }
    }
}
