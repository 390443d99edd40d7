//! Lengths of time as people write them: `10 minutes`.

use std::time::Duration;

/// Seconds that are longer than anybody waits, and within what clocks can reckon with.
const A_CENTURY: f64 = 100.0 * 366.0 * 86_400.0;

/// A length of time from a number and a unit: seconds, minutes or hours.
///
/// # Errors
/// What is wrong with it, as half a sentence.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 = number.parse().map_err(|_| "it does not begin with a number".to_owned())?;
    let unit = match unit.trim() {
        "s" | "second" | "seconds" => 1.0,
        "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        _ => return Err("write a unit: seconds, minutes or hours".to_owned()),
    };
    let seconds = number * unit;
    if seconds > A_CENTURY {
        return Err("it is longer than a century".to_owned());
    }
    Duration::try_from_secs_f64(seconds).map_err(|e| e.to_string())
}

/// A length of time in the greatest unit of which it has a whole number: `10 minutes`, `90 seconds`, `0.2 seconds`.
#[must_use]
pub fn written(time: Duration) -> String {
    let whole = |unit: u64| time.subsec_nanos() == 0 && time.as_secs() > 0 && time.as_secs().is_multiple_of(unit);
    let (number, unit) = match time.as_secs() {
        seconds if whole(3600) => ((seconds / 3600).to_string(), "hour"),
        seconds if whole(60) => ((seconds / 60).to_string(), "minute"),
        _ => (time.as_secs_f64().to_string(), "second"),
    };
    if number == "1" { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(parse("10 minutes"), Ok(Duration::from_secs(600)));
        assert_eq!(parse("1.5h"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse("0.2 s"), Ok(Duration::from_millis(200)));
        assert_eq!(parse(" 0 s"), Ok(Duration::ZERO));
        for bad in ["", "10", "minutes", "-1 s", "3 fortnights", &"9".repeat(400), "1e3 s"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["10 minutes", "1 minute", "2 hours", "1 second", "90 seconds", "0.2 seconds", "61.5 seconds"] {
            assert_eq!(parse(text).map(written), Ok(text.to_owned()));
        }
        assert_eq!(written(Duration::ZERO), "0 seconds");
    }
}
