//! What the declarations hold when nothing is wrong.

use super::*;
use crate::diagnostic::Text;
use crate::scenario::Scenario;
use crate::simulate::declaration::{AssignmentKind, Change, EffectOf, Speed};

fn whole() -> Scenario {
    load_one(WHOLE).scenario.expect("it has no mistake")
}

fn text(text: &Text) -> &str {
    &text.text
}

#[test]
fn study_time_and_parameters() {
    let scenario = whole();
    let study = &scenario.study;
    assert_eq!((study.seed, study.replicates, study.confidence), (20101, 1000, 0.9));
    assert_eq!(study.time_limit, Some(std::time::Duration::from_secs(600)), "unless it is given");
    let time = scenario.truth.time.as_ref().expect("it has steps");
    assert_eq!((time.step.years, time.first_wave.years, time.every.years), (1.0 / 12.0, 0.5, 1.0));
    assert_eq!(text(&time.count), "5");
    let list = scenario.parameters.list();
    assert_eq!((list[0].value, list[0].source.as_str(), list[0].levels.is_none()), (0.05, "assumed", true));
    assert_eq!(list[1].value, 0.0);
    assert_eq!(list[1].levels.as_deref(), Some(["true".to_owned(), "recorded".to_owned()].as_slice()));
    assert_eq!(scenario.parameters.unread().len(), 2, "nothing has been read yet");
}

#[test]
fn persons_and_their_attributes() {
    let truth = whole().truth;
    assert_eq!(truth.groups[1].size.text, "10 + 2");
    let start: Vec<_> = truth.groups[0].start.iter().map(|(n, l)| (text(n), text(l))).collect();
    assert_eq!(start[1..], [("setting", "shelter"), ("well", "0.3")]);
    let names: Vec<_> = truth.sites.iter().map(|s| text(&s.name)).collect();
    assert_eq!(names, ["shelter", "site"]);
    assert_eq!(truth.attributes.iter().map(|a| text(&a.name)).collect::<Vec<_>>(), ["total", "five", "faith", "x, y"]);
    assert_eq!(truth.attributes[1].law.as_ref().map(text), Some("5"));
    assert!(truth.attributes[2].latent && truth.attributes[2].levels.len() == 2);
    let arm = &truth.assignments[0];
    assert_eq!((arm.kind, arm.within.as_ref().map(text)), (AssignmentKind::Blocked, Some("group")));
    assert_eq!(arm.shares.iter().map(text).collect::<Vec<_>>(), ["0.5", "1 - 0.5"]);
    let of: Vec<_> = truth.effects.iter().map(|e| (text(&e.name), e.of)).collect();
    assert_eq!(of, [("frailty", EffectOf::Person), ("ward", EffectOf::Site), ("asker", EffectOf::Interviewer)]);
}

#[test]
fn states_keep_the_order_of_the_file() {
    let states = whole().truth.states;
    let names: Vec<_> = states.iter().map(|s| text(&s.name)).collect();
    assert_eq!(names, ["setting", "earning", "well", "mood_level", "born_here"]);
    let Change::Moves(moves) = &states[1].change else { panic!("moves") };
    let ends: Vec<_> = moves.iter().map(|m| (text(&m.from), text(&m.to))).collect();
    assert_eq!(ends, [("0", "1"), ("1", "0")]);
    assert!(matches!(&moves[0].speed, Speed::Rate(rate) if rate.text.starts_with("0.3 *")));
    let Speed::Probability { probability, per: Some(per) } = &moves[1].speed else { panic!("a probability") };
    assert_eq!((text(probability), per.years), ("0.05", 1.0 / 12.0));
    assert!(matches!(&states[2].change, Change::EachStep { per: Some(per), .. } if per.years == 1.0 / 12.0));
    let Change::EachStepLevels { probabilities, per: Some(_) } = &states[3].change else { panic!("levels") };
    assert_eq!(probabilities.iter().map(|(l, p)| (text(l), text(p))).collect::<Vec<_>>()[2], ("high", "rest"));
    assert_eq!(states[4].change, Change::Never);
}

#[test]
fn survey_estimands_methods_and_expectations() {
    let scenario = whole();
    assert_eq!(scenario.survey.visits.as_ref().map(text), Some("poisson(mean = 2.8)"));
    assert_eq!(scenario.survey.items.iter().map(|i| text(&i.name)).collect::<Vec<_>>(), ["earning", "setting", "well"]);
    assert_eq!(scenario.survey.losses.len(), 2);
    assert_eq!(scenario.survey.losses[0].title, "[[survey.loss]]");
    assert_eq!(scenario.estimands.len(), 2);
    let methods: Vec<_> = scenario.methods.iter().map(|m| (text(&m.name), m.kind.as_str())).collect();
    assert_eq!(methods, [("complete_case", "complete_case"), ("weighted", "ipw")]);
    assert_eq!(scenario.methods[1].estimands.as_ref().map(Vec::len), Some(1));
    assert_eq!(scenario.expect.len(), 1);
}

/// Each text's place holds that very text in the file.
#[test]
fn places_are_without_quotation_marks() {
    let scenario = whole();
    let is_there = |text: &Text| assert_eq!(&WHOLE[text.span.bytes.clone()], text.text);
    let truth = &scenario.truth;
    truth.attributes.iter().for_each(|a| is_there(&a.name));
    truth.attributes.iter().filter_map(|a| a.law.as_ref()).for_each(is_there);
    truth.groups.iter().flat_map(|g| &g.start).for_each(|(name, law)| {
        is_there(name);
        is_there(law);
    });
    truth.states.iter().for_each(|s| is_there(&s.name));
    scenario.vary.iter().flat_map(|v| &v.values).for_each(is_there);
}

#[test]
fn strings_of_several_lines_and_escapes() {
    let more = "[attributes]\na = \"\"\"\r\n1 +\n2\"\"\"\nb = '''x'''\nc = \"\\u0061 + 1\"\n";
    let scenario = load_one(&format!("{LEAST}{more}")).scenario.expect("no problems");
    let laws: Vec<_> = scenario.truth.attributes.iter().filter_map(|a| a.law.as_ref()).collect();
    let file = &scenario.sources.files[0].1;
    assert_eq!(laws[0].text, "1 +\n2");
    assert_eq!(&file[laws[0].span.bytes.clone()], "1 +\n2");
    assert_eq!(&file[laws[1].span.bytes.clone()], "x");
    assert_eq!(laws[2].text, "a + 1");
}

/// The scenario that `docs/scenario.md` shows is one.
#[test]
fn the_page_of_the_language_is_a_scenario() {
    let page = include_str!("../../../docs/scenario.md");
    let text = page.split("```").nth(1).and_then(|block| block.strip_prefix("toml\n")).expect("a block of TOML");
    let loaded = load_files(&[("page.toml", text.as_bytes()), ("base.toml", b"")], &[]);
    assert_eq!(listed(&loaded.problems, &loaded.sources), Vec::<String>::new());
}

/// And it names all words that are taken.
#[test]
fn the_page_of_the_language_names_the_reserved_words() {
    let page = include_str!("../../../docs/scenario.md");
    for word in crate::scenario::lower::RESERVED {
        let in_code = page
            .split('`')
            .skip(1)
            .step_by(2)
            .any(|code| code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|piece| piece == word));
        assert!(in_code, "{word}");
    }
}
