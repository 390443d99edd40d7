//! Comparisons by hand.

use super::compare;
use crate::diagnostic::Diagnostics;
use crate::published::Published;
use crate::scenario::{load_published_text, load_text};
use crate::tables::comparison::{Comparison, Standing};
use crate::tabulate::Plan;

const SCENARIO: &str = r#"scenario = 1
[study]
title = "small"
aims = "test"
seed = 1
replicates = 10
[[group]]
name = "all"
size = 200
[attributes]
ill = "bernoulli(p = 0.5)"
[[estimand]]
name = "ill"
quantity = "prevalence"
of = "ill"
wave = 1
target = "cohort"
[[method]]
method = "complete_case"
[[table]]
id = "t"
row = [{ id = "ill", where = "any(told)" }, { id = "well", where = "not any(told)" }, { id = "both" }]
[tables.year]
told = "ill == 1"
"#;

const PUBLISHED: &str = r#"published = 1
[study]
title = "a study"
[[source]]
id = "s"
title = "a report"
[[group]]
id = "all"
title = "all"
n = 200
[[table]]
id = "t"
title = "who is ill"
source = "s"
years = "2011"
unit = "individuals"
of = "all"
row = [
    { id = "ill", title = "ill", value = 3 },
    { id = "well", title = "well", value = 150 },
    { id = "both", title = "both", value = 153 },
]
[[identity]]
id = "all_of_them"
value = 153
unit = "individuals"
formula = "t.ill + t.well"
cells = ["t.both"]
"#;

fn plan() -> Plan {
    let scenario = load_text("small.toml", SCENARIO, &[]).scenario.expect("it is sound");
    let condition = scenario.conditions(&mut Diagnostics::new()).swap_remove(0);
    let prepared = scenario.prepare(&condition, &mut Diagnostics::new()).expect("it is sound");
    prepared.tables.expect("there are tables")
}

fn published() -> Published {
    load_published_text("published.toml", PUBLISHED).published.expect("it is sound")
}

/// A hundred studies: 0 to 99 are ill, printed without their tenths; in a fifth of the studies nobody says who is well; all
/// in all is the sum but in two studies.
fn compared() -> Comparison {
    let study = |k: u32| {
        let number = f64::from(k);
        let well = if k.is_multiple_of(5) { f64::NAN } else { 100.0 + number };
        let both = 100.0 + 2.0 * number + if k == 41 || k == 42 { 1.0 } else { 0.0 };
        [number + 0.3, well, both]
    };
    // Not in their order.
    let values: Vec<f64> = (0..100).map(|k| k * 37 % 100).flat_map(study).collect();
    compare(&published(), &plan(), &values)
}

#[test]
fn envelopes_and_percentiles() {
    let found = compared();
    let [ill, well, both] = &found.cells[..] else { panic!("{:?}", found.cells) };
    // The 50th, 3rd and 98th of 100 numbers: at least so many per cent are not above.
    assert_eq!((ill.median, ill.low, ill.high), (49.0, 2.0, 97.0));
    assert_eq!((ill.below, ill.equal, ill.without), (0.03, 0.01, 0));
    assert!((ill.percentile() - 3.5).abs() < 1e-12, "{}", ill.percentile());
    assert_eq!((ill.is_inside(), ill.standing), (Some(true), Standing::Compared));
    // 80 of them have a number: 40 from 101 to 149 are below 150, which no study has.
    assert_eq!((well.below, well.equal, well.without), (0.5, 0.0, 20));
    // The 2nd and the 78th of 80.
    assert_eq!((well.low, well.high), (102.0, 197.0));
    assert_eq!((both.median, both.is_inside()), (198.0, Some(true)));
    assert_eq!(found.replicates, 100);
}

#[test]
fn identities_are_looked_at_where_all_numbers_are_there() {
    let found = compared();
    let [identity] = &found.identities[..] else { panic!("{:?}", found.identities) };
    assert_eq!((identity.checked, identity.failed), (80, 2));
}

#[test]
fn simulated_studies_in_the_place_of_the_published_one() {
    let text = PUBLISHED
        .replace("    { id = \"well\", title = \"well\", value = 150 },\n", "")
        .replace("    { id = \"both\", title = \"both\", value = 153 },\n", "");
    let text = &text[..text.find("[[identity]]").expect("it is there")];
    let published = load_published_text("published.toml", text).published.expect("it is sound");
    let values: Vec<f64> = (0..100).flat_map(|k| [f64::from(k), f64::NAN, f64::NAN]).collect();
    let found = compare(&published, &plan(), &values).calibration.expect("a cell is compared");
    // Among the 99 others study k has k below it, |2k - 99| / 198 from the middle: 1, 1, 3, 3, ... 99, 99 of 198ths. In the
    // middle of these lie 49 and 51; the third and fourth are 3.
    assert!((found.spread_expected[1] - 4.0 * 50.0 / 198.0).abs() < 1e-12, "{found:?}");
    assert!((found.spread_expected[0] - 4.0 * 3.0 / 198.0).abs() < 1e-12, "{found:?}");
    // Within 2 to 97 lie 96 of 100.
    assert_eq!(found.inside_expected, [0.0, 1.0, 1.0]);
    assert_eq!(found.inside, 1.0);
    // From 0.03 to 0.04 the mean distance from the middle is 0.465.
    assert!((found.spread - 4.0 * 0.465).abs() < 1e-12, "{found:?}");
    assert_eq!(found.histogram[0], 1.0);
}
