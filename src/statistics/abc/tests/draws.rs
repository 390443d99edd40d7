//! Random numbers for tests: from a list, or addressed by numbers.

use crate::statistics::draws::Draws;
use crate::streams::normal_quantile;

/// Numbers from lists, in order.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) uniform: Vec<f64>,
    pub(super) normal: Vec<f64>,
}

impl Draws for Listed {
    fn uniform(&mut self) -> f64 {
        self.uniform.remove(0)
    }

    fn normal(&mut self) -> f64 {
        self.normal.remove(0)
    }

    fn chi_square(&mut self, _: f64) -> f64 {
        unreachable!("the fitter asks for no chi-square number")
    }
}

/// SplitMix64 from a start that two numbers make.
pub(super) struct Addressed(u64);

impl Addressed {
    pub(super) fn new(a: u64, b: u64) -> Self {
        let mut own = Self(a.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ b);
        own.0 = own.bits() ^ b.wrapping_mul(0xA076_1D64_78BD_642F);
        own
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Draws for Addressed {
    fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    fn chi_square(&mut self, _: f64) -> f64 {
        unreachable!("the fitter asks for no chi-square number")
    }
}

#[test]
fn the_numbers_have_the_moments_they_should() {
    let n = 20_000;
    let draws: Vec<f64> = (0..n).map(|k| Addressed::new(3, k).normal()).collect();
    let mean = draws.iter().sum::<f64>() / n as f64;
    let square = draws.iter().map(|v| v * v).sum::<f64>() / n as f64;
    assert!(mean.abs() < 0.028 && (square - 1.0).abs() < 0.04, "{mean} {square}");
}
