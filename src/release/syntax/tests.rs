//! What the programs say, by hand; `tests/release_formats.rs` runs those whose software is there.

use super::*;

fn stamp() -> Stamp {
    Stamp { scenario_hash: "abc\nend.".to_owned(), seed: 7, version: "0.1.0".to_owned() }
}

fn names(texts: &[&str]) -> FieldKind {
    FieldKind::Level(texts.iter().map(|t| (*t).to_owned()).collect())
}

/// Names and labels as nasty as they come.
const NASTY: [&str; 6] = ["plain", "it's \"so\"", "`echo' $HOME", "=1+1", "a\nEXECUTE.", "http://x/* \\ ü"];

fn table() -> Vec<(String, Vec<Field>)> {
    let fields = vec![
        Field::new("record", FieldKind::Record, "code of the record"),
        Field::new("wave", FieldKind::Integer, "number of the wave").largest(5),
        Field::new("well", FieldKind::YesNo, "felt well").label("well"),
        Field::new("well_missing", names(&["refused", "not_asked"]), "why `well` has no value").reasons_of("well"),
        Field::new("mood", names(&NASTY), "mood on the day"),
        Field::new("hours", FieldKind::Number, "hours of sleep").unit("hours"),
        Field::new("hours_missing", names(&["refused"]), "why").reasons_of("hours"),
    ];
    vec![("observed.csv".to_owned(), fields)]
}

#[test]
fn names_are_short_different_and_not_reserved() {
    let names = Names { longest: 8, blind_to_case: true, reserved: |name| name == "with" };
    let made = names
        .of(["answer_one", "answer_two", "Answer_o", "with", "3rd", "ü", "_x", ""].into_iter(), &mut BTreeSet::new());
    assert_eq!(made, ["answer_o", "answer_t", "Answer_2", "with_2", "v3rd", "v", "v_x", "v_2"]);
}

#[test]
fn stata_by_hand() {
    let text = stata::write(&table(), &stamp());
    let holds = |line: &str| assert!(text.lines().any(|l| l.trim() == line), "no line `{line}` in\n{text}");
    holds("stringcols(1 4 5 7) numericcols(2 3 6)");
    holds("rename (v1 v2 v3 v4 v5 v6 v7) ///");
    holds("(record wave well raw4 raw5 hours raw7)");
    holds("label define well 0 \"no\" 1 \"yes\"");
    holds("replace well_missing = 2 if raw4 == \"not_asked\"");
    holds("replace well = .a if missing(well) & well_missing == 1");
    holds("label define well .a \"refused\", modify");
    holds("replace hours = .a if missing(hours) & hours_missing == 1");
    holds("label define mood 1 \"plain\", modify");
    holds("replace mood = 2 if raw5 == \"it's \" + char(34) + \"so\" + char(34)");
    holds("mata: st_vlmodify(\"mood\", 3, char(96) + \"echo' \" + char(36) + \"HOME\")");
    // In the file it has an apostrophe, in the label it has none.
    holds("replace mood = 4 if raw5 == \"'=1+1\"");
    holds("label define mood 4 \"=1+1\", modify");
    holds("replace mood = 5 if raw5 == \"a\" + char(10) + \"EXECUTE.\"");
    holds("mata: st_varlabel(\"well\", \"well\")");
    holds("mata: st_global(\"well[note1]\", \"felt well\")");
    holds("mata: st_global(\"_dta[note4]\", \"eclosion.note: synthetic: no real person\")");
    holds("label data \"synthetic: no real person\"");
    // Nothing that Stata would expand but what is written here.
    let own = text.matches("`\"`macval(file)'\"'").count();
    assert_eq!((text.matches('`').count(), text.matches('$').count()), (2 * own, 0));
    let path = "../data/x.csv".to_owned();
    let below = stata::write(&[(path.clone(), Vec::new())], &stamp());
    assert!(below.contains("st_local(\"file\", \"../data/x.csv\")") && below.contains("st_local(\"file\", \"x.dta\")"));
    assert!(r::write(&[(path, Vec::new())], &stamp()).contains("release[[\"x\"]] <- data"));
    let strings: Vec<&str> = text.lines().flat_map(|l| l.split('"').skip(1).step_by(2)).collect();
    assert!(strings.iter().all(|s| !s.contains("//") && !s.contains("/*")));
}

#[test]
fn more_reasons_than_stata_has_letters_stay_in_their_column() {
    let many: Vec<String> = (0..30).map(|i| format!("reason {i}")).collect();
    let fields = vec![
        Field::new("x", FieldKind::Number, ""),
        Field::new("x_missing", FieldKind::Level(many), "").reasons_of("x"),
    ];
    let text = stata::write(&[("t.csv".to_owned(), fields)], &stamp());
    assert!(text.contains("replace x = .z if missing(x) & x_missing == 26\n"));
    assert!(!text.contains("x_missing == 27\n") && text.contains("replace x_missing = 30 if"));
}

#[test]
fn spss_by_hand() {
    let text = spss::write(&table(), &stamp());
    let holds = |line: &str| assert!(text.lines().any(|l| l.trim() == line), "no line `{line}` in\n{text}");
    holds("GET DATA /TYPE=TXT /FILE='observed.csv' /ENCODING='UTF8'");
    holds("record A14");
    holds("raw4 A9");
    holds("NUMERIC well_missing (F8.0).");
    holds("IF (raw4 = 'refused') well_missing = 1.");
    holds("IF (SYSMIS(well) AND well_missing = 2) well = -2.");
    holds("MISSING VALUES well (LO THRU -1).");
    holds("IF (SYSMIS(hours) AND hours_missing = 1) hours = -999999001.");
    holds("MISSING VALUES hours (LO THRU -999999001).");
    holds("-1 'refused'");
    holds("2 'it''s \"so\"'");
    holds("IF (raw5 = '''=1+1') mood = 4.");
    // No text goes over the end of a line, so that none can begin a command.
    holds("5 'a EXECUTE.'");
    assert_eq!(text.lines().filter(|l| l.trim() == "EXECUTE.").count(), 1);
    for line in text.lines() {
        assert!(line.matches('\'').count() % 2 == 0, "{line}");
    }
}

#[test]
fn r_and_python_are_ascii_and_keep_texts_in_their_quotes() {
    for text in [r::write(&table(), &stamp()), pandas::write(&table(), &stamp())] {
        assert!(text.is_ascii());
        assert!(text.contains(r#""it's \"so\"""#));
        assert!(text.contains(r#""a\nEXECUTE.""#));
        assert!(text.contains("synthetic: no real person"));
        assert!(!text.lines().any(|l| l.starts_with("end.") || l.starts_with("EXECUTE")));
    }
    let r = r::write(&table(), &stamp());
    assert!(r.contains("colClasses = c(\"character\", \"integer\", \"integer\", \"character\", "));
    assert!(r.contains("attr(data[[6]], \"unit\") <- \"hours\""));
    assert!(r.contains("attr(data[[6]], \"reasons\") <- \"hours_missing\""));
    let python = pandas::write(&table(), &stamp());
    assert!(python.contains(
        "\"kind\": \"yes_no\", \"label\": \"well\", \"range\": \"0, 1\", \"description\": \"felt well\", \"reasons\": \"well_missing\""
    ));
}

#[test]
fn cuts_keep_whole_characters() {
    assert_eq!(cut("aüb", 2), "a");
    assert_eq!(cut("aüb", 3), "aü");
    assert_eq!(cut("", 3), "");
    assert_eq!(cut("ü", 1), "");
}
