//! What the steps of linkage do with interviews.

use super::*;
use crate::analyze::Pipeline;
use crate::analyze::tests::{loader::with_items, stream, text};
use crate::analyze::{Method, NoReport};
use crate::options::{Entry, OptionValue};
use crate::tables::observed::TextField;
use crate::tables::{Answers, FailureKind, Finding};

/// Codes of two elements at two waves, `codes[wave][record]`; `None` where nobody was interviewed. `y` is the number of
/// the record plus 10 times the wave.
fn with_codes(codes: &[Vec<Option<(u16, u16)>>]) -> ObservedBatch {
    let y = |wave: usize, record: usize| codes[wave][record].map_or(f64::NAN, |_| (10 * wave + record) as f64 + 0.5);
    let waves = (0..codes.len()).map(|w| (0..codes[w].len()).map(|r| y(w, r)).collect()).collect();
    let mut batch = with_items(&[("y", waves)]);
    let mut schema = (*batch.schema).clone();
    schema.code_elements = vec![("day".to_owned(), 31), ("letter".to_owned(), 20)];
    schema.baseline = Vec::new();
    batch.schema = Arc::new(schema);
    let element = |of: fn((u16, u16)) -> u16| -> Vec<Vec<u16>> {
        codes.iter().map(|wave| wave.iter().map(|code| code.map_or(u16::MAX, of)).collect()).collect()
    };
    batch.elements = vec![element(|c| c.0), element(|c| c.1)];
    batch
}

fn table(pairs: Vec<(&str, OptionValue)>) -> Options {
    let entries = pairs.into_iter().map(|(key, value)| Entry { key: text(key), value }).collect();
    Options::new("[method.link]", crate::diagnostic::Span::default(), entries)
}

fn word(word: &str) -> OptionValue {
    OptionValue::Text(text(word))
}

fn number(number: &str) -> OptionValue {
    OptionValue::Number(text(number))
}

fn list(items: Vec<OptionValue>) -> OptionValue {
    OptionValue::List(items, crate::diagnostic::Span::default())
}

fn declared(name: &str, options: &Options) -> Result<Box<dyn Step>, Vec<String>> {
    let mut problems = Diagnostics::new();
    let entry = crate::analyze::steps().iter().find(|entry| entry.name == name).unwrap();
    let step = (entry.declare)(options, &mut problems);
    options.finish(&mut problems);
    let messages: Vec<String> = problems.list().iter().map(|p| p.message.clone()).collect();
    step.filter(|_| messages.is_empty()).ok_or(messages)
}

/// The new records, each as the old records of its interviews by wave, and the `y` that they carry.
fn run(name: &str, options: &Options, batch: &ObservedBatch) -> (Vec<Vec<u32>>, Vec<Vec<Option<f64>>>) {
    let step = declared(name, options).unwrap();
    let mut bound = step.bind(&batch.schema, 0.95).unwrap().step;
    let mut seen = Vec::new();
    let mut rest = |observed: &Observed<'_>, _: &mut Own| {
        let values = |a: Answers<'_>| (0..a.len()).map(|i| a.get(i)).collect::<Vec<_>>();
        seen = (0..observed.schema().waves()).map(|wave| values(observed.item(0, wave))).collect();
        for (wave, seen) in seen.iter().enumerate() {
            let there: Vec<bool> = seen.iter().map(Option::is_some).collect();
            assert_eq!(observed.attended(wave), there);
            assert_eq!(observed.element(0, wave).len(), observed.records());
            assert_eq!(observed.group().len(), observed.records());
        }
        Ok(Answer::default())
    };
    bound.run(&batch.replicate(0), &mut stream(), &mut rest).unwrap();
    (bound.links().unwrap().rows.clone(), seen)
}

const NONE: u32 = u32::MAX;

#[test]
fn records_are_taken_apart_and_linked_by_equal_codes() {
    // Record 0 holds interviews of different codes, records 1 and 2 one of them each; two codes at the second wave occur
    // twice.
    let codes = with_codes(&[
        vec![Some((1, 1)), Some((2, 2)), None, Some((3, 3)), None],
        vec![Some((2, 2)), Some((9, 9)), Some((1, 1)), Some((3, 3)), Some((3, 3))],
    ]);
    let (links, y) = run("link.exact", &table(vec![]), &codes);
    // 0 goes on in 2, 1 in 0; nobody knows which of two codes (3, 3) is that of record 3.
    assert_eq!(links, [[0, 1, 3, NONE, NONE, NONE], [2, 0, NONE, 1, 3, 4]]);
    assert_eq!(y[0], [Some(0.5), Some(1.5), Some(3.5), None, None, None]);
    assert_eq!(y[1], [Some(12.5), Some(10.5), None, Some(11.5), Some(13.5), Some(14.5)]);
    let greedy = table(vec![("one_to_one", word("greedy"))]);
    assert_eq!(run("link.exact", &greedy, &codes).0, [[0, 1, 3, NONE, NONE], [2, 0, 3, 1, 4]]);
}

#[test]
fn one_key_may_differ() {
    let codes = with_codes(&[vec![Some((1, 1)), Some((2, 2))], vec![Some((1, 7)), Some((2, 2))]]);
    assert_eq!(run("link.deterministic", &table(vec![]), &codes).0, [[0, 1], [0, 1]]);
    let both = table(vec![("at_least", number("2"))]);
    assert_eq!(run("link.deterministic", &both, &codes).0, [[0, 1, NONE], [NONE, 1, 0]]);
    // In blocks of the second element the first pair is never compared.
    let block = table(vec![("at_least", number("1")), ("block", list(vec![word("letter")]))]);
    assert_eq!(run("link.deterministic", &block, &codes).0, [[0, 1, NONE], [NONE, 1, 0]]);
}

#[test]
fn a_gap_is_bridged_by_the_last_interview_or_by_every_pair() {
    // Record 0 is away at the second wave; at the third its code is that of the first wave but for one element, and one
    // interview of the second wave has the same code as record 0 but for the other element.
    let codes = with_codes(&[vec![Some((1, 1)), None], vec![None, Some((1, 5))], vec![Some((9, 1)), None]]);
    let chain = table(vec![("at_least", number("1"))]);
    // Chain: (1, 5) is joined to record 0, whose last code has nothing in common with (9, 1).
    assert_eq!(run("link.deterministic", &chain, &codes).0, [[0, NONE], [1, NONE], [NONE, 0]]);
    let components = table(vec![("at_least", number("1")), ("join", word("components"))]);
    assert_eq!(run("link.deterministic", &components, &codes).0, [[0], [1], [0]]);
}

#[test]
fn weights_are_learnt_from_all_pairs() {
    // 40 persons whose codes are (k, k / 2); every tenth gets the first element wrong at the second wave.
    let first: Vec<_> = (0..40_u16).map(|k| Some((k, k / 2))).collect();
    let second: Vec<_> = (0..40_u16).map(|k| Some((if k % 10 == 0 { 100 + k } else { k }, k / 2))).collect();
    let codes = with_codes(&[first, second]);
    let (links, _) = run("link.fellegi_sunter", &table(vec![]), &codes);
    let right = (0..40).filter(|r| links[0][*r] == links[1][*r]).count();
    let linked = (0..links[0].len()).filter(|r| links[0][*r] != NONE && links[1][*r] != NONE).count();
    assert_eq!((right, linked), (36, 36));
    // With a threshold below all weights even those are linked whose other element points to two persons: of these the
    // one is taken already.
    let low = table(vec![("thresholds", list(vec![number("-50"), number("-50")]))]);
    let (links, _) = run("link.fellegi_sunter", &low, &codes);
    assert_eq!((0..40).filter(|r| links[0][*r] == links[1][*r]).count(), 40);
}

#[test]
fn the_report_names_records_and_says_what_is_right() {
    let mut batch = with_items(&[("y", vec![vec![1.0, 2.0, f64::NAN, f64::NAN], vec![f64::NAN, f64::NAN, 3.0, 4.0]])]);
    let mut schema = (*batch.schema).clone();
    let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let field = |name: &str, all: &[&str]| TextField { name: name.to_owned(), texts: texts(all) };
    schema.fields = vec![field("last", &["O'Neil", "oneil", "Smith"]), field("rec", &["1", "2", "b"])];
    batch.schema = Arc::new(schema);
    let none = u32::MAX;
    batch.fields = vec![
        vec![vec![0, 2, none, none], vec![none, none, 2, 1]],
        vec![vec![0, 1, none, none], vec![none, none, 0, 2]],
    ];
    let options = table(vec![("fields", list(vec![word("last")])), ("record", word("rec")), ("who", word("rec"))]);
    let step = declared("link.exact", &options).unwrap();
    let pipeline = Pipeline::new(vec![("link.exact", step)], None);
    let findings = pipeline.report(&batch.replicate(0), 0.95, &mut stream()).unwrap();
    let pair = |a: Finding, b: Finding| Finding::List(vec![a, b]);
    let pairs = Finding::List(vec![
        pair(Finding::Whole(1), Finding::Text("b".to_owned())),
        pair(Finding::Whole(2), Finding::Whole(1)),
    ]);
    assert_eq!(findings.values.get("pairs"), Some(&pairs));
    assert_eq!(findings.values.get("links"), Some(&Finding::Whole(2)));
    assert_eq!(findings.values.get("true_positive"), Some(&Finding::Whole(0)));
    assert_eq!(findings.values.get("true_pairs"), Some(&Finding::Whole(1)));
    let Some(Finding::Record(within)) = findings.values.get("within_records") else { panic!("not there") };
    assert_eq!(within.get("precision"), Some(&Finding::Number(0.0)));
}

#[test]
fn options_that_cannot_be_used_are_named() {
    let refused = |name: &str, pairs| declared(name, &table(pairs)).map(|_| ()).unwrap_err().join("; ");
    let field = |pairs: Vec<(&str, OptionValue)>| list(vec![OptionValue::Table(table(pairs))]);
    assert_eq!(refused("link.exact", vec![("fields", list(vec![]))]), "`fields` is empty");
    let only_limit = field(vec![("name", word("last")), ("at_least", number("0.9"))]);
    assert!(refused("link.deterministic", vec![("fields", only_limit)]).contains("compared by `within`"));
    assert!(refused("link.deterministic", vec![("at_least", number("0"))]).contains("whole number"));
    assert!(refused("link.deterministic", vec![("block", word("day"))]).contains("list of names"));
    let both = vec![("thresholds", list(vec![number("0"), number("1")])), ("false_link_rate", number("0.1"))];
    assert!(refused("link.fellegi_sunter", both).contains("both say where links begin"));
    assert!(refused("link.fellegi_sunter", vec![("thresholds", list(vec![number("2"), number("1")]))]).contains("two"));
    let m = || list(vec![list(vec![number("0.1"), number("0.8")])]);
    let start = vec![("m", m()), ("u", m()), ("p", number("0.1"))];
    assert!(
        refused("link.fellegi_sunter", vec![("start", OptionValue::Table(table(start)))]).contains("probabilities")
    );
}

#[test]
fn what_the_data_do_not_have_is_named() {
    let codes = with_codes(&[vec![Some((1, 1))], vec![Some((1, 1))]]);
    let why = |name: &str, pairs, batch: &ObservedBatch| {
        declared(name, &table(pairs)).unwrap().bind(&batch.schema, 0.95).map(|_| ()).unwrap_err().why
    };
    let fields = |name: &str| vec![("fields", list(vec![word(name)]))];
    assert!(why("link.exact", fields("dya"), &codes).contains("day, letter"));
    let bare = with_items(&[("y", vec![vec![1.0]])]);
    assert!(why("link.exact", vec![], &bare).contains("nothing to link interviews by"));
    assert!(why("link.exact", vec![("who", word("person"))], &codes).contains("no text `person`"));
    assert!(why("link.deterministic", vec![("at_least", number("3"))], &codes).contains("3 keys cannot agree"));
}

#[test]
fn nobody_and_one_wave_do_no_harm() {
    for codes in [vec![vec![None, None], vec![None, None]], vec![vec![Some((1, 1)), None], vec![None, None]]] {
        let batch = with_codes(&codes);
        for name in ["link.exact", "link.deterministic"] {
            let (links, _) = run(name, &table(vec![]), &batch);
            assert_eq!(links[0].len(), codes.concat().iter().flatten().count());
        }
        let pipeline = Pipeline::new(vec![("fs", declared("link.fellegi_sunter", &table(vec![])).unwrap())], None);
        let failed = pipeline.report(&batch.replicate(0), 0.95, &mut stream()).unwrap_err();
        assert!(matches!(failed, NoReport::Failed(failure) if failure.kind == FailureKind::NoData));
    }
}

#[test]
fn pages_have_their_headings_and_their_options_are_read() {
    for entry in crate::analyze::steps().iter().filter(|entry| entry.name.starts_with("link.")) {
        let found: Vec<&str> = entry.page.lines().filter_map(|l| l.strip_prefix("## ")).collect();
        assert_eq!(found, ["What it does", "Assumptions", "Failure modes", "Options", "References"], "{}", entry.name);
        let section = entry.page.split("## Options").nth(1).unwrap().split("## References").next().unwrap();
        for key in section.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next()) {
            let switch = OptionValue::Switch(true, crate::diagnostic::Span::default());
            let problems = declared(entry.name, &table(vec![(key, switch)])).map(|_| ()).unwrap_err();
            let named = format!("`{key}`");
            assert!(problems.iter().any(|p| p.contains(&named) && !p.contains("has no key")), "{key}: {problems:?}");
        }
    }
}
