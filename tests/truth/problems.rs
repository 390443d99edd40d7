//! Every number S03xx with its place and help.

use super::listed;

const HEAD: &str = "scenario = 1\n[study]\ntitle = 't'\naims = 'a'\nseed = 1\nreplicates = 10\n";
const ALL: &str = "[[group]]\nname = 'all'\nsize = 10\n";
const TIME: &str = "[time]\nstep = '1 month'\nwaves = { every = '1 year', count = 2 }\n";

/// Lines 1 to 9 are the head and the group, 10 to 12 [time]; `more` begins on line 13.
#[track_caller]
fn gives(more: &str, expected: &[&str]) {
    assert_eq!(listed(&format!("{HEAD}{ALL}{TIME}{more}")), expected, "in\n{more}");
}

#[test]
fn show() {
    for more in [
        "[state.x]\nlevels=['a','b']\nstarts = 'c'\nmoves = [{ from = 'a', to = 'b', rate = 1 }]\n",
        "[state.x]\nlevels=['a','b']\nstarts = 'a'\nmoves = [{ from = 'a', to = 'c', rate = 1 }]\n",
        "[state.x]\nstarts = 'normal(mean=0,sd=1)'\non = { rate = 1 }\n",
        "[state.x]\non = { rate = 1 }\n[[group]]\nname='b'\nsize=0\nstart = { x = 'normal(mean=0,sd=1)' }\n[[group]]\nname='c'\nsize=0.5\n",
        "[state.x]\nlevels=['a','b']\nstarts = 'normal(mean=0,sd=1)'\n",
        "[state.x]\nlevels=['a','b']\nstarts = 'a'\neach_step = { a = 0.3 }\n",
        "[state.x]\nlevels=['a','b']\nstarts = 'a'\neach_step = { a = 0.3, b = 0.3 }\n",
        "[state.x]\nlevels=['a','b']\nstarts = 'a'\neach_step = 'normal(mean = 0, sd = 1)'\n",
        "[attributes]\nx = 'y'\ny = 'x'\n",
        "[state.x]\nstarts = 0.5\neach_step = 'y'\n[state.y]\nstarts=0.5\neach_step='x'\n[state.z]\nstarts=0.5\neach_step='y'\n",
        "[attributes]\nx = { law = 'normal(mean=0,sd=1)', levels = ['a','b'] }\ny = 'categorical(a=0.5,b=0.5)'\n",
        "[[group]]\nname = 'b'\nsize = 3\nstart = { 'x, y' = 'multivariate_normal(mean_x = 0, mean_y = 0, sd_x = 1, sd_y = 1, cor_x_y = 0.5)' }\n",
        "[attributes]\n'x, y' = 'multivariate_normal(mean_x = 0, mean_y = 0, sd_x = 1, sd_y = 1, cor_x_y = 0.5)'\n[[group]]\nname = 'b'\nsize = 3\nstart = { 'x, y' = 'multivariate_normal(mean_x = 0, mean_y = 0, sd_x = 1, sd_y = 1, cor_x_y = 0.5)' }\n",
        "[attributes]\nage = 'truncated_normal(mean = 17, sd = 2.2, low = 13, high = 21)'\n[state.x]\nstarts = 'age * 1.2 / 21'\non = { probability = '1.2 * (age == 22)' }\n",
        "[assign.arm]\nkind = 'simple'\nshares = [1]\n",
        "[assign.arm]\nkind = 'simple'\nshares = ['1/0']\n",
        "[attributes]\nx = '1/0'\ny = 'log(x)'\nz='0/0'\n",
        "[[site]]\nsetting='a'\ncount='0'\n[[site]]\nsetting='b'\ncount='2.5'\n[state.setting]\nlevels=['a','b']\nstarts='a'\n",
        "[state.x]\nstarts = 2\n",
        "[state.x]\nstarts = 0.5\neach_step='bernoulli(p = 0.5)'\n",
    ] {
        println!("{more}\n   {:#?}\n", listed(&format!("{HEAD}{ALL}{TIME}{more}")));
    }
    for n in [255, 256, 300] {
        let levels: Vec<String> = (0..n).map(|i| format!("'l{i}'")).collect();
        let equal = format!(
            "[state.x]\nlevels = [{}]\nstarts = 'l{}'\neach_step = {{ {} }}\n",
            levels.join(","),
            n - 1,
            (0..n).map(|i| format!("l{i} = '{}'", if i == 3 { "rest" } else { "0.001" })).collect::<Vec<_>>().join(",")
        );
        println!("{n} {:?}", listed(&format!("{HEAD}{ALL}{TIME}{equal}")));
        let shares: Vec<String> = (0..n).map(|_| format!("'1/{n}'")).collect();
        let arms = format!("[assign.x]\nkind = 'complete'\nshares = [{}]\n", shares.join(","));
        println!("{n} {:?}", listed(&format!("{HEAD}{ALL}{TIME}{arms}")));
    }
}
