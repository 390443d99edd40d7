//! Every problem of `[survey.linkage]`, at its place.

use crate::common::problems;

fn of(linkage: &str) -> Vec<String> {
    let head = "time = { step = '1 year', waves = { every = '1 year', count = 3 } }\n[[group]]\nname = 'a'\nsize = 100\n\
                [state.well]\nstarts = 0.5\n[survey.linkage]\n";
    let list = problems(&format!("{head}{linkage}\n"));
    // Lines are counted from the first key of the table.
    let shifted = list.into_iter().map(|p| {
        let (code, rest) = p.split_once(' ').unwrap();
        let (line, rest) = rest.split_once(':').unwrap();
        format!("{code} {}:{rest}", line.parse::<i64>().unwrap() - 7)
    });
    shifted.collect()
}

#[track_caller]
fn one(linkage: &str, start: &str) {
    let list = of(linkage);
    assert!(list.len() == 1 && list[0].starts_with(start), "{list:#?}");
}

const ELEMENTS: &str = "elements = [{ name = 'a', values = 1000 }, { name = 'b', values = 1000 }]\n";

#[test]
fn kinds_and_keys() {
    one("kind = 'number'", "S0437 1:9 no linkage is called `number` [did you mean `numbers`?]");
    one("kind = 3", "S0102 1:8");
    one("lost = 0.1", "S0103 0:1 [survey.linkage] needs a key `kind`");
    one("kind = 'numbers'\nelements = []", "S0101 2:1 [survey.linkage] has no key `elements`");
    one("kind = 'numbers'\nlos = 0.1", "S0101 2:1 [survey.linkage] has no key `los` [did you mean `lost`?]");
    one(&format!("kind = 'codes'\n{ELEMENTS}error = 0\nlost = 0.1"), "S0101 4:1 [survey.linkage] has no key `lost`");
}

#[test]
fn nothing_is_wrong_with_these() {
    assert_eq!(of("kind = 'numbers'"), [""; 0]);
    assert_eq!(
        of(&format!("kind = 'codes'\n{ELEMENTS}error = 'beta(a = 0.4, b = 10)'\nallow = 1\nwithin = 'group'")),
        [""; 0]
    );
    assert_eq!(of("kind = 'numbers'\nall_lost_at = [2, 3]\nfalse_match = 0.1\nwithin = 'group'"), [""; 0]);
}

#[test]
fn numbers() {
    one("kind = 'numbers'\nlost = 1.5", "S0204 2:8");
    one("kind = 'numbers'\ntyping = -0.1", "S0204 2:10");
    one(
        "kind = 'numbers'\nall_lost_at = [1]",
        "S0439 2:16 numbers cannot be lost at wave 1 [the number of a wave that has one before it, from 2 to 3]",
    );
    one("kind = 'numbers'\nall_lost_at = [4]", "S0439 2:16");
    one("kind = 'numbers'\nall_lost_at = [2.5]", "S0439 2:16");
    one("kind = 'numbers'\nall_lost_at = 2", "S0102 2:15");
    one("kind = 'numbers'\nwithin = 'group'", "S0439 2:11 `within` says among whom there are false matches");
    one("kind = 'numbers'\nfalse_match = 0.1\nwithin = 'site'", "S0439 3:11 records cannot be kept within sites");
    one("kind = 'numbers'\nfalse_match = 0.1\nwithin = 'town'", "S0104 3:11");
    one("kind = 'numbers'\nlost = 'mood'", "S0405 2:9");
}

#[test]
fn elements() {
    let with = |elements: &str| format!("kind = 'codes'\nelements = {elements}\nerror = 0.01");
    one("kind = 'codes'\nerror = 0.01", "S0103 0:1 [survey.linkage] needs a key `elements`");
    one(&format!("kind = 'codes'\n{ELEMENTS}"), "S0103 0:1 [survey.linkage] needs a key `error`");
    one(&with("[]"), "S0438 2:12 a code of 0 elements");
    one(&with("['a']"), "S0102 2:14");
    one(&with("[{ name = 'a', values = 1 }]"), "S0438 2:36 an element cannot have 1 values");
    one(&with("[{ name = 'a', values = 100000 }]"), "S0438 2:36");
    one(&with("[{ name = 'a', weights = [1] }]"), "S0438 2:37 an element needs at least two values that are met");
    one(&with("[{ name = 'a', weights = [1, 0] }]"), "S0438 2:37");
    one(&with("[{ name = 'a', weights = [1, -1] }]"), "S0438 2:41 a weight cannot be -1");
    one(&with("[{ name = 'a', values = 2, weights = [1, 1] }]"), "S0438 2:49");
    one(&with("[{ name = 'a' }]"), "S0103");
    one(&with("[{ values = 50000 }]"), "S0103");
    one(&with("[{ name = 'a', values = 5000, value = 2 }]"), "S0101 2:");
    one(&with("[{ name = 'a', values = 5000 }, { name = 'a', values = 5000 }]"), "S0438 2:");
    let long: Vec<String> = (0..8).map(|k| format!("{{ name = 'e{k}', values = 60000 }}")).collect();
    one(&with(&format!("[{}]", long.join(", "))), "S0438 2:12 a code of these elements has");
}

#[test]
fn rates_and_differences() {
    let with = |rest: &str| format!("kind = 'codes'\n{ELEMENTS}{rest}");
    one(&with("error = 1.5"), "S0204 3:9");
    one(&with("error = 'normal(mean = 0.03, sd = 0.02)'"), "S0436 3:10");
    one(&with("error = 'beta(a = 0, b = 1)'"), "S02");
    one(&with("error = 0.01\nallow = 2"), "S0438 4:9 2 of 2 elements cannot differ");
    one(&with("error = 0.01\nallow = -1"), "S0438 4:9");
    one(&with("error = 0.01\nallow = 0.5"), "S0438 4:9");
    let many: Vec<String> = (0..20).map(|k| format!("{{ name = 'e{k}', values = 9 }}")).collect();
    one(
        &format!("kind = 'codes'\nelements = [{}]\nerror = 0.01\nallow = 10", many.join(", ")),
        "S0438 4:9 there are too many ways",
    );
}

#[test]
fn codes_that_are_too_short() {
    let with = |values: u32, rest: &str| {
        format!("kind = 'codes'\nelements = [{{ name = 'a', values = {values} }}]\nerror = 0{rest}")
    };
    // 100 persons: 4950 pairs. 1 - (1 - 1/100)^99 = 0.63, 1 - (1 - 1/1000)^99 = 0.094, 1 - (1 - 1/5000)^99 = 0.02.
    one(
        &with(100, ""),
        "S0435 2:12 among 100 persons about 49.5 pairs have the same code, and 63 percent share theirs",
    );
    one(&with(1000, ""), "S0435 2:12 among 100 persons about 5.0 pairs have the same code, and 9 percent share theirs");
    assert_eq!(of(&with(5000, "")), [""; 0]);
    one(&with(100, "\nwithin = 'group'"), "S0435 2:12 among 100 persons of the largest group");
}
