//! Spelling that does not matter is taken out of a text before it is compared.

/// The text in upper case with the letters A to Z and the digits only: blanks, punctuation and letters with accents go.
/// `"de Vries"` is `"DEVRIES"`, `"O'Neil"` is `"ONEIL"`. The result may be empty, which is a missing value.
#[must_use]
pub fn normalise(text: &str) -> String {
    let upper = text.chars().flat_map(char::to_uppercase);
    upper.filter(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_left() {
        assert_eq!(normalise(" de Vries-2"), "DEVRIES2");
        assert_eq!(normalise("O'Neil"), normalise("oneil"));
        assert_eq!(normalise("Müller"), "MLLER");
        assert_eq!(normalise("Strauß"), "STRAUSS");
        assert_eq!(normalise(" .-' "), "");
        assert_eq!(normalise("日本"), "");
    }

    #[test]
    fn what_is_normal_stays_as_it_is() {
        for text in ["", "A", "SMITH1990", "x y z"] {
            assert_eq!(normalise(&normalise(text)), normalise(text));
        }
    }
}
