//! Linkage by self-generated codes against closed forms: k elements, each wrong with probability e on every occasion.

use crate::common::*;
use crate::linkage::{check, tally};

/// A panel whose elements have so many values that nobody shares a code or repeats an error.
fn codes(persons: usize, waves: usize, elements: usize, values: usize, rest: &str) -> String {
    let list: Vec<String> = (0..elements).map(|k| format!("{{ name = 'e{k}', values = {values} }}")).collect();
    format!(
        "time = {{ step = '1 year', waves = {{ every = '1 year', count = {waves} }} }}\n\
         [[group]]\nname = 'a'\nsize = {persons}\n\
         [attributes]\nboy = 'bernoulli(p = 0.5)'\n\
         [state.well]\nstarts = 0.5\n\
         [survey.linkage]\nkind = 'codes'\nelements = [{}]\n{rest}\n",
        list.join(", ")
    )
}

/// The share of persons whose interviews at all waves are one record.
fn in_one(seen: &Seen) -> (f64, usize) {
    let persons = seen.truth.group.len();
    let links = &seen.audit.links;
    let whole = (0..seen.rows()).filter(|r| links.iter().all(|w| w[*r] == links[0][*r])).count();
    (whole as f64 / persons as f64, persons)
}

#[test]
fn shares_of_matched_codes_are_the_published_closed_forms() {
    // k = 7: alike on two occasions, at most one element different on two, alike on four.
    let table = [
        (0.01, 0.869, 0.992, 0.755),
        (0.024, 0.712, 0.960, 0.507),
        (0.037, 0.590, 0.913, 0.348),
        (0.05, 0.488, 0.857, 0.238),
    ];
    for (e, two, near, four) in table {
        for (waves, allow, want) in [(2, 0, two), (2, 1, near), (4, 0, four)] {
            let seen = seen(&codes(1500, waves, 7, 5_000, &format!("error = {e}\nallow = {allow}")), 2);
            check(&seen, false);
            let (got, n) = in_one(&seen);
            let se = libm::sqrt(want * (1.0 - want) / n as f64);
            // The table has three digits.
            assert!(
                (got - want).abs() < 4.0 * se + 5e-4,
                "e = {e}, {waves} waves, {allow} allowed: {got} and not {want}"
            );
            assert_eq!(tally(&seen.audit, "false match").1, 0);
            let (given, wrong) = tally(&seen.audit, "wrong element of a code");
            assert_eq!(given, 3000 * waves as u64 * 7);
            assert_share((wrong as f64 / given as f64, given as usize), e);
        }
    }
}

#[test]
fn errors_that_cluster_in_people_leave_fewer_codes_with_one_difference() {
    // With beta(0.385, 9.96) the two shares are those of the Irish school study: 71 percent alike and 88 percent with
    // at most one difference. One rate for everybody that gives 71 percent gives 96 with one difference.
    let (a, b) = (0.385, 10.06);
    let moment = |n: u32| (0..n).map(f64::from).map(|i| (b + i) / (a + b + i)).product::<f64>();
    let (alike, near) = (moment(14), 7.0 * moment(12) - 6.0 * moment(14));
    assert!((alike - 0.71).abs() < 0.003 && (near - 0.88).abs() < 0.005, "{alike} {near}");
    for (allow, want) in [(0, alike), (1, near)] {
        let rest = format!("error = 'beta(a = {a}, b = {b})'\nallow = {allow}");
        let seen = seen(&codes(2000, 2, 7, 5_000, &rest), 3);
        assert_share(in_one(&seen), want);
        let (possible, missed) = tally(&seen.audit, "missed match");
        assert_eq!(possible, 6000);
        assert_share((1.0 - missed as f64 / 6000.0, 6000), want);
    }
}

#[test]
fn the_error_may_depend_on_the_person() {
    let seen = seen(&codes(2000, 2, 5, 30_000, "error = 'if(boy, 0.06, 0.01)'"), 2);
    let boy: Vec<f64> = {
        let column = seen.truth.at(seen.truth.schema.variable("boy").unwrap(), 0);
        (0..seen.truth.group.len()).map(|p| column.value(p)).collect()
    };
    for (level, e) in [(1.0, 0.06), (0.0, 0.01)] {
        let of = |r: usize| seen.attended(1)[r] && boy[seen.audit.links[0][r] as usize] == level;
        assert_share(share(seen.rows(), of, |r| seen.attended(2)[r]), libm::pow(1.0 - e, 10.0));
    }
}

#[test]
fn codes_as_given_are_with_their_records() {
    let seen = seen(&codes(300, 3, 3, 400, "error = 0.1\nallow = 1"), 2);
    check(&seen, false);
    let schema = &seen.observed.schema;
    assert_eq!(schema.code_elements, [("e0".to_owned(), 400), ("e1".to_owned(), 400), ("e2".to_owned(), 400)]);
    let elements = &seen.observed.elements;
    let code = |wave: usize, r: usize| elements.iter().map(|e| e[wave][r]).collect::<Vec<_>>();
    let mut joined = 0;
    for r in 0..seen.rows() {
        let given: Vec<_> = (0..3).filter(|w| seen.observed.attended[*w][r]).map(|w| code(w, r)).collect();
        for wave in (0..3).filter(|w| !seen.observed.attended[*w][r]) {
            assert_eq!(code(wave, r), [u16::MAX; 3]);
        }
        for pair in given.windows(2) {
            let apart = pair[0].iter().zip(&pair[1]).filter(|(a, b)| a != b).count();
            assert!(apart <= 1, "{pair:?}");
            joined += 1;
        }
        assert!(given.iter().flatten().all(|v| *v < 400));
    }
    assert!(joined > 700, "{joined}");
}

#[test]
fn a_wrong_element_is_any_other_value() {
    // Three values with probability 1/3: two occasions agree with probability (1-e)^2 + e^2/2 where both are wrong alike.
    let text = codes(2000, 2, 4, 5_000, "error = 0.4")
        .replace("{ name = 'e0', values = 5000 }", "{ name = 'e0', weights = [1, 2, 1] }");
    let seen = seen(&text, 2);
    let mut given = vec![[u16::MAX; 2]; seen.truth.group.len()];
    for (wave, links) in seen.audit.links.iter().enumerate() {
        for (record, person) in links.iter().enumerate().filter(|(_, person)| **person != u32::MAX) {
            given[*person as usize][wave] = seen.observed.elements[0][wave][record];
        }
    }
    assert_share(share(given.len(), |_| true, |p| given[p][0] == given[p][1]), 0.6 * 0.6 + 0.4 * 0.4 / 2.0);
    // Told as it is with 0.6, else from one of the other two with half of 0.4: 0.5 * 0.6 + 0.5 * 0.2.
    assert_share(share(given.len(), |_| true, |p| given[p][0] == 1), 0.5 * 0.6 + 0.5 * 0.2);
}

#[test]
fn short_codes_give_false_matches() {
    // 60 persons, codes of 1000 values, no errors: a pair with the same code is ambiguous and joined with nobody.
    let prepared = codes(60, 2, 3, 10, "error = 0");
    let text = problems(&prepared);
    assert_eq!(text.len(), 1, "{text:?}");
    assert!(text[0].starts_with("S0435") && text[0].contains("among 60 persons about 1.8 pairs"), "{text:?}");
    let seen = seen(&prepared, 200);
    let (possible, missed) = tally(&seen.audit, "missed match");
    let want = 1.0 - libm::pow(0.999, 59.0);
    let got = missed as f64 / possible as f64;
    // Pairs come together, which doubles the variance.
    let se = libm::sqrt(2.0 * want * (1.0 - want) / possible as f64);
    assert!((got - want).abs() < 4.0 * se, "{got} and not {want}");
    assert_eq!(tally(&seen.audit, "false match").1, 0);
    // With persons away, a stranger with the same code takes the record.
    let away = prepared.replace(
        "[survey.linkage]",
        "[[survey.loss]]\nkind = 'intermittent'\nfrom_wave = 1\nprobability = 0.5\n[survey.linkage]",
    );
    let seen = crate::common::seen(&away, 200);
    check(&seen, false);
    assert!(tally(&seen.audit, "false match").1 > 20);
}

#[test]
fn many_persons_are_joined_without_comparing_all_pairs() {
    let seen = seen(&codes(30_000, 2, 8, 200, "error = 0.02\nallow = 2"), 1);
    let (possible, missed) = tally(&seen.audit, "missed match");
    assert_eq!(possible, 30_000);
    let same = 0.98 * 0.98 + 0.02 * 0.02 / 199.0;
    let term = |k: i32, ways: f64| ways * libm::pow(1.0 - same, f64::from(k)) * libm::pow(same, f64::from(8 - k));
    assert_share((1.0 - missed as f64 / possible as f64, 30_000), term(0, 1.0) + term(1, 8.0) + term(2, 28.0));
}
