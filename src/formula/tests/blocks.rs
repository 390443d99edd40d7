use super::*;
use proptest::prelude::*;

/// Formulas that together use every operation, and all slots.
const FORMULAS: [&str; 14] = [
    "expit(-0.5 + 1.5*lag(well) + x + 0.5*frailty)",
    "0.26 * exp(0.1 * (age - 15)) / (1 + x^2)",
    "if(setting == 'community' and not well, log(age), sqrt(abs(x)))",
    "min(age, 15, frailty) - max(x, 0) + floor(age)",
    "(x + 3)^1.5 - (age/10)^-3 + frailty^3",
    "logit(0.1 + 0.8*well) * (x <= 0) + (age >= 17) - (x > 1) + (age < 15) * (well != lag(well))",
    "missing(recorded(well, wave = 1)) or well",
    "if(missing(frailty), 0, frailty)",
    "if(well, 1, x) + if(lag(well), x, 2) + if(one == 1, x, age)",
    "well and lag(well) or recorded(well, wave = 1)",
    "-x",
    "age",
    "x == frailty",
    "if(well, if(lag(well), x, age), if(x > 0, frailty, 3))",
];

/// age, well, lag(well), setting, frailty, x, and what is recorded (2: nothing).
type Row = (f64, u8, u8, u8, f64, f64, u8);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_block_is_its_rows(
        rows in proptest::collection::vec(
            (13.0..21.0_f64, 0..4_u8, 0..2_u8, 0..2_u8, -3.0..3.0_f64, -2.0..2.0_f64, 0..3_u8),
            1..600,
        ),
        steady in 0..3_usize,
    ) {
        let truths = [0.0, 1.0, f64::NAN, 1.0];
        let column = |f: &dyn Fn(&Row) -> f64| rows.iter().map(f).collect::<Vec<f64>>();
        let age = column(&|r| r.0);
        let well: Vec<u8> = rows.iter().map(|r| r.1).collect();
        let lag: Vec<u32> = rows.iter().map(|r| u32::from(r.2)).collect();
        let setting: Vec<u8> = rows.iter().map(|r| r.3).collect();
        let frailty = column(&|r| if r.6 == 2 { f64::NAN } else { r.4 });
        let x = column(&|r| r.5);
        let recorded = column(&|r| truths[usize::from(r.6)]);
        let mut all = [
            Input::Number(&age), Input::Coded(&well, &truths), Input::Indexed(&lag, &truths),
            Input::Coded(&setting, &truths), Input::Number(&frailty), Input::Number(&x), Input::Number(&recorded),
        ];
        if steady > 0 {
            all[0] = Input::Constant(16.5);
            all[1] = Input::Constant(1.0);
        }
        if steady > 1 {
            all[4..7].fill(Input::Constant(0.25));
        }
        let at = |slot: u32, row: usize| match all[slot as usize] {
            Input::Constant(value) => value,
            Input::Number(values) => values[row],
            Input::Coded(codes, values) => values[usize::from(codes[row])],
            Input::Indexed(positions, values) => values[positions[row] as usize],
        };
        let mut scratch = Scratch::default();
        for formula in FORMULAS {
            let program = compile(&text(formula), &Wanted::Number, &Toy::new(), &mut Diagnostics::new()).expect("good");
            let inputs: Vec<_> = program.slots().iter().map(|s| all[*s as usize]).collect();
            let mut out = vec![0.0; rows.len()];
            program.evaluate(&inputs, &mut out, &mut scratch);
            for (row, value) in out.iter().enumerate() {
                let values: Vec<f64> = program.slots().iter().map(|s| at(*s, row)).collect();
                let one = program.evaluate_one(&values);
                prop_assert!(value.to_bits() == one.to_bits() || (value.is_nan() && one.is_nan()), "{formula}");
            }
        }
    }
}

#[test]
fn missing_values_are_noticed() {
    let at = |formula: &str| good(formula, &Wanted::Number).evaluate_one(&[f64::NAN]);
    for formula in ["x + 1", "x * 0", "x < 1", "x == x", "if(x > 0, 1, 1)", "min(x, 0)", "max(0, x)", "not well"] {
        assert!(at(formula).is_nan(), "{formula}");
    }
    assert!(at("well and true").is_nan());
    assert!(at("well or well").is_nan());
    assert_eq!(at("missing(x)"), 1.0);
    assert_eq!(at("missing(x) or x > 1"), 1.0);
    assert_eq!(at("not missing(x) and x > 1"), 0.0);
    assert_eq!(at("if(missing(well), 0.25, well)"), 0.25);
}

#[test]
fn whole_powers_are_products() {
    let at = |formula: &str, x: f64| good(formula, &Wanted::Number).evaluate_one(&[x]);
    assert_eq!(at("x^2", 1.1), 1.1 * 1.1);
    assert_eq!(at("x^3", 1.1), 1.1 * (1.1 * 1.1));
    assert_eq!(at("age^-1", 16.0), 1.0 / 16.0);
    assert_eq!(at("x^0", 1.1), 1.0);
    assert_eq!(at("age^2.5", 16.0), 1024.0);
    assert_eq!(at("x^2", -1.5), 2.25);
}
