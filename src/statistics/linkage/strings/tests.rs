use super::*;
use crate::statistics::tests::Case;
use proptest::prelude::*;

fn texts(case: &Case, key: &str) -> Vec<String> {
    let list = case.setting(key).as_array().expect("a list");
    list.iter().map(|t| t.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_reference_values() {
    let case = Case::read("string_comparators");
    for (k, (a, b)) in texts(&case, "a").iter().zip(&texts(&case, "b")).enumerate() {
        let k = k.to_string();
        let check = |name: &str, value: Option<f64>| case.check(&[name, &k], value);
        check("levenshtein", Some(levenshtein(a, b) as f64));
        check("osa", Some(osa_distance(a, b) as f64));
        check("damerau_levenshtein", Some(damerau_levenshtein(a, b) as f64));
        check("jaro", Some(jaro(a, b)));
        check("jaro_winkler", Some(jaro_winkler(a, b)));
        check("dice_bigram", dice_bigrams(a, b));
        assert_eq!(case.expected(&["soundex_a", &k]), soundex(a).as_str(), "{a}");
        assert_eq!(case.expected(&["soundex_b", &k]), soundex(b).as_str(), "{b}");
    }
}

#[test]
fn the_three_distances_differ_where_they_should() {
    // CA to ABC: two edits if A and C change places and a B comes between them; that edits the swapped part again.
    assert_eq!((levenshtein("CA", "ABC"), osa_distance("CA", "ABC"), damerau_levenshtein("CA", "ABC")), (3, 3, 2));
    assert_eq!((levenshtein("AB", "BA"), osa_distance("AB", "BA"), damerau_levenshtein("AB", "BA")), (2, 1, 1));
    // Letters, not bytes.
    assert_eq!(levenshtein("Zoë", "Zoe"), 1);
}

#[test]
fn jaro_winkler_has_no_threshold() {
    // Jaro of abc and acb: only a is in common (the window is 0), (1/3 + 1/3 + 1)/3 = 5/9. With one letter of common
    // beginning 5/9 + 0.1 * 4/9 = 0.6. The crate's own, with its threshold of 0.7, stays at 5/9.
    assert!((jaro_winkler("abc", "acb") - 0.6).abs() < 1e-15);
    assert!((strsim::jaro_winkler("abc", "acb") - 5.0 / 9.0).abs() < 1e-15);
    // At most four letters: ABCDEFGH and ABCDEFXY share six. Jaro = (6/8 + 6/8 + 1)/3 = 5/6; 5/6 + 0.4/6 = 0.9.
    assert!((jaro_winkler("ABCDEFGH", "ABCDEFXY") - 0.9).abs() < 1e-15);
}

#[test]
fn soundex_of_known_names() {
    // H and W do not part consonants, vowels do (Ashcraft: S and C are one 2; Tymczak: Z and K are two).
    for (name, code) in [
        ("Robert", "R163"),
        ("Rupert", "R163"),
        ("Ashcraft", "A261"),
        ("Tymczak", "T522"),
        ("Pfister", "P236"),
        ("Honeyman", "H555"),
        ("Lee", "L000"),
        ("O'Hara", "O600"),
        ("VanDeusen", "V532"),
        ("é", "é000"),
        ("M\u{fc}ller", "M460"),
    ] {
        assert_eq!(soundex(name), code, "{name}");
    }
}

#[test]
fn dice_counts_each_bigram_once() {
    // AAAA has the one bigram AA, AA too: 2 * 1 / 2.
    assert_eq!(dice_bigrams("AAAA", "AA"), Some(1.0));
    assert_eq!(dice_bigrams("A", "AB"), Some(0.0));
    assert_eq!(dice_bigrams("A", ""), None);
    // A blank is a letter: "A B" has "A " and " B".
    assert_eq!(dice_bigrams("A B", "AB"), Some(0.0));
}

#[test]
fn empty_texts() {
    let of = |s: Similarity| s.of("", "");
    assert_eq!(Similarity::ALL.map(of), [None, None, None, Some(1.0), Some(1.0), Some(1.0), None]);
    let of = |s: Similarity| s.of("", "AB");
    assert_eq!(Similarity::ALL.map(of), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0].map(Some));
}

proptest! {
    #[test]
    fn similarities_are_shares_and_1_for_equals(a in "[A-E ]{0,8}", b in "[A-E\u{e9}]{0,8}") {
        for measure in Similarity::ALL {
            if let Some(s) = measure.of(&a, &b) {
                prop_assert!((0.0..=1.0).contains(&s), "{measure:?} {a} {b}: {s}");
            }
            if let Some(s) = measure.of(&a, &a) {
                prop_assert!((s - 1.0).abs() < 1e-15, "{measure:?} {a}: {s}");
            }
        }
        prop_assert!(damerau_levenshtein(&a, &b) <= osa_distance(&a, &b));
        prop_assert!(osa_distance(&a, &b) <= levenshtein(&a, &b));
        prop_assert_eq!(dice_bigrams(&a, &b), dice_bigrams(&b, &a));
    }
}
