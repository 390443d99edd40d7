//! Random numbers for tests: from a list, or from a small generator.

use crate::statistics::draws::Draws;

/// Numbers from lists, in order.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) uniform: Vec<f64>,
    pub(super) normal: Vec<f64>,
    pub(super) chi_square: Vec<f64>,
    /// Degrees of freedom asked for.
    pub(super) df: Vec<f64>,
}

impl Draws for Listed {
    fn uniform(&mut self) -> f64 {
        self.uniform.remove(0)
    }

    fn normal(&mut self) -> f64 {
        self.normal.remove(0)
    }

    fn chi_square(&mut self, df: f64) -> f64 {
        self.df.push(df);
        self.chi_square.remove(0)
    }
}

/// SplitMix64 with the polar method and Marsaglia and Tsang's gamma numbers.
pub(super) struct Generator(pub(super) u64);

impl Draws for Generator {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0 + 5e-17
    }

    fn normal(&mut self) -> f64 {
        loop {
            let (a, b) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = a * a + b * b;
            if s > 0.0 && s < 1.0 {
                return a * libm::sqrt(-2.0 * libm::log(s) / s);
            }
        }
    }

    fn chi_square(&mut self, df: f64) -> f64 {
        // A gamma number of shape df/2 + 1, brought down by u^(2/df).
        let d = 0.5 * df + 1.0 - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            let u = self.uniform();
            if v > 0.0 && libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return 2.0 * d * v * libm::pow(self.uniform(), 2.0 / df);
            }
        }
    }
}

#[test]
fn the_generator_has_the_moments_it_should() {
    let mut draws = Generator(1);
    let n = 100_000;
    let mean = |f: &mut dyn FnMut() -> f64| (0..n).map(|_| f()).sum::<f64>() / f64::from(n);
    assert!((mean(&mut || draws.uniform()) - 0.5).abs() < 0.005);
    assert!(mean(&mut || draws.normal()).abs() < 0.015);
    for df in [1.0, 5.0, 40.0] {
        assert!((mean(&mut || draws.chi_square(df)) - df).abs() < 5.0 * libm::sqrt(2.0 * df / f64::from(n)));
    }
}
