//! Starts, sites and random assignment.

use super::{simulated, values};
use std::collections::{BTreeMap, BTreeSet};

const TIME: &str = "[time]\nstep = '1 month'\nwaves = { every = '2 months', count = 4 }\n";

/// The mean is as expected, given the values' standard deviation.
#[track_caller]
fn mean_is(found: &[f64], expected: f64, sd: f64) {
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let mcse = sd / libm::sqrt(found.len() as f64);
    assert!((mean - expected).abs() <= 4.0 * mcse, "{mean}, expected {expected} within 4 * {mcse}");
}

#[test]
fn formulas_and_laws_read_each_other_in_any_order_of_the_file() {
    let truth = simulated(
        "[[group]]\nname = 'a'\nsize = 5000\nstart = { base = 1, s = 'high', x = 0.9 }\n[[group]]\nname = 'b'\nsize = 5000\nstart = { base = 'uniform(low = 0, high = 2)' }\n\
         [attributes]\nsum = 'noise + 2 * base + (s == \"high\")'\nnoise = 'normal(mean = base, sd = 0.1)'\n'u, v' = 'multivariate_normal(mean_u = base, mean_v = 0, sd_u = 1, sd_v = 2, cor_u_v = 0.5)'\n\
         faith = { law = 'categorical(x = 0.25, y = rest)', levels = ['x', 'y'] }\n\
         [state.s]\nlevels = ['low', 'high']\nstarts = 'categorical(low = 0.2, high = 0.8)'\n[state.x]\nstarts = '0.3 + 0.2 * (s == \"high\")'\n",
        0..1,
    );
    let get = |name: &str| values(&truth, name, 0);
    let (base, noise, sum, s, x) = (get("base"), get("noise"), get("sum"), get("s"), get("x"));
    for row in 0..10_000 {
        assert_eq!(sum[row], noise[row] + 2.0 * base[row] + s[row]);
        assert!((noise[row] - base[row]).abs() < 0.6);
    }
    // The group's own start goes before the common one.
    assert!(base[..5000].iter().all(|b| *b == 1.0) && s[..5000].iter().all(|s| *s == 1.0));
    mean_is(&x[..5000], 0.9, 0.3);
    mean_is(&s[5000..], 0.8, 0.4);
    mean_is(&x[5000..], 0.46, 0.5);
    mean_is(&get("faith"), 0.75, 0.433);
    let (u, v) = (get("u"), get("v"));
    let products: Vec<f64> = (0..10_000).map(|i| (u[i] - base[i]) * v[i]).collect();
    // The product of two normals with correlation r has variance (1 + r^2) sd_u^2 sd_v^2.
    mean_is(&products, 0.5 * 2.0, 2.0 * libm::sqrt(1.25));
    mean_is(&v, 0.0, 2.0);
}

#[test]
fn time_since_counts_from_the_start_for_what_was_true_then() {
    let text = format!(
        "[[group]]\nname = 'yes'\nsize = 3\nstart = {{ x = 1 }}\n[[group]]\nname = 'no'\nsize = 3\nstart = {{ x = 0 }}\n{TIME}[state.x]\noff = {{ rate = 0 }}\n[state.l]\nlevels = ['a', 'b']\nstarts = 'a'\nmoves = [{{ from = 'a', to = 'b', rate = 0 }}]\n\
         [state.years]\nstarts = 0\neach_step = 'constant(value = min(since(x), 99))'\nper = '1 month'\n[state.same]\nstarts = 0\neach_step = 'constant(value = since(l))'\nper = '1 month'\n"
    );
    let truth = simulated(&text, 0..1);
    for wave in 0..4 {
        let years = 2.0 * wave as f64 / 12.0;
        let (since, same) = (values(&truth, "years", wave), values(&truth, "same", wave));
        for row in 0..6 {
            let never = if wave == 0 { 0.0 } else { 99.0 };
            let expected = if row < 3 { years } else { never };
            assert!((since[row] - expected).abs() < 1e-12 && (same[row] - years).abs() < 1e-12);
        }
    }
}

#[test]
fn persons_are_in_a_site_of_their_setting_and_share_its_effects() {
    let text = format!(
        "[[group]]\nname = 'a'\nsize = 400\n{TIME}[[site]]\nsetting = 'street'\ncount = 3\neffect = 'normal(mean = 5, sd = 1)'\n[[site]]\nsetting = 'shelter'\nname = 'home'\ncount = 4\n\
         [effects]\nward = {{ of = 'site', law = 'normal(mean = 0, sd = 1)' }}\n\
         [state.setting]\nlevels = ['shelter', 'community', 'street']\nstarts = 'categorical(shelter = 0.5, community = 0.2, street = 0.3)'\nmoves = [{{ from = 'shelter', to = 'community', rate = 2 }}, {{ from = 'community', to = 'street', rate = 2 }}]\n\
         [state.seen]\nstarts = 0\neach_step = 'constant(value = site_effect + 100 * ward)'\nper = '1 month'\n"
    );
    let truth = simulated(&text, 0..3);
    assert_eq!(truth.schema.sites, ["street 1", "street 2", "street 3", "home 1", "home 2", "home 3", "home 4"]);
    assert_eq!(truth.schema.site_effects, ["site_effect", "ward"]);
    let mut seen_effects = BTreeSet::new();
    for wave in 0..4 {
        let (setting, seen) = (values(&truth, "setting", wave), values(&truth, "seen", wave));
        for (row, site) in truth.site_at(wave).unwrap().iter().enumerate() {
            let sites = match setting[row] {
                0.0 => 3..7,
                1.0 => 7..8,
                _ => 0..3,
            };
            assert!(sites.contains(site), "wave {wave}, row {row}: site {site} in setting {}", setting[row]);
            if wave == 0 {
                continue;
            }
            // Formulas of a step read the site of the step before: who did not move is in the same one.
            if wave > 0 && setting[row] == values(&truth, "setting", wave - 1)[row] && setting[row] != 1.0 {
                let at = row / 400 * 7 + *site as usize;
                let expected = truth.site_effects[0][at] + 100.0 * truth.site_effects[1][at];
                assert_eq!(seen[row], expected);
                seen_effects.insert(expected.to_bits());
            }
        }
    }
    assert_eq!(seen_effects.len(), 3 * 7, "sites and replicates have effects of their own");
    // A kind without the effect has 0 of it.
    assert!((0..3).all(|r| truth.site_effects[0][r * 7 + 3..r * 7 + 7].iter().all(|e| *e == 0.0)));
}

/// Arms of every replicate of a scenario with an assignment called `arm`.
fn arms(more: &str, replicates: u64) -> Vec<Vec<f64>> {
    let truth = simulated(more, 0..replicates);
    let all = values(&truth, "arm", 0);
    (0..replicates as usize).map(|r| all[truth.rows(r)].to_vec()).collect()
}

fn count(arms: &[f64], arm: f64) -> usize {
    arms.iter().filter(|a| **a == arm).count()
}

#[test]
fn complete_assignment_has_fixed_numbers_and_every_person_the_same_chance() {
    let group = |n| format!("[[group]]\nname = 'a'\nsize = {n}\n[assign.arm]\nkind = 'complete'\n");
    assert!(arms(&group(40), 50).iter().all(|a| count(a, 1.0) == 20));
    let odd: Vec<f64> = arms(&group(7), 4000).iter().map(|a| count(a, 1.0) as f64).collect();
    assert!(odd.iter().all(|n| *n == 3.0 || *n == 4.0));
    mean_is(&odd, 3.5, 0.5);
    let all = arms(&group(7), 4000);
    for person in 0..7 {
        let own: Vec<f64> = all.iter().map(|a| a[person]).collect();
        mean_is(&own, 0.5, 0.5);
    }
    let three = format!("{}shares = [0.2, 0.3, 0.5]\n", group(10));
    for a in arms(&three, 50) {
        assert_eq!([count(&a, 0.0), count(&a, 1.0), count(&a, 2.0)], [2, 3, 5]);
    }
    let uneven = format!("{}shares = [0.2, 0.3, 0.5]\n", group(7));
    let first: Vec<f64> = arms(&uneven, 4000).iter().map(|a| count(a, 1.0) as f64).collect();
    assert!(first.iter().all(|n| *n == 2.0 || *n == 3.0));
    mean_is(&first, 2.1, 0.3);
}

#[test]
fn blocks_have_fixed_numbers_each() {
    let groups = "[[group]]\nname = 'a'\nsize = 10\n[[group]]\nname = 'b'\nsize = 31\n";
    let within = |w: &str| {
        format!(
            "{groups}[attributes]\nfaith = {{ law = 'categorical(x = 0.5, y = rest)', levels = ['x', 'y'] }}\n[assign.arm]\nkind = 'blocked'\nwithin = '{w}'\nlevels = ['control', 'treated']\n"
        )
    };
    for a in arms(&within("group"), 200) {
        assert_eq!(count(&a[..10], 1.0), 5);
        assert!([15, 16].contains(&count(&a[10..], 1.0)));
    }
    let truth = simulated(&within("faith"), 0..200);
    let (arm, faith) = (values(&truth, "arm", 0), values(&truth, "faith", 0));
    for r in 0..200 {
        let mut blocks: BTreeMap<u8, [usize; 2]> = BTreeMap::new();
        for row in truth.rows(r) {
            blocks.entry(faith[row] as u8).or_default()[arm[row] as usize] += 1;
        }
        assert!(blocks.values().all(|[control, treated]| control.abs_diff(*treated) <= 1), "{blocks:?}");
    }
}

#[test]
fn simple_assignment_is_each_persons_own() {
    let text = "[[group]]\nname = 'a'\nsize = 50\n[assign.arm]\nkind = 'simple'\nshares = [0.3, 0.7]\n";
    let numbers: Vec<f64> = arms(text, 2000).iter().map(|a| count(a, 1.0) as f64).collect();
    let sd = libm::sqrt(50.0 * 0.21);
    mean_is(&numbers, 35.0, sd);
    let spread: Vec<f64> = numbers.iter().map(|n| (n - 35.0) * (n - 35.0)).collect();
    mean_is(&spread, 10.5, 10.5 * core::f64::consts::SQRT_2);
}

#[test]
fn a_value_that_cannot_be_used_is_told_with_person_replicate_and_step() {
    // The check knows no bounds of a normal law, and this is above 1 for few.
    let text = format!(
        "[[group]]\nname = 'girls'\nsize = 3\n[[group]]\nname = 'boys'\nsize = 2000\n[attributes]\nz = 'normal(mean = 0, sd = 1)'\n{TIME}[state.n]\nstarts = 0\neach_step = 'normal(mean = lag(n) + 1, sd = 0)'\nper = '1 month'\n[state.x]\nstarts = 0.5\neach_step = 'if(n >= 3, 0.4 + 0.2 * z, 0.5)'\nper = '1 month'\n"
    );
    let loaded = eclosion::scenario::load_text("s", &format!("{}{text}", super::HEAD), &[]);
    let scenario = loaded.scenario.unwrap();
    let all = scenario.check_all(&mut eclosion::diagnostic::Diagnostics::new());
    let Some(mut all) = all else { panic!("{:?}", super::listed(&format!("{}{text}", super::HEAD))) };
    let plan = all.remove(0).1.truth;
    let problem = plan.simulate(&super::streams(), 5..6, &mut eclosion::simulate::Scratch::default()).unwrap_err();
    assert_eq!(problem.code, "R0001");
    let expected = "`if(n >= 3, 0.4 + 0.2 * z, 0.5)` is ";
    assert!(problem.message.starts_with(expected), "{}", problem.message);
    for part in ["for person ", "of group `boys` in replicate 5 at step 3, and that cannot be used here"] {
        assert!(problem.message.contains(part), "{}", problem.message);
    }
    let scenario_text = &scenario.sources.files[0].1;
    assert_eq!(&scenario_text[problem.span.unwrap().bytes], "if(n >= 3, 0.4 + 0.2 * z, 0.5)");
}
