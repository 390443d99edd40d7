//! One value from several reports that may contradict each other.

/// A report of a person, with what may speak for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// Position of the level that was reported; 0 and 1 for no and yes. `None` where nothing was.
    pub value: Option<u8>,
    /// Weight of the report, such as the trust in it; only [`Rule::TrustWeighted`] reads it. A weight that is not above
    /// 0, or not finite, counts for nothing.
    pub weight: f64,
    /// Who asked, where that is known; only [`Rule::LatestInterviewer`] reads it.
    pub interviewer: Option<u32>,
}

impl Report {
    /// A report with a weight of 1.
    #[must_use]
    pub fn new(value: Option<u8>) -> Self {
        Self { value, weight: 1.0, interviewer: None }
    }
}

/// How contradicting reports become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The first report.
    First,
    /// The last report.
    Last,
    /// The value reported most often; undetermined where two are equally frequent.
    Majority,
    /// Yes if it was ever reported; of other levels, the highest one reported. The more reports there are, the more
    /// false ones are among them: of persons whose truth is no, only the specificity to the power of the number of
    /// reports stay a no.
    Ever,
    /// Yes if it was reported always; of other levels, the lowest one reported.
    Always,
    /// The value with the largest sum of weights; undetermined where two have the same.
    TrustWeighted,
    /// The value reported most often to whoever asked last; undetermined where two are equally frequent, or where
    /// nobody knows who asked last.
    LatestInterviewer,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 7] = [
        Self::First,
        Self::Last,
        Self::Majority,
        Self::Ever,
        Self::Always,
        Self::TrustWeighted,
        Self::LatestInterviewer,
    ];

    /// Their names, in the same order.
    pub const WORDS: [&'static str; 7] =
        ["first", "last", "majority", "ever", "always", "trust_weighted", "latest_interviewer"];

    /// The value of reports in their order in time. `None` where there is no report or the rule does not decide.
    #[must_use]
    pub fn value(self, reports: &[Report]) -> Option<u8> {
        let mut made = reports.iter().filter_map(|report| report.value);
        match self {
            Self::First => made.next(),
            Self::Last => made.next_back(),
            Self::Ever => made.max(),
            Self::Always => made.min(),
            Self::Majority => heaviest(made.map(|value| (value, 1.0))),
            Self::TrustWeighted => heaviest(weighted(reports)),
            Self::LatestInterviewer => {
                let latest = reports.iter().rev().find(|report| report.value.is_some())?.interviewer?;
                let theirs = reports.iter().filter(|report| report.interviewer == Some(latest));
                heaviest(theirs.filter_map(|report| report.value).map(|value| (value, 1.0)))
            }
        }
    }
}

/// Reports that weigh something.
fn weighted(reports: &[Report]) -> impl Iterator<Item = (u8, f64)> + Clone + '_ {
    let usable = reports.iter().filter(|report| report.weight > 0.0 && report.weight.is_finite());
    usable.filter_map(|report| report.value.map(|value| (value, report.weight)))
}

/// The value with the largest sum of weights, if it is the only one with it.
fn heaviest(reports: impl Iterator<Item = (u8, f64)> + Clone) -> Option<u8> {
    let mut best: Option<(u8, f64)> = None;
    let mut tied = false;
    for (value, _) in reports.clone() {
        let sum: f64 = reports.clone().filter(|(other, _)| *other == value).map(|(_, weight)| weight).sum();
        match best {
            Some((known, _)) if known == value => {}
            Some((_, most)) if sum < most => {}
            Some((_, most)) if sum == most => tied = true,
            _ => (best, tied) = (Some((value, sum)), false),
        }
    }
    best.filter(|_| !tied).map(|(value, _)| value)
}
