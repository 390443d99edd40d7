//! Comments and coders against closed forms.

use crate::common::*;
use eclosion::observe;
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::audit::TrueComments;
use eclosion::tables::observed::CodedComments;

fn people(visits: &str) -> String {
    format!(
        "time = {{ step = '1 month', waves = {{ every = '1 year', count = 3 }}{visits} }}\n\
         [[group]]\nname = 'a'\nsize = 1500\n[[group]]\nname = 'b'\nsize = 500\n\
         [state.works]\nstarts = 0.5\non = {{ rate = 0.4 }}\noff = {{ rate = 0.4 }}\n\
         [survey]\nmood = 'normal(mean = 0, sd = 1)'\n"
    )
}

const THEMES: &str = "[[survey.comment]]\nname = 'family'\ncount = \"poisson(mean = if(group == 'a', 0.6, 1.2))\"\n\
     positive = 'if(works, 0.7, 0.4)'\nrelation = \"categorical(mother = 0.5, 'spouse / partner' = 0.2, father = rest)\"\n\
     [[survey.comment]]\nname = 'debt'\ncount = 'poisson(mean = 0.5)'\ntoward = 0.25\nto_wave = 2\n\
     [[survey.comment]]\nname = 'other'\ntheme = false\ncount = 'binomial(n = 4, p = 0.25)'\npositive = 0.5\n";

const CODERS: &str = "[[survey.coder]]\nname = 'A'\nsensitivity = { family = 0.9, debt = 0.8 }\nspecificity = 0.95\n\
                      [[survey.coder]]\nname = 'B'\nsensitivity = 0.7\nspecificity = { debt = 0.9 }\n";

/// Positions of the comments of a theme at a wave (from 0).
fn of_theme(said: &TrueComments, theme: u8, wave: u16) -> Vec<usize> {
    (0..said.row.len()).filter(|i| said.theme[*i] == theme && said.wave[*i] == wave).collect()
}

/// The number of a theme's comments in each interview of a wave.
fn per_interview(seen: &Seen, theme: u8, wave: u16) -> Vec<f64> {
    let mut counts = vec![vec![0.0; seen.rows()]; 256];
    for i in of_theme(&seen.audit.comments, theme, wave) {
        counts[usize::from(seen.audit.comments.visit[i])][seen.audit.comments.row[i] as usize] += 1.0;
    }
    let visits: Vec<_> = seen.observed.visits.iter().filter(|v| v.wave == usize::from(wave)).collect();
    if visits.is_empty() {
        return counts.swap_remove(0);
    }
    visits.iter().flat_map(|v| (0..seen.rows()).filter(|i| v.took_place[*i]).map(|i| counts[v.number][i])).collect()
}

#[track_caller]
fn assert_poisson(counts: &[f64], mean: f64) {
    assert_mean(counts, mean);
    let squares: Vec<f64> = counts.iter().map(|c| (c - mean) * (c - mean)).collect();
    assert_mean(&squares, mean);
}

#[test]
fn comments_are_counted_by_interview() {
    let seen = seen(&format!("{}{THEMES}{CODERS}", people("")), 5);
    let said = &seen.audit.comments;
    let schema = seen.observed.schema.comments.as_ref().unwrap();
    assert_eq!(schema.themes, ["family", "debt"]);
    assert_eq!(schema.relations, ["mother", "spouse / partner", "father"]);
    assert_eq!(schema.coders, ["A", "B"]);
    for wave in 0..3 {
        let family = per_interview(&seen, 0, wave);
        let of_group = |g: u8| -> Vec<f64> {
            family.iter().zip(&seen.observed.group).filter(|(_, group)| **group == g).map(|(n, _)| *n).collect()
        };
        assert_poisson(&of_group(0), 0.6);
        assert_poisson(&of_group(1), 1.2);
        let debt = per_interview(&seen, 1, wave);
        match wave {
            2 => assert!(debt.iter().all(|n| *n == 0.0)),
            _ => assert_poisson(&debt, 0.5),
        }
        let other = per_interview(&seen, 2, wave);
        assert_mean(&other, 1.0);
        assert_mean(&other.iter().map(|n| (n - 1.0) * (n - 1.0)).collect::<Vec<_>>(), 0.75);
        // What goes with a comment, each by its own draw.
        let works = seen.truth("works", usize::from(wave) + 1);
        let family = of_theme(said, 0, wave);
        let at = |k: usize| family[k];
        let works = |k: usize| works[said.row[at(k)] as usize] == 1.0;
        assert_share(share(family.len(), works, |k| said.valence[at(k)] == 1), 0.7);
        assert_share(share(family.len(), |k| !works(k), |k| said.valence[at(k)] == 1), 0.4);
        for (relation, p) in [0.5, 0.2, 0.3].into_iter().enumerate() {
            let got = share(family.len(), |_| true, |k| usize::from(said.relation[at(k)]) == relation);
            assert_share(got, p);
        }
        assert!(family.iter().all(|i| said.direction[*i] == 255 && said.valence[*i] < 2));
        let debt = of_theme(said, 1, wave);
        if wave < 2 {
            assert_share(share(debt.len(), |_| true, |k| said.direction[debt[k]] == 1), 0.25);
        }
        assert!(debt.iter().all(|i| said.valence[*i] == 255 && said.relation[*i] == 255));
    }
    // Two comments of one interview are about whom they are about, each for itself.
    let pairs: Vec<usize> = (1..said.row.len())
        .filter(|i| {
            let same = |j: usize| (said.row[j], said.wave[j], said.theme[j]);
            same(*i) == same(i - 1) && said.theme[*i] == 0
        })
        .collect();
    let both = share(pairs.len(), |_| true, |k| said.relation[pairs[k]] == 0 && said.relation[pairs[k] - 1] == 0);
    assert_share(both, 0.25);
    let idle = |k: usize| {
        let i = pairs[k];
        seen.truth("works", usize::from(said.wave[i]) + 1)[said.row[i] as usize] == 0.0
    };
    let idle: Vec<usize> = (0..pairs.len().min(400)).filter(|k| idle(*k)).map(|k| pairs[k]).collect();
    assert_share(share(idle.len(), |_| true, |k| said.valence[idle[k]] == 1 && said.valence[idle[k] - 1] == 1), 0.16);
    let made = |name: &str| seen.audit.mechanisms.iter().filter(|m| m.name == name).map(|m| m.happened).sum::<u64>();
    assert_eq!(made("comments on family"), said.theme.iter().filter(|t| **t == 0).count() as u64);
    let first = seen.audit.mechanisms.iter().find(|m| m.name == "comments on other" && m.wave == 1).unwrap();
    assert_eq!(first.at_risk, seen.rows() as u64);
}

/// Each interview has its own comments, in an order that does not tell their themes.
#[test]
fn interviews_are_apart_and_their_comments_mixed() {
    let seen = seen(&format!("{}{THEMES}", people(", visits = 'poisson(mean = 2)'")), 2);
    let said = &seen.audit.comments;
    assert_poisson(&per_interview(&seen, 1, 0), 0.5);
    let key = |i: usize| (said.row[i], said.wave[i], said.visit[i], said.number[i]);
    for i in 1..said.row.len() {
        let (before, now) = (key(i - 1), key(i));
        assert!(before < now);
        let same = (before.0, before.1, before.2) == (now.0, now.1, now.2);
        assert_eq!(now.3, if same { before.3 + 1 } else { 0 });
    }
    for i in 0..said.row.len() {
        let held = |v: &&eclosion::tables::observed::VisitColumns| {
            v.wave == usize::from(said.wave[i]) && v.number == usize::from(said.visit[i])
        };
        assert!(seen.observed.visits.iter().find(held).unwrap().took_place[said.row[i] as usize]);
    }
    let last = |i: usize| i + 1 == said.row.len() || said.number[i + 1] == 0;
    let two: Vec<usize> = (1..said.row.len())
        .filter(|i| said.number[*i] == 1 && last(*i) && said.theme[*i] != said.theme[i - 1])
        .collect();
    assert_share(share(two.len(), |_| true, |k| said.theme[two[k]] > said.theme[two[k] - 1]), 0.5);
}

/// Whether a coder marked each true comment with a theme.
fn marked(seen: &Seen, coder: u8, theme: u8) -> Vec<bool> {
    let (said, marks) = (&seen.audit.comments, &seen.observed.comments);
    let said_at = |i: usize| (said.row[i], said.wave[i], said.visit[i], said.number[i]);
    let mark_at = |i: usize| (marks.row[i], marks.wave[i], marks.visit[i], marks.number[i]);
    let own: Vec<_> =
        (0..marks.row.len()).filter(|i| marks.coder[*i] == coder && marks.theme[*i] == theme).map(mark_at).collect();
    assert!(own.is_sorted_by(|a, b| a < b), "a coder marks a comment with a theme once");
    (0..said.row.len()).map(|i| own.binary_search(&said_at(i)).is_ok()).collect()
}

/// For a share pi of a theme among all comments: P(both mark) = pi se_a se_b + (1 - pi) (1 - sp_a) (1 - sp_b), and
/// with the shares of marks of each, Cohen's kappa.
#[test]
fn two_coders_agree_as_their_sensitivities_say() {
    let seen = seen(&format!("{}{THEMES}{CODERS}", people("")).replace("to_wave = 2\n", ""), 32);
    let said = &seen.audit.comments;
    let n = said.row.len();
    // Means per interview: family 0.75 * 0.6 + 0.25 * 1.2 = 0.75, debt 0.5, other 1.
    for (theme, pi, (se_a, sp_a), (se_b, sp_b)) in
        [(0, 0.75 / 2.25, (0.9, 0.95), (0.7, 1.0)), (1, 0.5 / 2.25, (0.8, 0.95), (0.7, 0.9))]
    {
        let (a, b) = (marked(&seen, 0, theme), marked(&seen, 1, theme));
        let is = |i: usize| said.theme[i] == theme;
        assert_share(share(n, |_| true, is), pi);
        assert_share(share(n, is, |i| a[i]), se_a);
        assert_share(share(n, |i| !is(i), |i| a[i]), 1.0 - sp_a);
        assert_share(share(n, is, |i| b[i]), se_b);
        assert_share(share(n, |i| !is(i), |i| b[i]), 1.0 - sp_b);
        let both = pi * se_a * se_b + (1.0 - pi) * (1.0 - sp_a) * (1.0 - sp_b);
        assert_share(share(n, |_| true, |i| a[i] && b[i]), both);
        let marks = |se: f64, sp: f64| pi * se + (1.0 - pi) * (1.0 - sp);
        let (qa, qb) = (marks(se_a, sp_a), marks(se_b, sp_b));
        assert_share(share(n, |_| true, |i| a[i]), qa);
        let agreed = both + 1.0 - qa - qb + both;
        let chance = qa * qb + (1.0 - qa) * (1.0 - qb);
        let kappa = by_replicate(&seen, |rows| {
            let own = |i: &usize| rows.contains(&(said.row[*i] as usize));
            let own: Vec<usize> = (0..n).filter(own).collect();
            let p = |f: &dyn Fn(usize) -> bool| own.iter().filter(|i| f(**i)).count() as f64 / own.len() as f64;
            let (qa, qb, agreed) = (p(&|i| a[i]), p(&|i| b[i]), p(&|i| a[i] == b[i]));
            let chance = qa * qb + (1.0 - qa) * (1.0 - qb);
            (agreed - chance) / (1.0 - chance)
        });
        assert_mean(&kappa, (agreed - chance) / (1.0 - chance));
        // Two comments of one interview are marked each for itself.
        let of = |i: usize| (said.row[i], said.wave[i]);
        let next: Vec<usize> = (1..n).filter(|i| of(*i) == of(i - 1) && is(*i) && is(i - 1)).collect();
        assert_share(share(next.len(), |_| true, |k| a[next[k]] && a[next[k] - 1]), se_a * se_a);
        // The audit counts the same.
        let name = ["family", "debt"][usize::from(theme)];
        for (coder, marks) in [("A", &a), ("B", &b)] {
            let counted = |what: &str| {
                let name = format!("coder {coder}, {what} for {name}");
                let all = seen.audit.mechanisms.iter().filter(|m| m.name == name);
                all.fold((0, 0), |sum, m| (sum.0 + m.at_risk, sum.1 + m.happened))
            };
            let count = |f: &dyn Fn(usize) -> bool| (0..n).filter(|i| f(*i)).count() as u64;
            assert_eq!(counted("sensitivity"), (count(&is), count(&|i| is(i) && marks[i])));
            assert_eq!(counted("specificity"), (count(&|i| !is(i)), count(&|i| !is(i) && !marks[i])));
        }
    }
}

/// A mark tells what its theme has: a comment that is taken for another theme does not give itself away.
#[test]
fn marks_tell_what_their_theme_has() {
    let seen = seen(&format!("{}{THEMES}{CODERS}", people("")), 1);
    let marks = &seen.observed.comments;
    let said = &seen.audit.comments;
    let mut wrong = 0;
    for i in 0..marks.row.len() {
        let at = |j: &usize| (said.row[*j], said.wave[*j], said.visit[*j], said.number[*j]);
        let mark = (marks.row[i], marks.wave[i], marks.visit[i], marks.number[i]);
        let of = (0..said.row.len()).collect::<Vec<_>>();
        let of = of[of.binary_search_by_key(&mark, at).unwrap()];
        let told = (marks.valence[i], marks.direction[i], marks.relation[i]);
        match marks.theme[i] {
            0 => assert_eq!(told, (said.valence[of], 255, said.relation[of])),
            _ => assert_eq!(told, (255, said.direction[of], 255)),
        }
        wrong += usize::from(marks.theme[i] != said.theme[of]);
    }
    assert!(wrong > 100);
}

/// Without a coder the team codes every comment as it is.
#[test]
fn the_team_codes_as_it_is() {
    let seen = seen(&format!("{}{THEMES}", people("")), 1);
    let (said, marks) = (&seen.audit.comments, &seen.observed.comments);
    assert_eq!(seen.observed.schema.comments.as_ref().unwrap().coders, ["team"]);
    let themes: Vec<usize> = (0..said.row.len()).filter(|i| said.theme[*i] < 2).collect();
    let pick = |list: &[u16]| themes.iter().map(|i| list[*i]).collect::<Vec<_>>();
    let pick_bytes = |list: &[u8]| themes.iter().map(|i| list[*i]).collect::<Vec<_>>();
    assert_eq!(marks.row, themes.iter().map(|i| said.row[*i]).collect::<Vec<_>>());
    assert_eq!((&marks.wave, &marks.number), (&pick(&said.wave), &pick(&said.number)));
    assert_eq!((&marks.theme, &marks.relation), (&pick_bytes(&said.theme), &pick_bytes(&said.relation)));
    assert_eq!((&marks.valence, &marks.direction), (&pick_bytes(&said.valence), &pick_bytes(&said.direction)));
    assert!(marks.coder.iter().all(|c| *c == 0));
}

/// Comments are made where single interviews are kept, by those who are there, and move no answer.
#[test]
fn comments_change_nothing_else() {
    let items = "[survey.items]\nworks = { sensitivity = 'expit(mood)' }\n[[survey.loss]]\nkind = 'dropout'\nprobability = 0.2\n";
    let text = format!("{}{items}", people(""));
    let (plain, talking) = (seen(&text, 1), seen(&format!("{text}{THEMES}{CODERS}"), 1));
    for wave in 1..=3 {
        let bits = |seen: &Seen| seen.answers("works", wave).into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&plain), bits(&talking));
    }
    assert!(plain.observed.schema.comments.is_none() && plain.audit.comments == TrueComments::default());
    let said = &talking.audit.comments;
    assert!((0..said.row.len()).all(|i| talking.attended(usize::from(said.wave[i]) + 1)[said.row[i] as usize]));
    let prepared = study(&format!("{text}{THEMES}{CODERS}"));
    let counted = try_see(&prepared, 20_101, 0..1, Keep::Answers).unwrap_or_else(|p| panic!("{}", p.message));
    assert_eq!(counted.observed.comments, CodedComments::default());
    assert_eq!(counted.audit.comments, TrueComments::default());
    assert_eq!(counted.audit.counts, talking.audit.counts);
}

/// What is said and marked by the persons of some rows, counted from the first.
fn talk_of(seen: &Seen, rows: std::ops::Range<usize>) -> (Vec<[u32; 8]>, Vec<[u32; 9]>) {
    let (s, m) = (&seen.audit.comments, &seen.observed.comments);
    let inside = |row: u32| rows.contains(&(row as usize));
    let said = (0..s.row.len()).filter(|i| inside(s.row[*i])).map(|i| {
        let [a, b, c] = [s.wave[i], s.visit[i], s.number[i]].map(u32::from);
        let [d, e, f, g] = [s.theme[i], s.valence[i], s.direction[i], s.relation[i]].map(u32::from);
        [s.row[i] - rows.start as u32, a, b, c, d, e, f, g]
    });
    let marks = (0..m.row.len()).filter(|i| inside(m.row[*i])).map(|i| {
        let [a, b, c] = [m.wave[i], m.visit[i], m.number[i]].map(u32::from);
        let [d, e, f, g, h] = [m.coder[i], m.theme[i], m.valence[i], m.direction[i], m.relation[i]].map(u32::from);
        [m.row[i] - rows.start as u32, a, b, c, d, e, f, g, h]
    });
    (said.collect(), marks.collect())
}

#[test]
fn the_same_at_any_size_of_batch_and_part() {
    let prepared = study(&format!("{}{THEMES}{CODERS}", people(", visits = 'poisson(mean = 1.5)'")));
    let whole = see(&prepared, 0..3);
    for r in 0..3_usize {
        let one = see(&prepared, r as u64..r as u64 + 1);
        assert_eq!(talk_of(&whole, whole.truth.rows(r)), talk_of(&one, 0..one.rows()));
    }
    let streams = Streams::new(20_101, Space::Study);
    let truth = prepared.truth.simulate(&streams, 1..2, &mut simulate::Scratch::default()).unwrap();
    for persons in [0..700, 700..1600, 1600..2000] {
        let part = prepared.survey.observe_part(
            &truth.part(persons.clone()),
            persons.clone(),
            &streams,
            Keep::Cells,
            &mut observe::Scratch::default(),
        );
        let (observed, audit) = part.unwrap().unwrap();
        let part = Seen { truth: truth.part(persons.clone()), observed, audit };
        assert_eq!(talk_of(&whole, 2000 + persons.start..2000 + persons.end), talk_of(&part, 0..persons.len()));
    }
}

/// Another theme or coder moves no comment and no mark of the others.
#[test]
fn themes_and_coders_do_not_move_each_other() {
    let text = format!("{}{THEMES}", people(""));
    let more = "[[survey.comment]]\nname = 'school'\ncount = 'poisson(mean = 0.4)'\n[[survey.coder]]\nname = 'C'\nsensitivity = 0.4\n";
    let (few, many) = (seen(&format!("{text}{CODERS}"), 1), seen(&format!("{text}{CODERS}{more}"), 1));
    // Numbers in the interview change, and nothing else does; `other` comes after one more theme.
    let all = |seen: &Seen, other: u8| {
        let s = &seen.audit.comments;
        let marks: Vec<Vec<bool>> =
            (0..2).flat_map(|c| (0..2).map(move |t| (c, t))).map(|(c, t)| marked(seen, c, t)).collect();
        let kept = (0..s.row.len()).filter(|i| s.theme[*i] < 2 || s.theme[*i] == other);
        kept.map(|i| {
            let marked: Vec<bool> = marks.iter().map(|m| m[i]).collect();
            (s.row[i], s.wave[i], s.theme[i].min(2), s.valence[i], s.direction[i], s.relation[i], marked)
        })
        .collect::<Vec<_>>()
    };
    let (few, many) = (all(&few, 2), all(&many, 3));
    assert_eq!(few.len(), many.len());
    assert_eq!(few, many);
}

const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                      group = [{ name = 'all', size = 9 }]\nstate = { well = { starts = 0.5 } }\n";
const DEBT: &str = "[[survey.comment]]\nname = 'debt'\ncount = 'poisson(mean = 0.2)'\n";

#[test]
fn problems_of_comments_and_coders() {
    let coder = |more: &str| format!("{DEBT}[[survey.coder]]\nname = 'A'\n{more}\n");
    for (text, want) in [
        (
            "[[survey.coder]]\nname = 'A'\nsensitivity = 0.8\n".to_owned(),
            "S0443 4:1 there is a coder, and there are no comments to code [add `[[survey.comment]]` with a `name` and a `count`, or leave out the coder]",
        ),
        (
            format!("{DEBT}theme = false\n"),
            "S0443 4:1 no comment has a theme, so there is nothing to code [leave out `theme = false` in one `[[survey.comment]]` at least]",
        ),
        (
            coder("sensitivity = 1.2"),
            "S0204 9:15 this is 1.2; a probability must lie between 0 and 1 [`expit(...)` always lies there; `min(1, max(0, ...))` cuts off]",
        ),
        (
            coder("specificity = { debt = -0.1 }"),
            "S0204 9:24 this is -0.1; a probability must lie between 0 and 1 [`expit(...)` always lies there; `min(1, max(0, ...))` cuts off]",
        ),
        (coder("sensitivity = { dept = 0.9 }"), "S0444 9:17 there is no theme `dept` [did you mean `debt`?]"),
        (coder("sensitivity = { school = 0.9 }"), "S0444 9:17 there is no theme `school` [themes: debt]"),
        (coder("sensitivity = [0.9]"), "S0102 9:15 `sensitivity` must be a number or a formula, and is a list []"),
        (coder("sensitivty = 0.9"), "S0101 9:1 [[survey.coder]] has no key `sensitivty` [did you mean `sensitivity`?]"),
        (coder("[[survey.coder]]\nname = 'A'"), "S0442 10:9 two coders are called `A` [give each a name of its own]"),
        (format!("{DEBT}{DEBT}"), "S0442 8:9 two comments are called `debt` [give each a name of its own]"),
        (DEBT.replace("'debt'", "' '"), "S0442 5:9 a comment has an empty name [give it a name]"),
        (DEBT.replace("name = 'debt'\n", ""), "S0103 4:1 [[survey.comment]] needs a key `name` [add `name = ...`]"),
        (
            DEBT.replace("count = 'poisson(mean = 0.2)'\n", ""),
            "S0103 4:1 [[survey.comment]] needs a key `count` [add `count = ...`]",
        ),
        (
            DEBT.replace("poisson(mean = 0.2)", "normal(mean = 2, sd = 1)"),
            "S0448 6:10 `normal(mean = 2, sd = 1)` gives no numbers of comments [a law of whole numbers of at least 0, such as `poisson(mean = 0.3)`]",
        ),
        (
            format!("{DEBT}relation = 'poisson(mean = 1)'\n"),
            "S0448 7:13 `poisson(mean = 1)` draws no names of relations [write `categorical(mother = 0.5, father = rest)`]",
        ),
        (
            format!("{DEBT}relation = 'categorical()'\n"),
            "S0216 7:13 `categorical` wants from 1 to 255 levels [write `categorical(level = probability, ...)`]",
        ),
        (
            format!("{DEBT}positive = 1.5\n"),
            "S0204 7:12 this is 1.5; a probability must lie between 0 and 1 [`expit(...)` always lies there; `min(1, max(0, ...))` cuts off]",
        ),
        (
            format!("{DEBT}from_wave = 3\nto_wave = 1\n"),
            "S0440 8:11 no wave is from wave 3 to wave 1 [`to_wave` is the last wave, and cannot come before `from_wave`]",
        ),
    ] {
        assert_eq!(problems(&format!("{PEOPLE}{text}")), [want], "{text}");
    }
    let relations: Vec<String> = (0..251).map(|r| format!("r{r} = '1/251'")).collect();
    let many = format!("{DEBT}relation = \"categorical({})\"\n", relations.join(", ").replace('\'', ""));
    let found = problems(&format!("{PEOPLE}{many}"));
    assert_eq!(found, ["S0447 4:1 1 themes and 251 relations are too many [at most 250 of each]"]);
    assert!(problems(&format!("{PEOPLE}{DEBT}positive = 'well'\n")).is_empty());
}

/// A number of comments that cannot be stops the study, with the person.
#[test]
fn a_number_of_comments_that_cannot_be() {
    for (count, says) in [("uniform(low = 1.2, high = 1.7)", "is 1."), ("constant(value = 300)", "is 300 ")] {
        let text = format!("{PEOPLE}{}", DEBT.replace("poisson(mean = 0.2)", count));
        let problem = try_see(&study(&text), 1, 0..1, Keep::Cells).err().unwrap();
        assert!(problem.code == "R0002" && problem.message.contains(says), "{}", problem.message);
        assert!(problem.message.contains("for person 1 of group `all`"), "{}", problem.message);
    }
}

/// Whom a comment is about is drawn first, and what goes with it reads it: 0.9 about the mother, 0.2 or 0.6 about the
/// father by whether the person works, 0 about others; 0.5 * 0.9 + 0.3 * 0.4 = 0.57 of all where half work.
#[test]
fn valence_and_direction_read_the_relation() {
    let theme = "[[survey.comment]]\nname = 'family'\ncount = 'poisson(mean = 1.5)'\n\
                 relation = \"categorical(other = 0.2, mother = 0.5, father = rest)\"\n\
                 positive = \"if(relation == 'mother', 0.9, if(relation == 'father', if(works, 0.6, 0.2), 0))\"\n\
                 toward = \"if(relation == 'other', 1, 0.25)\"\n\
                 [[survey.comment]]\nname = 'kin'\ncount = 'poisson(mean = 1)'\n\
                 relation = \"categorical(father = 0.5, aunt = rest)\"\npositive = \"if(relation == 'aunt', 1, 0)\"\n";
    let seen = seen(&format!("{}{theme}", people(", visits = 'poisson(mean = 2)'")), 4);
    assert_eq!(seen.observed.schema.comments.as_ref().unwrap().relations, ["other", "mother", "father", "aunt"]);
    let said = &seen.audit.comments;
    let about = |theme: u8, relation: u8| -> Vec<usize> {
        (0..said.row.len()).filter(|i| said.theme[*i] == theme && said.relation[*i] == relation).collect()
    };
    let positive = |of: &[usize]| share(of.len(), |_| true, |k| said.valence[of[k]] == 1);
    let toward = |of: &[usize]| share(of.len(), |_| true, |k| said.direction[of[k]] == 1);
    let [other, mother, father] = [0, 1, 2].map(|relation| about(0, relation));
    assert_share(positive(&mother), 0.9);
    assert_share(toward(&mother), 0.25);
    assert_share(toward(&father), 0.25);
    assert!(other.iter().all(|i| said.valence[*i] == 0 && said.direction[*i] == 1) && other.len() > 1000);
    // At the last wave's last interview the truth is that of the wave.
    let works = seen.truth("works", 3);
    let last = |i: usize| {
        let later = |v: &&eclosion::tables::observed::VisitColumns| {
            v.wave == 2 && v.number == usize::from(said.visit[i]) + 1 && v.took_place[said.row[i] as usize]
        };
        said.wave[i] == 2 && !seen.observed.visits.iter().any(|v| later(&v))
    };
    let at_end: Vec<usize> = father.iter().copied().filter(|i| last(*i)).collect();
    for (value, want) in [(1.0, 0.6), (0.0, 0.2)] {
        let of: Vec<usize> = at_end.iter().copied().filter(|i| works[said.row[*i] as usize] == value).collect();
        assert_share(positive(&of), want);
    }
    let all: Vec<usize> = (0..said.row.len()).filter(|i| said.theme[*i] == 0).collect();
    assert_share(positive(&all), 0.57);
    // Of another theme the same words are levels of its own: code 2 is its first one.
    assert!(about(1, 2).iter().all(|i| said.valence[*i] == 0) && about(1, 3).iter().all(|i| said.valence[*i] == 1));
    assert_share(share(about(1, 2).len() + about(1, 3).len(), |_| true, |k| k < about(1, 2).len()), 0.5);
    let report = study(&format!("{}{theme}", people(""))).survey.mechanisms().to_vec();
    let family = report.iter().find(|m| m.name == "comments on family").unwrap();
    assert_eq!(family.reads, ["relation of the comment", "true works now"]);
}

/// A formula that gives the same whatever the relation draws what it drew without.
#[test]
fn reading_the_relation_moves_no_draw() {
    let reading = THEMES.replace(
        "positive = 'if(works, 0.7, 0.4)'",
        "positive = \"if(relation == 'mother', if(works, 0.7, 0.4), if(works, 0.7, 0.4))\"",
    );
    assert!(reading != THEMES);
    let [plain, reading] = [THEMES, &reading].map(|themes| seen(&format!("{}{themes}{CODERS}", people("")), 2));
    assert_eq!(talk_of(&plain, 0..plain.rows()), talk_of(&reading, 0..plain.rows()));
}

#[test]
fn a_relation_is_read_where_there_is_one() {
    let about = "relation = 'categorical(mother = 0.5, father = rest)'\n";
    let both = PEOPLE.replace("{ well = ", "{ relation = { starts = 0.5 }, well = ");
    for (text, want) in [
        (
            format!("{DEBT}positive = \"if(relation == 'mother', 0.9, 0.1)\"\n"),
            "S0419 7:16 no relation is declared [say in this `[[survey.comment]]` whom comments are about, such as \
             `relation = \"categorical(mother = 0.6, father = rest)\"`]",
        ),
        (
            format!("{DEBT}{about}toward = \"if(relation == 'mothr', 0.9, 0.1)\"\n"),
            "S0208 8:26 there is no level 'mothr' here [did you mean 'mother'?]",
        ),
        (
            "[survey.items]\nwell = { sensitivity = \"if(relation == 'mother', 0.9, 0.1)\" }\n".to_owned(),
            "S0419 5:28 `relation` is that of a comment, and this formula is read where there is none [read it in \
             `positive` or `toward` of a `[[survey.comment]]`]",
        ),
        (
            format!("{DEBT}{about}positive = 0.5\n"),
            "S0107 7:13 `relation` of a comment gives formulas the name `relation`, which something else has [call the \
             other one `relation_` or the like]",
        ),
    ] {
        let people = if want.starts_with("S0107") { &both } else { PEOPLE };
        assert_eq!(problems(&format!("{people}{text}")), [want], "{text}");
    }
    // A state of that name is read as before where no comment has both.
    let text = format!("{both}{DEBT}positive = 'if(relation, 0.9, 0.1)'\n");
    assert!(problems(&text).is_empty(), "{text}");
}
