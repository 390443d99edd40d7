//! Lengths of time that a run may take.

/// The seconds of a text such as `10 minutes`, `1.5 h` or `30 s`.
///
/// # Errors
/// Why it is no length of time, a lower-case fragment (R0046).
pub fn budget(text: &str) -> Result<f64, String> {
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
    // A century is longer than anybody waits, and within what clocks can reckon with.
    let seconds = number * unit;
    if seconds <= 100.0 * 366.0 * 86_400.0 { Ok(seconds) } else { Err("it is longer than a century".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::budget;

    #[test]
    fn lengths_of_time() {
        assert_eq!(budget("10 minutes"), Ok(600.0));
        assert_eq!(budget("1.5h"), Ok(5400.0));
        assert_eq!(budget(" 0 s"), Ok(0.0));
        for bad in ["", "10", "minutes", "-1 s", "3 fortnights", &"9".repeat(400), "1e3 s"] {
            assert!(budget(bad).is_err(), "{bad}");
        }
    }
}
