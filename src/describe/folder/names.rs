//! Names and the numbers that stand for them.

use std::collections::BTreeMap;

/// Names in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: BTreeMap<String, u32>,
    pub(super) list: Vec<String>,
}

impl Names {
    /// The number of a name, which is new where it was not met before.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.known.insert(name.to_owned(), number);
        self.list.push(name.to_owned());
        number
    }

    /// The names in order, `shelter 2` before `shelter 10`, and for each number the place of its name.
    pub(super) fn in_order(&self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by(|a, b| key(&self.list[*a]).cmp(&key(&self.list[*b])));
        let mut places = vec![0; order.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number] = place;
        }
        (order.iter().map(|number| self.list[*number].clone()).collect(), places)
    }
}

/// The text before the digits at the end, their value, and the whole.
fn key(name: &str) -> (&str, u128, &str) {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (stem, name[stem.len()..].parse().unwrap_or(0), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_end_count_as_numbers() {
        let mut names = Names::default();
        let met: Vec<u32> = ["s 10", "s 2", "community", "s 2"].iter().map(|n| names.number(n)).collect();
        assert_eq!(met, [0, 1, 2, 1]);
        let (list, places) = names.in_order();
        assert_eq!(list, ["community", "s 2", "s 10"]);
        assert_eq!(places, [2, 1, 0]);
    }
}
