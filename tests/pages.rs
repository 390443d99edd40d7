//! Every number of a problem has a page for `eclosion explain`, and every page belongs to a number that occurs.

use eclosion::diagnostic::pages;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Pages of what no line of a file would mend, with the words that say what to do.
const WITHOUT_EXAMPLE: [(&str, &str); 9] = [
    ("F0010", "Please report it"),
    ("S0111", "`extends` names a file relative"),
    ("S0112", "save the file again as UTF-8"),
    ("S0113", "A bracket that is not closed is"),
    ("S0115", "Move what they share"),
    ("S0116", "write the\nscenario out"),
    ("S0704", "Vary fewer parameters"),
    ("S0706", "`--set lost=0.1 --set layer=truth`"),
    ("S0708", "goes before the file"),
];

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
            let code = own.lines().filter(|line| !line.trim_start().starts_with("//"));
            let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()));
            found.extend(words.filter(|word| is_number(word)).map(str::to_owned));
        }
    }
}

fn is_number(word: &str) -> bool {
    word.len() == 5 && word.starts_with(['S', 'R', 'F', 'W']) && word[1..].chars().all(|c| c.is_ascii_digit())
}

#[test]
fn every_number_has_a_page_and_every_page_a_number() {
    let mut numbers = BTreeSet::new();
    used(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut numbers);
    assert!(numbers.len() > 80, "the numbers are found");
    let paged: BTreeSet<String> = pages().map(|p| p.code.to_owned()).collect();
    let without_page: Vec<_> = numbers.difference(&paged).collect();
    let without_use: Vec<_> = paged.difference(&numbers).collect();
    assert!(without_page.is_empty(), "numbers without a page: {without_page:?}");
    assert!(without_use.is_empty(), "pages of numbers that do not occur: {without_use:?}");
}

#[test]
fn pages_are_in_order() {
    let codes: Vec<&str> = pages().map(|p| p.code).collect();
    let chapters: Vec<&str> = ["S", "R", "F", "W"].into_iter().collect();
    for chapter in &chapters {
        let own: Vec<&&str> = codes.iter().filter(|c| c.starts_with(chapter)).collect();
        assert!(own.windows(2).all(|pair| pair[0] < pair[1]), "{chapter}: {own:?}");
    }
    assert!(codes.is_sorted_by_key(|code| chapters.iter().position(|c| code.starts_with(c))), "{codes:?}");
}

#[test]
fn a_page_says_why_and_how_to_mend_it() {
    for page in pages() {
        let code = page.code;
        assert!(page.title.len() > 10 && page.title.len() < 120, "{code}: {}", page.title);
        let first = page.title.chars().next().unwrap();
        assert!(first.is_uppercase() || first == '`', "{code}: `{}` begins a sentence", page.title);
        assert!(page.title.ends_with('.') && !page.title.contains('\n'), "{code}: `{}` is a sentence", page.title);
        assert!(page.text.len() > 60, "{code} says too little");
        let widest = page.text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(121), "{code}: a line of {widest:?} characters");
        let example = page.text.lines().any(|line| line.starts_with("    "));
        match WITHOUT_EXAMPLE.iter().find(|(without, _)| *without == code) {
            Some((_, mend)) => assert!(!example && page.text.contains(mend), "{code}: `{mend}`"),
            None => assert!(example, "{code} shows nothing to write"),
        }
        // Both or neither: an example that is marked as wrong has one beside it that is right.
        let marked = |word: &str| page.text.to_lowercase().contains(word);
        assert!(!(marked("wrong:") || marked("# wrong")) || marked("right"), "{code}: what is right?");
    }
}

#[test]
fn the_program_explains_every_number() {
    for page in pages() {
        let output = Command::new(env!("CARGO_BIN_EXE_eclosion")).args(["explain", page.code]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", page.code);
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.starts_with(&format!("{}: {}\n\n", page.code, page.title)), "{shown}");
    }
}
