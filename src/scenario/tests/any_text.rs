//! Whatever a file holds, the answer is a scenario or a list of numbered problems.

use super::*;
use crate::diagnostic::{render, to_json};
use crate::scenario::templates;
use proptest::prelude::*;

/// Loads and shows; a scenario comes out exactly where there is no error.
fn stands(bytes: &[u8], settings: &[(&str, &str)]) {
    let loaded = load_files(&[("study.toml", bytes), ("base.toml", LEAST.as_bytes())], settings);
    assert_eq!(loaded.scenario.is_none(), loaded.problems.has_errors());
    for problem in loaded.problems.list() {
        assert!(page(problem.code).is_some() || problem.code.starts_with("S06"), "{}", problem.code);
    }
    let _ = render(&loaded.problems, &loaded.sources, false);
    let _ = to_json(&loaded.problems, &loaded.sources);
    if let Some(scenario) = loaded.scenario {
        let mut problems = Diagnostics::new();
        assert!(!scenario.conditions(&mut problems).is_empty());
    }
}

/// Valid scenarios to damage.
fn any_scenario() -> impl Strategy<Value = &'static str> {
    let mut list = vec![WHOLE, LEAST];
    list.extend(templates().iter().map(|(_, _, text)| *text));
    proptest::sample::select(list)
}

/// Pieces that mean something to TOML or to the language.
const PIECES: [&str; 24] = [
    "\n[",
    "]\n",
    "[[",
    "]]",
    "{",
    "}",
    "= ",
    "\"",
    "'",
    "\"\"\"",
    "#",
    ",",
    ".",
    "inf",
    "2020-01-01",
    "extends = 'base.toml'\n",
    "\u{0}",
    "é",
    "\r\n",
    "[[group]]\n",
    "name = ''\n",
    "[survey.items]\n",
    "levels = []\n",
    "-1",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        stands(&bytes, &[]);
    }

    #[test]
    fn any_pieces(pieces in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40), name in "\\PC{0,8}") {
        stands(pieces.concat().as_bytes(), &[(&name, &name)]);
    }

    #[test]
    fn damaged_scenarios(text in any_scenario(), edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..40, proptest::sample::select(PIECES.to_vec())), 1..4)) {
        let mut bytes = text.as_bytes().to_vec();
        for (at, cut, piece) in edits {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
        }
        stands(&bytes, &[("lost", "0.1")]);
    }

    /// Lines left out or swapped keep the text valid TOML more often, so that the later stages are met.
    #[test]
    fn scenarios_with_other_lines(text in any_scenario(), out in any::<prop::sample::Index>(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let mut lines: Vec<&str> = text.lines().collect();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        lines.swap(a, b);
        lines.remove(out.index(lines.len()));
        stands(lines.join("\n").as_bytes(), &[]);
    }
}

/// Texts of the greatest size that are nothing but one character, or one short pattern, neither hang nor overflow.
#[test]
fn large_monotonous_files() {
    let size = crate::scenario::reading::LARGEST_FILE;
    for pattern in
        ["=", "[", "{", "a={", "[a]\n", "[[group]]\n", "a=1\n", "a.", "\"", "'''", "a=[", "é", "a=[{b=", "\u{0}", "1,"]
    {
        stands(pattern.repeat(size / pattern.len()).as_bytes(), &[]);
    }
    let distinct = |start: &str, line: &dyn Fn(usize) -> String| {
        let mut text = start.to_owned();
        for i in 0.. {
            let next = line(i);
            if text.len() + next.len() > size {
                break;
            }
            text.push_str(&next);
        }
        stands(text.as_bytes(), &[]);
    };
    distinct(LEAST, &|i| format!("unknown{i} = 1\n"));
    distinct("[attributes]\n", &|i| format!("x{i} = []\n"));
    distinct(LEAST, &|i| format!("[[group]]\nname = 'group {i}'\n"));
    distinct(LEAST, &|i| format!("[state.s{i}]\nfrom = 1\n"));
    distinct("", &|i| format!("[parameters.p{}]\na{i} = 1\nb = 1\nc = 1\n", i / 3));
}
