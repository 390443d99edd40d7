//! How records are linked to persons, wave after wave.

use super::tally::Linked;
use std::ops::Range;

/// Nobody.
const NOBODY: u32 = u32::MAX;

/// Counts, by [`Linked`], over the records `rows` of one replicate or several, whose persons are `links[wave][row]`
/// below `persons`. Only waves count at which a record is interviewed (`attended[wave][row]`).
///
/// A person's first record is the one in which the person is interviewed first (the upper one of two at that wave);
/// a record belongs to the person that it holds first.
pub(super) fn count_links(links: &[Vec<u32>], attended: &[Vec<bool>], rows: Range<usize>, persons: usize) -> Vec<f64> {
    let mut counts = vec![0.0; Linked::COUNT];
    let mut first_record = vec![NOBODY; persons];
    let mut owner = vec![NOBODY; rows.len()];
    for (links, attended) in links.iter().zip(attended) {
        // Records at this wave, and whether one of them is the first record; per person.
        let mut here = vec![(0_u32, false); persons];
        let known: Vec<bool> = first_record.iter().map(|r| *r != NOBODY).collect();
        for row in rows.clone() {
            let person = links.get(row).copied().unwrap_or(NOBODY);
            if person as usize >= persons || !attended.get(row).copied().unwrap_or(false) {
                continue;
            }
            let first = &mut first_record[person as usize];
            *first = if *first == NOBODY { row as u32 } else { *first };
            let (records, linked) = &mut here[person as usize];
            *records += 1;
            *linked |= *first == row as u32;
            match &mut owner[row - rows.start] {
                owner if *owner == NOBODY => *owner = person,
                owner => {
                    counts[Linked::Added as usize] += 1.0;
                    counts[Linked::False as usize] += f64::from(u8::from(*owner != person));
                }
            }
        }
        for ((records, linked), known) in here.iter().zip(known).filter(|((records, _), _)| *records > 0) {
            counts[Linked::Waves as usize] += 1.0;
            counts[Linked::Twice as usize] += f64::from(u8::from(*records > 1));
            counts[Linked::Again as usize] += f64::from(u8::from(known));
            counts[Linked::Missed as usize] += f64::from(u8::from(known && !linked));
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two persons, three waves. Person 0 is in record 0 at waves 1 and 2 and in record 2 at wave 3 (missed). Person 1
    /// is in record 1 at wave 1, in records 1 and 3 at wave 2 (duplicate), and in record 0 at wave 3 (missed, false).
    #[test]
    fn by_hand() {
        let n = NOBODY;
        let links = vec![vec![0, 1, n, n], vec![0, 1, n, 1], vec![1, n, 0, n]];
        let attended = vec![vec![true; 4]; 3];
        let counts = count_links(&links, &attended, 0..4, 2);
        // Person-waves 6, of which 1 twice; later ones 4, of which 2 missed; added to a record: record 0 at waves 2
        // and 3 (false), record 1 at wave 2.
        assert_eq!(counts, [6.0, 1.0, 4.0, 2.0, 3.0, 1.0]);
    }

    #[test]
    fn who_is_not_interviewed_does_not_count() {
        let links = vec![vec![0, 1], vec![0, 1]];
        let counts = count_links(&links, &[vec![true, false], vec![true, true]], 0..2, 2);
        assert_eq!(counts, [3.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    }
}
