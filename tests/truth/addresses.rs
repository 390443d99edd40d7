//! A draw depends on its address only: what is added elsewhere moves nobody.

use super::{prepared, simulated, streams, values};
use eclosion::simulate::Scratch;
use eclosion::tables::Truth;

const TIME: &str = "[time]\nstep = '1 month'\nwaves = { every = '6 months', count = 3 }\n";
const WOMEN: &str = "[[group]]\nname = 'women'\nsize = 53\n";
const MEN: &str = "[[group]]\nname = 'men'\nsize = 38\n";
const SITES: &str = "[[site]]\nsetting = 'shelter'\ncount = 3\neffect = 'normal(mean = 0, sd = 1)'\n[[site]]\nsetting = 'street'\ncount = 2\neffect = 'normal(mean = 0, sd = 1)'\n";
const STATES: &str = "[attributes]\nskill = 'normal(mean = 0, sd = 1)'\n[assign.arm]\nkind = 'blocked'\nwithin = 'group'\n[effects]\nfrailty = { of = 'person', law = 'normal(mean = 0, sd = 0.5)' }\nward = { of = 'site', law = 'normal(mean = 0, sd = 0.5)' }\n[state.setting]\nlevels = ['shelter', 'street', 'community']\nstarts = 'categorical(shelter = 0.6, street = 0.4)'\nmoves = [{ from = 'shelter', to = 'community', rate = 0.8 }, { from = 'community', to = 'street', rate = 0.5 }]\n[state.earning]\nstarts = 'expit(skill + site_effect)'\non = { rate = 'exp(0.5 * arm + 0.3 * ward)' }\noff = { rate = 1 }\n[state.well]\nstarts = 0.5\neach_step = 'expit(-0.5 + 1.5*lag(well) + earning + frailty)'\nper = '1 month'\n";

const NAMES: [&str; 6] = ["skill", "arm", "frailty", "setting", "earning", "well"];

/// The histories of the persons of a group: each variable at each wave, persons of all replicates in order.
fn histories(truth: &Truth, group: &str, names: &[&str]) -> Vec<Vec<f64>> {
    let code = truth.schema.groups.iter().position(|g| g == group).unwrap() as u8;
    let mut all = Vec::new();
    for name in names {
        for moment in 0..truth.schema.moments.len() {
            let own = values(truth, name, moment).into_iter().zip(&truth.group);
            all.push(own.filter(|(_, g)| **g == code).map(|(x, _)| x).collect());
        }
    }
    all
}

fn base() -> String {
    format!("{WOMEN}{MEN}{SITES}{TIME}{STATES}")
}

#[test]
fn what_is_added_elsewhere_moves_nobody() {
    let before = simulated(&base(), 3..6);
    for added in [
        format!("{WOMEN}{MEN}[[group]]\nname = 'zebras'\nsize = 31\n{SITES}{TIME}{STATES}"),
        format!("[[group]]\nname = 'aunts'\nsize = 7\n{WOMEN}{MEN}{SITES}{TIME}{STATES}"),
        format!("{MEN}{WOMEN}{SITES}{TIME}{STATES}"),
        format!("{}[state.aaa]\nstarts = 0.5\neach_step = 'expit(lag(well))'\nper = '1 month'\n", base()),
        base().replace("skill =", "a_first = 'normal(mean = 0, sd = 1)'\nskill ="),
        base().replace("[effects]\n", "[effects]\nother = { of = 'site', law = 'normal(mean = 0, sd = 1)' }\n"),
        format!(
            "{WOMEN}{MEN}[[site]]\nsetting = 'community'\ncount = 9\neffect = 'constant(value = 0)'\n{SITES}{TIME}{STATES}"
        )
        // Persons in the community have a ward only now, and that must not count.
        .replace("0.3 * ward", "0.3 * if(lag(setting) == \"community\", 0, ward)"),
    ] {
        let before = match added.contains("count = 9") {
            true => &simulated(&base().replace("0.3 * ward", "0.3 * if(lag(setting) == \"community\", 0, ward)"), 3..6),
            false => &before,
        };
        let after = simulated(&added, 3..6);
        for group in ["women", "men"] {
            assert!(histories(before, group, &NAMES) == histories(&after, group, &NAMES), "{group} with\n{added}");
        }
    }
}

#[test]
fn a_person_who_is_added_moves_nobody_of_the_group() {
    // Without blocks, which deal out arms among all persons of the group.
    let text = base().replace("'blocked'\nwithin = 'group'", "'simple'");
    let (before, after) = (simulated(&text, 2..3), simulated(&text.replace("size = 53", "size = 54"), 2..3));
    for (own, more) in histories(&before, "women", &NAMES).iter().zip(histories(&after, "women", &NAMES)) {
        assert_eq!(own[..], more[..53]);
    }
    assert_eq!(histories(&before, "men", &NAMES), histories(&after, "men", &NAMES));
}

#[test]
fn a_parameter_of_one_equation_moves_only_what_reads_it_and_only_one_way() {
    let before = simulated(&base(), 0..4);
    let after = simulated(&base().replace("-0.5 + 1.5", "-0.3 + 1.5"), 0..4);
    for name in ["skill", "arm", "frailty", "setting", "earning"] {
        assert_eq!(histories(&before, "men", &[name]), histories(&after, "men", &[name]), "{name}");
    }
    // Common random numbers: with a higher probability everybody who was well still is.
    let mut raised = 0;
    for wave in 0..3 {
        for (b, a) in values(&before, "well", wave).iter().zip(values(&after, "well", wave)) {
            assert!(a >= *b);
            raised += u32::from(a > *b);
        }
    }
    assert!(raised > 0);
}

#[test]
fn a_batch_is_its_replicates_one_by_one() {
    let prepared = prepared(&base());
    let whole = simulated(&base(), 0..64);
    let mut scratch = Scratch::default();
    for replicate in 0..64 {
        let one = prepared.truth.simulate(&streams(), replicate..replicate + 1, &mut scratch).unwrap();
        let rows = whole.rows(replicate as usize);
        for name in NAMES {
            for moment in 0..3 {
                let all = values(&whole, name, moment);
                assert_eq!(values(&one, name, moment), all[rows.clone()], "{name}, replicate {replicate}");
            }
        }
        for moment in 0..3 {
            assert_eq!(one.site_at(moment).unwrap(), &whole.site_at(moment).unwrap()[rows.clone()]);
        }
    }
}

#[test]
fn batches_of_a_very_large_group_do_not_meet_each_others_tables() {
    let text = "[[group]]\nname = 'a'\nsize = 1052672\n[[site]]\ncount = 5\neffect = 'normal(mean = 0, sd = 2)'\n[state.x]\nstarts = 'expit(site_effect)'\n";
    let plan = prepared(text).truth;
    let mut scratch = Scratch::default();
    plan.simulate(&streams(), 0..1, &mut scratch).unwrap();
    let after_another = plan.simulate(&streams(), 1..2, &mut scratch).unwrap();
    let alone = plan.simulate(&streams(), 1..2, &mut Scratch::default()).unwrap();
    assert!(after_another.columns == alone.columns);
}

#[test]
fn replicates_and_groups_differ() {
    let truth = simulated(&base(), 0..2);
    for name in ["skill", "setting", "earning", "well"] {
        let all = values(&truth, name, 2);
        assert_ne!(all[truth.rows(0)], all[truth.rows(1)], "{name}");
        assert_ne!(all[..38], all[53..91], "{name}");
    }
}

#[test]
fn golden_values_of_a_seed() {
    let truth = simulated(&base().replace("size = 53", "size = 6").replace("size = 38", "size = 3"), 7..8);
    let mut found = String::new();
    for name in NAMES {
        let moments = if truth.columns[truth.schema.variable(name).unwrap()].len() == 1 { 1 } else { 3 };
        for moment in 0..moments {
            let written: Vec<String> = values(&truth, name, moment).iter().map(f64::to_string).collect();
            found.push_str(&format!("{name}: {}\n", written.join(" ")));
        }
    }
    found.push_str(&format!("sites: {:?}\n", truth.site));
    insta::assert_snapshot!(found, @r"
    skill: -1.5921012614702197 -2.079185498840957 -0.5591506507300058 -0.0660969785181131 -0.6099245176055459 -1.270453267135322 -0.023108851398765586 -1.6331647784596717 -0.5513874328462033
    arm: 0 0 1 1 1 0 1 0 0
    frailty: -0.0641331016948149 0.5311752699927927 0.3231487160296729 0.7098956250196122 0.38818869171204695 -0.5043024928878409 -1.3518465356463283 0.3505608497956677 -0.4544909979818888
    setting: 0 1 0 1 0 0 0 0 0
    setting: 0 1 0 1 0 0 0 2 2
    setting: 2 1 1 1 0 0 0 2 2
    earning: 0 0 0 1 0 1 0 0 0
    earning: 0 0 1 1 1 1 1 1 1
    earning: 1 0 1 1 1 1 1 1 0
    well: 1 0 1 1 1 1 0 0 0
    well: 0 0 1 1 0 1 0 0 0
    well: 1 1 1 1 1 1 1 1 1
    sites: [[0, 3, 1, 3, 2, 2, 0, 1, 1], [0, 3, 1, 3, 2, 2, 0, 5, 5], [5, 3, 4, 3, 2, 2, 0, 5, 5]]
    ");
}
