//! Against R 4.2.2 (`splines::ns`, `splines::bs`, `stats::poly`), and properties.

use super::*;

const X: [f64; 12] = [0.5, 1.25, 2.0, 3.5, 3.75, 5.0, 6.5, 7.0, 8.25, 9.5, 11.0, 12.0];

const NS3: [[f64; 12]; 3] = [
    [
        0.0,
        -0.058315079671989005,
        -0.10153727710358744,
        -0.08233149628405004,
        -0.058923335591492265,
        0.13817165953595814,
        0.41564224469324396,
        0.482337294367307,
        0.5236833706733333,
        0.3948315600215684,
        0.09445140607619815,
        -0.14844804318488533,
    ],
    [
        0.0,
        0.16906264683848127,
        0.323911704849481,
        0.5341146990791094,
        0.550116471645318,
        0.5461054369937923,
        0.4388038055340555,
        0.39998439772123684,
        0.33912192734784263,
        0.33414878719038393,
        0.3762357248093343,
        0.41835357624831315,
    ],
    [
        0.0,
        -0.10907267537966532,
        -0.20897529345127808,
        -0.3445901284381351,
        -0.35491241898264236,
        -0.34645368694940004,
        -0.2267494085882795,
        -0.1662981777412997,
        0.017135413441274637,
        0.23544653025840345,
        0.5270361892725701,
        0.7300944669365721,
    ],
];

const NS1: [[f64; 12]; 1] = [[
    0.0,
    0.05229024298286563,
    0.10458048596573127,
    0.20916097193146252,
    0.2265910529257511,
    0.3137414578971938,
    0.4183219438629251,
    0.45318210585150215,
    0.540332510822945,
    0.6274829157943878,
    0.7320634017601189,
    0.8017837257372732,
]];

const BS5: [[f64; 12]; 5] = [
    [
        0.0,
        0.4873514710628842,
        0.6169641564482055,
        0.3346385928398564,
        0.274782664795729,
        0.07867292463024783,
        0.004293479137433251,
        0.0004032193029144652,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        0.0,
        0.06650286881671262,
        0.22384286175754364,
        0.5580225389557196,
        0.5889366181330877,
        0.5835036657894017,
        0.36800987922354683,
        0.2835732663498414,
        0.12005928853754934,
        0.03557312252964426,
        0.0022766798418972323,
        0.0,
    ],
    [
        0.0,
        0.0016748917868269421,
        0.013399134294615537,
        0.1071930743569243,
        0.1362784948489611,
        0.3287211873581282,
        0.5403544194167977,
        0.5738012921250218,
        0.5175646784045992,
        0.31698886094143003,
        0.06741455982752423,
        0.0,
    ],
    [
        0.0,
        0.0,
        0.0,
        0.0,
        2.2222222222222348e-06,
        0.009102222222222229,
        0.08734222222222227,
        0.14222222222222228,
        0.3563655146506387,
        0.5535236664162284,
        0.4524304733283244,
        0.0,
    ],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0060105184072126484, 0.09391435011269735, 0.477878287002254, 1.0],
];

const BS4D2: [[f64; 12]; 4] = [
    [
        0.0,
        0.3919083536361513,
        0.6202649934919735,
        0.5863231318626305,
        0.5183400267737616,
        0.22516733601070937,
        0.03239625167336003,
        0.006693440428380144,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        0.0,
        0.02568167406467978,
        0.10272669625871912,
        0.4109067850348765,
        0.4814377510040162,
        0.7179437751004017,
        0.710714859437751,
        0.6377510040160642,
        0.368181818181818,
        0.16363636363636358,
        0.02618181818181817,
        0.0,
    ],
    [
        0.0,
        0.0,
        0.0,
        0.0,
        0.00022222222222222307,
        0.05688888888888892,
        0.256888888888889,
        0.3555555555555557,
        0.5987603305785124,
        0.6297520661157024,
        0.3625785123966941,
        0.0,
    ],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.03305785123966952, 0.20661157024793406, 0.6112396694214877, 1.0],
];

const POLY3: [[f64; 12]; 3] = [
    [
        -0.42271337782244794,
        -0.36350060894459557,
        -0.30428784006674287,
        -0.18586230231103754,
        -0.16612471268508663,
        -0.06743676455533222,
        0.0509887732003731,
        0.09046395245227487,
        0.18915190058202927,
        0.28783984871178375,
        0.40626538646748894,
        0.4852157449712926,
    ],
    [
        0.45638960538777773,
        0.26226999617049307,
        0.09565069964489281,
        -0.15508695533125635,
        -0.18618199844718197,
        -0.2958233595406699,
        -0.3265585129833478,
        -0.31235884173829914,
        -0.22338683339184776,
        -0.05802506756849677,
        0.24124353128903223,
        0.5018677365089046,
    ],
    [
        -0.4385437739268073,
        -0.054469344097825875,
        0.19122448742856407,
        0.35088337508613043,
        0.3435019770918374,
        0.20725892807100507,
        -0.07282281459169934,
        -0.16767310875463606,
        -0.3494882649792952,
        -0.3750540307593957,
        -0.06355142621416271,
        0.42873399564628484,
    ],
];

fn close(basis: &Basis, columns: &[[f64; 12]], what: &str) {
    for (k, column) in columns.iter().enumerate() {
        for (x, want) in X.iter().zip(column) {
            let got = basis.value(*x, k);
            assert!((got - want).abs() < 1e-13, "{what}, column {k} at {x}: {got}, not {want}");
        }
    }
}

#[test]
fn columns_are_those_of_r() {
    // One basis for all, to show that nothing is left over.
    let mut basis = Basis::default();
    for _ in 0..2 {
        assert!(basis.natural(&X, 3));
        close(&basis, &NS3, "ns(x, 3)");
        assert!(basis.natural(&X, 1));
        close(&basis, &NS1, "ns(x, 1)");
        assert!(basis.b_splines(&X, 5, 3));
        close(&basis, &BS5, "bs(x, 5)");
        assert!(basis.b_splines(&X, 4, 2));
        close(&basis, &BS4D2, "bs(x, 4, degree = 2)");
        assert!(basis.polynomials(&X, 3));
        close(&basis, &POLY3, "poly(x, 3)");
    }
}

/// B-splines are at least 0 and add up to 1 with the first one, which is left out: it is 1 at the lower end.
#[test]
fn b_splines_divide_one() {
    let mut basis = Basis::default();
    for (columns, degree) in [(1, 1), (3, 3), (6, 3), (7, 5), (4, 1)] {
        assert!(basis.b_splines(&X, columns, degree));
        for step in 0..=230 {
            let x = 0.5 + f64::from(step) * 0.05;
            let Some((first, splines)) = basis.splines(x, degree + 1, 0) else { panic!("{x}") };
            assert!((splines.iter().sum::<f64>() - 1.0).abs() < 1e-14 && splines.iter().all(|s| *s >= 0.0));
            let rest: f64 = (0..columns).map(|k| basis.value(x, k)).sum();
            let left_out = within(first, &splines, degree + 1, 0);
            assert!((rest + left_out - 1.0).abs() < 1e-14);
        }
        assert_eq!((basis.value(0.5, 0), basis.value(12.0, columns - 1)), (0.0, 1.0));
    }
}

/// The second derivative of a natural spline is 0 at the ends: there the second difference falls with the third power
/// of the step, elsewhere with the second.
#[test]
fn natural_splines_are_straight_at_the_ends() {
    let mut basis = Basis::default();
    assert!(basis.natural(&X, 4));
    let second = |k: usize, at: f64, h: f64| {
        (basis.value(at + h, k) - 2.0 * basis.value(at, k) + basis.value(at - h, k)) / (h * h)
    };
    for k in 0..4 {
        for (end, sign) in [(0.5, 1.0), (12.0, -1.0)] {
            // The second derivative is linear near an end, so two values give it at the end.
            let (near, far) = (second(k, end + sign * 0.01, 0.01), second(k, end + sign * 0.02, 0.01));
            assert!((2.0 * near - far).abs() < 1e-8, "column {k} at {end}: {near}, {far}");
        }
        assert!((1..22).any(|s| second(k, 0.5 + f64::from(s) * 0.5, 0.01).abs() > 1e-3), "column {k} is bent");
    }
}

#[test]
fn polynomials_are_orthonormal_and_shift_and_scale_with_the_values() {
    let (mut basis, mut moved) = (Basis::default(), Basis::default());
    let other: Vec<f64> = X.iter().map(|x| 3.0 * x - 40.0).collect();
    assert!(basis.polynomials(&X, 5) && moved.polynomials(&other, 5));
    for j in 0..5 {
        assert!(X.iter().map(|x| basis.value(*x, j)).sum::<f64>().abs() < 1e-13);
        for k in 0..5 {
            let product: f64 = X.iter().map(|x| basis.value(*x, j) * basis.value(*x, k)).sum();
            assert!((product - f64::from(u8::from(j == k))).abs() < 1e-13);
        }
        for (x, y) in X.iter().zip(&other) {
            assert!((basis.value(*x, j) - moved.value(*y, j)).abs() < 1e-12);
        }
    }
    // By hand: 0, 1, 2 have mean 1, and the line (-1, 0, 1) has length root 2.
    assert!(basis.polynomials(&[0.0, 1.0, 2.0], 1));
    assert!((basis.value(2.0, 0) - libm::sqrt(0.5)).abs() < 1e-15);
}

#[test]
fn what_has_no_basis_is_refused() {
    let mut basis = Basis::default();
    for values in [&[][..], &[1.0], &[2.0; 9], &[1.0, f64::NAN, 3.0], &[1.0, 2.0, f64::INFINITY]] {
        assert!(!basis.natural(values, 3) && !basis.b_splines(values, 4, 3) && !basis.polynomials(values, 2));
        assert!(basis.value(1.0, 0).is_nan());
    }
    // Half of the values at the lower end: the middle quantile falls on it.
    let heaped = [1.0, 1.0, 1.0, 2.0, 3.0];
    assert!(!basis.natural(&heaped, 2) && basis.natural(&heaped, 1));
    assert!(!basis.polynomials(&heaped, 3) && basis.polynomials(&heaped, 2));
    assert!(!basis.b_splines(&X, 2, 3) && !basis.b_splines(&X, 9, 8) && !basis.b_splines(&X, 3, 0));
    assert!(basis.natural(&X, 3));
    assert!(basis.value(0.4, 0).is_nan() && basis.value(12.1, 0).is_nan() && basis.value(f64::NAN, 0).is_nan());
    assert!(basis.value(3.0, 3).is_nan() || basis.value(3.0, 3) == 0.0);
}

#[test]
fn the_order_of_the_values_does_not_matter() {
    let backwards: Vec<f64> = X.iter().rev().copied().collect();
    let (mut one, mut other) = (Basis::default(), Basis::default());
    assert!(one.natural(&X, 4) && other.natural(&backwards, 4));
    assert!((0..4).all(|k| one.value(4.2, k) == other.value(4.2, k)));
}
