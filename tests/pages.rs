//! Every number of a problem has a page for `eclosion explain`, and every page belongs to a number that occurs.

use eclosion::diagnostic::pages;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// All numbers such as `S0123` in the program's own text, tests and the pages themselves left out.
fn used(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && name != "tests" && name != "pages" {
            used(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            found.extend(
                own.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_number(word)).map(str::to_owned),
            );
        }
    }
}

fn is_number(word: &str) -> bool {
    word.len() == 5 && word.starts_with(['S', 'R', 'F']) && word[1..].chars().all(|c| c.is_ascii_digit())
}

#[test]
fn every_number_has_a_page_and_every_page_a_number() {
    let mut numbers = BTreeSet::new();
    used(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut numbers);
    numbers.remove("S0123"); // the example in comments
    assert!(numbers.len() > 80, "the numbers are found");
    let paged: BTreeSet<String> = pages().map(|p| p.code.to_owned()).collect();
    let without_page: Vec<_> = numbers.difference(&paged).collect();
    let without_use: Vec<_> = paged.difference(&numbers).collect();
    assert!(without_page.is_empty(), "numbers without a page: {without_page:?}");
    assert!(without_use.is_empty(), "pages of numbers that do not occur: {without_use:?}");
}

#[test]
fn pages_are_in_order_and_say_something() {
    let codes: Vec<&str> = pages().map(|p| p.code).collect();
    for chapter in ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "R", "F"] {
        let own: Vec<&&str> = codes.iter().filter(|c| c.starts_with(chapter)).collect();
        assert!(own.windows(2).all(|pair| pair[0] < pair[1]), "{chapter}: {own:?}");
    }
    for page in pages() {
        assert!(!page.title.contains('\n') && page.title.len() > 10, "{}", page.code);
        assert!(page.text.len() > 60, "{} says too little", page.code);
    }
}
