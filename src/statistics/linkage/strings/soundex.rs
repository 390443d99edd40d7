//! Soundex.

/// What a letter is to the code.
#[derive(Clone, Copy, PartialEq)]
enum Sound {
    /// A digit of the code.
    Digit(char),
    /// Parts consonants of the same digit: they then count twice.
    Vowel,
    /// H, W and everything that is no letter: as if it were not there.
    Silent,
}

fn sound(letter: char) -> Sound {
    match letter.to_ascii_uppercase() {
        'B' | 'F' | 'P' | 'V' => Sound::Digit('1'),
        'C' | 'G' | 'J' | 'K' | 'Q' | 'S' | 'X' | 'Z' => Sound::Digit('2'),
        'D' | 'T' => Sound::Digit('3'),
        'L' => Sound::Digit('4'),
        'M' | 'N' => Sound::Digit('5'),
        'R' => Sound::Digit('6'),
        'A' | 'E' | 'I' | 'O' | 'U' | 'Y' => Sound::Vowel,
        _ => Sound::Silent,
    }
}

/// The Soundex code as the census of the United States uses it: the first letter and three digits, filled up with zeros.
/// Neighbours with the same digit count once, also where only H or W (or something that is no letter) stands between
/// them, and also where the first letter has that digit. The first character stays what it is; an empty text is `0000`.
#[must_use]
pub fn soundex(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return "0000".to_owned() };
    let mut code = String::from(first.to_ascii_uppercase());
    let mut before = sound(first);
    let mut digits = 0;
    for letter in letters {
        let now = sound(letter);
        match now {
            Sound::Silent => continue,
            Sound::Digit(digit) if now != before => {
                code.push(digit);
                digits += 1;
            }
            _ => {}
        }
        before = now;
        if digits == 3 {
            break;
        }
    }
    code.extend(std::iter::repeat_n('0', 3 - digits));
    code
}
