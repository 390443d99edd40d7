//! The years that a number is about.

use crate::diagnostic::{Diagnostics, Text};

/// The first and the last year; absent: the source does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Years {
    /// First and last year, both of them counted.
    pub period: Option<(u16, u16)>,
}

impl Years {
    /// How many years, the first and the last one counted.
    #[must_use]
    pub fn count(self) -> Option<u64> {
        self.period.map(|(first, last)| u64::from(last - first) + 1)
    }

    /// As a file has it: `2011-2014`, `2013`, `not stated`.
    #[must_use]
    pub fn written(self) -> String {
        match self.period {
            None => "not stated".to_owned(),
            Some((first, last)) if first == last => first.to_string(),
            Some((first, last)) => format!("{first}-{last}"),
        }
    }
}

/// Reads `2011-2014`, `2013` or `not stated` (S0911).
pub(super) fn read(text: &Text, problems: &mut Diagnostics) -> Option<Years> {
    let written = text.text.trim();
    if written == "not stated" {
        return Some(Years { period: None });
    }
    let (first, last) = written.split_once('-').unwrap_or((written, written));
    match (year(first), year(last)) {
        (Some(first), Some(last)) if first <= last => Some(Years { period: Some((first, last)) }),
        _ => {
            problems
                .error("S0911", &text.span, format!("`years` cannot be `{written}`"))
                .help("write `\"2011-2014\"`, `\"2013\"` or `\"not stated\"`");
            None
        }
    }
}

fn year(text: &str) -> Option<u16> {
    let digits = text.trim();
    let four = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|year| four && *year >= 1000)
}
