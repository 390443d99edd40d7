use super::*;

#[test]
fn a_call_may_be_cut_into_pieces() {
    for written in LAWS {
        let law = law(written);
        let whole = draws(&law, 11, 1300);
        let mut pieces = Vec::new();
        for n in [1, 2, 61, 100, 513, 623] {
            pieces.extend(draws(&law, 11 + pieces.len() as u32, n));
        }
        assert_eq!(whole, pieces, "{written}");
    }
}

#[test]
fn arguments_that_differ_by_person_give_the_same_draws() {
    let n = 1300;
    let (x, big) = (vec![1.0; n], vec![20.0; n]);
    let p: Vec<f64> = vec![0.3; n];
    let columns = [Input::Number(&x[..]), Input::Number(&big[..]), Input::Number(&p[..])];
    for (varying, constant) in [
        ("normal(mean = x, sd = sd)", "normal(mean = 1, sd = 2)"),
        ("truncated_normal(mean = big, sd = x + 3, low = 13)", "truncated_normal(mean = 20, sd = 4, low = 13)"),
        ("gamma(shape = big + 1, scale = 2)", "gamma(shape = 21, scale = 2)"),
        ("poisson(mean = big)", "poisson(mean = 20)"),
        ("poisson(mean = 2 * big)", "poisson(mean = 40)"),
        ("binomial(n = floor(big), p = p)", "binomial(n = 20, p = 0.3)"),
        ("bernoulli(p = p)", "bernoulli(p = 0.3)"),
        ("categorical(a = p, b = rest, c = p / 2)", "categorical(a = 0.3, b = rest, c = 0.3 / 2)"),
        ("empirical(1 = p, 2 = 0.7)", "empirical(1 = 0.3, 2 = 0.7)"),
        (
            "piecewise_exponential(rate1 = p, until1 = 2, rate2 = 1)",
            "piecewise_exponential(rate1 = 0.3, until1 = 2, rate2 = 1)",
        ),
        ("constant(value = x + p)", "constant(value = 1 + 0.3)"),
    ] {
        let law = law(varying);
        let inputs: Vec<Input<'_>> = law.slots().iter().map(|slot| columns[*slot as usize]).collect();
        let mut out = vec![0.0; n];
        law.draw(&streams(), &lane(), 4, &inputs, &mut out, &mut LawScratch::default()).expect("good arguments");
        assert_eq!(out, draws(&super::law(constant), 4, n), "{varying}");
    }
}

#[test]
fn draws_of_a_seed() {
    let mut found = String::new();
    for written in LAWS {
        let values: Vec<String> = draws(&law(written), 0, 3).iter().map(|v| format!("{v:?}")).collect();
        found.push_str(&format!("{written}: {}\n", values.join(" ")));
    }
    insta::assert_snapshot!(found, @r"
    normal(mean = 1, sd = sd): -3.542320526769407 -2.3996054746507123 0.5833064174625529
    truncated_normal(mean = 17, sd = 2.2, low = 13, high = 21): 13.27679597666775 13.848867444091136 16.57369505377582
    truncated_normal(mean = 0, sd = 1, low = 3): 3.0035424595776545 3.013864677340986 3.1609254146345522
    log_normal(meanlog = 0.5, sdlog = 0.4): 0.6646703301696015 0.835336121065922 1.5168886306905602
    uniform(low = -1, high = 3): -0.9537254440821434 -0.8216639270317656 0.669916398022781
    gamma(shape = 2.5, scale = 3): 5.449139769646009 8.18616262584055 10.144668044383256
    gamma(shape = 0.3, scale = 1): 0.1265426501614252 0.40313609037414566 0.05765600089827396
    beta(a = 2, b = 3): 0.19258184747788337 0.3326681691740331 0.546905299175164
    beta(a = 0.5, b = 0.2): 0.9947448576201501 0.982926030303658 0.9977225557089865
    exponential(rate = 0.26): 0.04475413958922999 0.17541711672127167 2.0784238981117675
    weibull(shape = 1.5, scale = 2): 0.1026993517728209 0.2553055209988482 1.3268901776349513
    piecewise_exponential(rate1 = 0.5, until1 = 1, rate2 = 0.1, until2 = 4, rate3 = 2): 0.023272152586399596 0.09121690069506128 1.4039021350905958
    poisson(mean = 2.8): 0.0 0.0 2.0
    poisson(mean = 200): 196.0 206.0 211.0
    negative_binomial(mean = 3, size = 1.5): 4.0 5.0 4.0
    negative_binomial(mean = 90, size = 4): 87.0 108.0 114.0
    binomial(n = 10, p = 0.3): 0.0 1.0 3.0
    binomial(n = 40, p = 0.9): 31.0 33.0 36.0
    binomial(n = 500, p = 0.2): 97.0 104.0 107.0
    binomial(n = 300, p = 0.7): 212.0 207.0 204.0
    bernoulli(p = 0.3): 1.0 1.0 0.0
    categorical(a = 0.2, b = 0.5, c = rest): 0.0 0.0 1.0
    constant(value = 3): 3.0 3.0 3.0
    empirical(1 = 2, 2.5 = 1, -1 = 1): -1.0 -1.0 1.0
    ");
}
