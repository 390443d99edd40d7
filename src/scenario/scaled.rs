//! Groups of other sizes in the same proportions: `group.size`, and large test data.

use super::{Condition, Scenario};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{OnlyParameters, Parameters, Wanted, compile};
use crate::simulate::declaration::GroupDeclaration;

impl Scenario {
    /// Gives the groups other sizes, in proportion to those that they have under a condition: `persons` in all, by
    /// largest remainders. This goes before `group.size` of all conditions.
    ///
    /// # Errors
    /// Too few persons for the number of groups, in words.
    pub fn scale(&mut self, condition: &Condition, persons: u64) -> Result<(), String> {
        let mut groups = self.world(condition).truth.groups.clone();
        share(&mut groups, &condition.parameters, persons)?;
        self.scaled = Some(persons);
        Ok(())
    }

    /// Names and sizes of the groups under a condition, as written or as their shares of `group.size`.
    #[must_use]
    pub fn group_sizes(&self, condition: &Condition) -> Vec<(String, String)> {
        let mut groups = self.world(condition).truth.groups.clone();
        if let Some((persons, _)) = self.shared_persons(condition) {
            // Too few persons were reported when the condition was prepared.
            let _ = share(&mut groups, &condition.parameters, persons);
        }
        groups.into_iter().map(|group| (group.name.text, group.size.text)).collect()
    }
}

/// Values of sizes under parameters; a formula with a problem has size 0, and the problem is reported.
fn values<'a>(sizes: impl Iterator<Item = &'a Text>, parameters: &Parameters, problems: &mut Diagnostics) -> Vec<f64> {
    let scope = OnlyParameters(parameters);
    let mut size = |text| compile(text, &Wanted::Number, &scope, problems).and_then(|size| size.constant());
    sizes.map(|text| size(text).unwrap_or(0.0)).collect()
}

/// Persons of groups of these sizes under parameters; nothing where a size has a problem, which is reported.
pub(super) fn persons_of(sizes: &[Text], parameters: &Parameters, problems: &mut Diagnostics) -> Option<f64> {
    let mut own = Diagnostics::new();
    let sum = values(sizes.iter(), parameters, &mut own).iter().sum();
    let fine = !own.has_errors();
    problems.extend(own);
    fine.then_some(sum)
}

/// Gives groups other sizes in proportion to theirs.
///
/// # Errors
/// A group would have nobody, in words.
pub(super) fn share(groups: &mut [GroupDeclaration], parameters: &Parameters, persons: u64) -> Result<(), String> {
    let sizes = values(groups.iter().map(|group| &group.size), parameters, &mut Diagnostics::new());
    for (group, share) in groups.iter_mut().zip(shares(&sizes, persons)) {
        if share == 0 {
            let name = &group.name.text;
            return Err(format!("{persons} persons are too few: the group `{name}` would have nobody"));
        }
        group.size.text = share.to_string();
    }
    Ok(())
}

/// Whole numbers with a given sum, in proportion to `sizes`: what is left after rounding down goes to the largest
/// remainders, the first of equal ones first.
fn shares(sizes: &[f64], sum: u64) -> Vec<u64> {
    let all: f64 = sizes.iter().sum();
    if all <= 0.0 {
        return vec![0; sizes.len()];
    }
    let exact: Vec<f64> = sizes.iter().map(|size| size / all * sum as f64).collect();
    let mut shares: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()).then(a.cmp(b)));
    let given: u64 = shares.iter().sum();
    for group in order.into_iter().cycle().take(sum.saturating_sub(given) as usize) {
        shares[group] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn largest_remainders_by_hand() {
        // 1000 * (32, 34, 28, 15) / 109 = 293.58, 311.93, 256.88, 137.61
        assert_eq!(shares(&[32.0, 34.0, 28.0, 15.0], 1000), [293, 312, 257, 138]);
        assert_eq!(shares(&[1.0, 1.0, 1.0], 4), [2, 1, 1]);
        assert_eq!(shares(&[9.0, 1.0], 1), [1, 0]);
        assert_eq!(shares(&[], 5), Vec::<u64>::new());
        assert_eq!(shares(&[3.0, 7.0], 10_000_000).iter().sum::<u64>(), 10_000_000);
    }
}
