//! Which links between interviews are right: what a method linked against what the audit knows. The method itself sees
//! neither of the two counts.

use crate::analyze::Links;
use crate::statistics::linkage::quality::Quality;
use std::ops::Range;

/// Stands for nobody, in links and in the audit.
const NOBODY: u32 = u32::MAX;

/// Links of a step. `rows` are the records as they came, in the batch; `behind[wave][row]` is the person behind each, and
/// empty where every record is one person.
pub(super) fn anew(links: &Links, rows: Range<usize>, behind: &[Vec<u32>]) -> Quality {
    let mut interviews: Vec<(u32, u32)> = Vec::new();
    for (wave, records) in links.rows.iter().enumerate() {
        for (record, old) in records.iter().enumerate().filter(|(_, old)| **old != NOBODY) {
            let row = rows.start + *old as usize;
            let person = if behind.is_empty() { Some(*old) } else { person(behind, wave, row) };
            interviews.extend(person.map(|person| (record as u32, person)));
        }
    }
    Quality::of_records(&interviews)
}

/// Links within the records as they came.
pub(super) fn as_they_came(rows: Range<usize>, behind: &[Vec<u32>]) -> Quality {
    let of_wave = |wave: usize| rows.clone().filter_map(move |row| Some((row as u32, person(behind, wave, row)?)));
    let interviews: Vec<(u32, u32)> = (0..behind.len()).flat_map(of_wave).collect();
    Quality::of_records(&interviews)
}

fn person(behind: &[Vec<u32>], wave: usize, row: usize) -> Option<u32> {
    behind.get(wave).and_then(|rows| rows.get(row)).copied().filter(|person| *person != NOBODY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_compared_with_who_is_behind_them() {
        // Two waves; records 2, 3, 4 of the batch. Person 7 is behind record 2 at both waves, 8 behind 3 at the first and
        // behind 4 at the second.
        let behind = vec![vec![0, 0, 7, 8, NOBODY], vec![0, 0, 7, NOBODY, 8]];
        let quality = as_they_came(2..5, &behind);
        assert_eq!(quality, Quality { true_positive: 1, false_positive: 0, false_negative: 1 });
        // A step that joins 8 rightly, and then one that joins 7 with 8.
        let right = Links { rows: vec![vec![0, 1], vec![0, 2]] };
        assert_eq!(anew(&right, 2..5, &behind), Quality { true_positive: 2, false_positive: 0, false_negative: 0 });
        let wrong = Links { rows: vec![vec![0, 1, NOBODY], vec![2, NOBODY, 0]] };
        assert_eq!(anew(&wrong, 2..5, &behind), Quality { true_positive: 0, false_positive: 1, false_negative: 2 });
        // Where every record is one person, interviews of a record belong together.
        let split = Links { rows: vec![vec![0, NOBODY], vec![NOBODY, 0]] };
        assert_eq!(anew(&split, 2..5, &[]), Quality { true_positive: 0, false_positive: 0, false_negative: 1 });
    }
}
