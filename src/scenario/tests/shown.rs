//! Problems as they are shown, and the pages that explain them.

use super::*;
use crate::diagnostic::{pages, render};
use insta::assert_snapshot;

#[test]
fn five_mistakes_give_five_problems_as_a_person_reads_them() {
    let text = r#"scenario = 1
[study]
title = "Five mistakes"
aims = "Find all of them."
seed = 1
replicats = 10
replicates = 10

[parameters]
lost = { value = 0.05, about = "yearly dropout" }

[time]
step = "1 mnth"
waves = { every = "1 year", count = 5 }

[[group]]
name = "all"
size = 10

[state.lost]
starts = 0.5

[[method]]
method = "ipv"
"#;
    let loaded = load_one(text);
    assert!(loaded.scenario.is_none());
    assert_snapshot!(render(&loaded.problems, &loaded.sources, false), @r#"
    error[S0101]: [study] has no key `replicats`
     --> study.toml:6:1
      |
    6 | replicats = 10
      | ^^^^^^^^^
      |
      = help: did you mean `replicates`?

    error[S0103]: `lost` needs a key `source`
      --> study.toml:10:8
       |
    10 | lost = { value = 0.05, about = "yearly dropout" }
       |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: write where the value comes from, or `source = "assumed"`

    error[S0108]: `1 mnth` is not a length of time: `mnth` is not a unit
      --> study.toml:13:9
       |
    13 | step = "1 mnth"
       |         ^^^^^^
       |
       = help: a number and a unit: `"3 months"`; units are day(s), week(s), month(s), year(s)

    error[S0107]: the name `lost` is declared twice
      --> study.toml:20:8
       |
    20 | [state.lost]
       |        ^^^^
       |
       = help: the other one is a parameter on line 10 of study.toml

    error[S0601]: there is no method `ipv`
      --> study.toml:24:11
       |
    24 | method = "ipv"
       |           ^^^
       |
       = help: did you mean `ipw`?

    5 errors; `eclosion explain S0101` says more
    "#);
}

#[test]
fn problems_point_into_the_file_that_has_them() {
    let base = "[study]\ntitle = 't'\naims = 'a'\nseed = 1\nreplicates = 0\n[attributes]\nx = 1\n";
    let study = "scenario = 1\nextends = 'base.toml'\n[[group]]\nname = 'g'\nsize = 1\n[state.x]\n";
    let loaded = load_files(&[("study.toml", study.as_bytes()), ("base.toml", base.as_bytes())], &[("z", "1")]);
    assert_snapshot!(render(&loaded.problems, &loaded.sources, false), @r#"
    error[S0107]: the name `x` is declared twice
     --> study.toml:6:8
      |
    6 | [state.x]
      |        ^
      |
      = help: the other one is an attribute on line 7 of base.toml

    error[S0109]: `replicates` cannot be 0
     --> base.toml:5:14
      |
    5 | replicates = 0
      |              ^
      |
      = help: a whole number from 1 to 1000000000

    error[S0702]: there is no parameter `z`
     --> --set:1:1
      |
    1 | z=1
      | ^
      |
      = help: these can be set: study.seed, study.replicates

    3 errors; `eclosion explain S0107` says more
    "#);
}

/// The examples of the pages: the wrong ones have the page's problem, the right ones have it not.
#[test]
fn pages_tell_the_truth() {
    let shown = |text: &str, from: &str| -> Option<String> {
        let rest = text.split_once(from)?.1;
        let block = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
        Some(block.map(|line| line.strip_prefix("    ").unwrap_or("").to_owned() + "\n").collect())
    };
    let mut tried = 0;
    for page in pages().filter(|p| p.code.starts_with("S01") || p.code.starts_with("S07")) {
        assert!(page.title.ends_with('.') && page.text.ends_with('\n'), "{}", page.code);
        let (Some(wrong), Some(right)) = (shown(page.text, "Wrong:\n\n"), shown(page.text, "Right:\n\n")) else {
            continue;
        };
        if page.code == "S0701" {
            continue;
        }
        let codes = |text: String| -> Vec<&'static str> {
            let text = format!("extends = 'least.toml'\n{text}");
            let loaded = load_files(&[("study.toml", text.as_bytes()), ("least.toml", LEAST.as_bytes())], &[]);
            loaded.problems.list().iter().map(|d| d.code).collect()
        };
        let found = codes(wrong);
        assert!(!found.is_empty() && found.iter().all(|code| *code == page.code), "{}: {found:?}", page.code);
        assert_eq!(codes(right), Vec::<&str>::new(), "{}", page.code);
        tried += 1;
    }
    assert!(tried >= 20, "{tried}");
}
