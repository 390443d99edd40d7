//! The streams as a study uses them: neighbours in every direction of the address must look independent and uniform.
//!
//! All seeds are fixed, so the outcome is. Each test gives two-sided p-values; the smallest of all of them is judged
//! against their number (Bonferroni), and a generator that is known to be bad must fail the same tests.

#[path = "streams/series.rs"]
mod series;
#[path = "streams/significance.rs"]
mod significance;

use eclosion::streams::{Chance, Lane, Purpose, Space, Streams, stratum};
use significance::{even_counts, kolmogorov_smirnov, normal, poisson};

/// A full address; `word` counts the words of a person's own stream.
#[derive(Clone, Copy)]
struct Address {
    seed: u64,
    space: Space,
    replicate: u64,
    stratum: u32,
    index: u32,
    occasion: u32,
    purpose: u64,
    word: u32,
}

const BASE: Address = Address {
    seed: 20_101,
    space: Space::Study,
    replicate: 3,
    stratum: 0x4ff9_7c93,
    index: 0,
    occasion: 4,
    purpose: 0xc449_2b34_266e_f3d0,
    word: 0,
};

impl Address {
    fn streams(&self) -> Streams {
        Streams::new(self.seed, self.space)
    }

    fn lane(&self) -> Lane {
        let purpose = Purpose(self.purpose);
        Lane { purpose, occasion: self.occasion, replicate: self.replicate, stratum: self.stratum }
    }
}

/// One of the three layouts, as the number of random bits it gives at an address and those bits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Layout {
    Chance,
    Unit,
    Own,
}

impl Layout {
    const ALL: [Layout; 3] = [Layout::Chance, Layout::Unit, Layout::Own];

    fn bits(self) -> u32 {
        if self == Layout::Chance { 16 } else { 64 }
    }

    fn draw(self, a: &Address) -> u64 {
        let streams = a.streams();
        match self {
            Layout::Chance => {
                let mut out = [0];
                streams.fill_chance(&a.lane(), a.index, &mut out);
                u64::from(out[0])
            }
            Layout::Unit => {
                let mut out = [0];
                streams.fill_words(&a.lane(), a.index, &mut out);
                out[0]
            }
            Layout::Own => streams.own(&a.lane(), a.index).word(a.word),
        }
    }
}

/// A direction: its name and the address `k` steps along it.
type Direction = (&'static str, fn(Address, u32) -> Address);

const DIRECTIONS: [Direction; 10] = [
    ("person", |a, k| Address { index: k, ..a }),
    ("person, a chance block apart", |a, k| Address { index: 16 * k, ..a }),
    ("occasion", |a, k| Address { occasion: k, ..a }),
    ("replicate", |a, k| Address { replicate: u64::from(k), ..a }),
    ("seed", |a, k| Address { seed: u64::from(k), ..a }),
    ("stratum", |a, k| Address { stratum: k, ..a }),
    ("stratum of a name", |a, k| Address { stratum: stratum(&format!("group {k}")), ..a }),
    ("purpose", |a, k| Address { purpose: u64::from(k), ..a }),
    ("purpose of a name", |a, k| Address { purpose: Purpose::named(&format!("state.x{k}")).0, ..a }),
    ("person and occasion together", |a, k| Address { index: k, occasion: k, ..a }),
];

const LENGTH: u32 = 1 << 16;

fn all_p_values(draw: impl Fn(Layout, &Address) -> u64) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for layout in Layout::ALL {
        for (name, along) in DIRECTIONS {
            let words: Vec<u64> = (0..LENGTH).map(|k| draw(layout, &along(BASE, k))).collect();
            // Of 64-bit words the upper 16 are tested in full, and the bytes of the lower ones.
            let upper: Vec<u16> = words.iter().map(|w| (w >> (layout.bits() - 16)) as u16).collect();
            for (test, p) in series::tests(&upper) {
                found.push((format!("{layout:?}, {name}: {test}"), p));
            }
            if layout.bits() == 64 {
                for shift in [0, 16, 32] {
                    let lower: Vec<u16> = words.iter().map(|w| (w >> shift) as u16).collect();
                    found.push((format!("{layout:?}, {name}: byte {shift}"), series::bytes(&lower, 0)));
                    found.push((format!("{layout:?}, {name}: byte {}", shift + 8), series::bytes(&lower, 8)));
                }
                let units: Vec<f64> = words.iter().map(|w| eclosion::streams::open_unit(*w)).collect();
                found.push((format!("{layout:?}, {name}: units, Kolmogorov-Smirnov"), kolmogorov_smirnov(&units)));
            }
        }
    }
    found
}

/// The smallest p-value times the number of tests, with its name.
fn judged(found: &[(String, f64)]) -> (f64, &str) {
    let (name, p) = found.iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("there are tests");
    (p * found.len() as f64, name)
}

#[test]
fn neighbours_in_every_direction_are_uniform_and_independent() {
    let found = all_p_values(Layout::draw);
    assert!(found.len() > 300);
    let (p, name) = judged(&found);
    assert!(p > 0.01, "{name}: {p} after Bonferroni");
    // Taken together the p-values must look uniform as well: no slight tilt that each test alone would miss.
    let joint = kolmogorov_smirnov(&found.iter().map(|f| f.1).collect::<Vec<_>>());
    assert!(joint > 1e-4, "{joint}");
}

#[test]
fn a_bad_generator_fails_the_same_tests() {
    // One multiplication of the sum of the address: Weyl's sequence in every direction.
    let weyl = |layout: Layout, a: &Address| {
        let address = a.seed ^ a.replicate ^ a.purpose ^ u64::from(a.stratum ^ a.index ^ a.occasion);
        address.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - layout.bits())
    };
    assert!(judged(&all_p_values(weyl)).0 < 1e-9);
    // A generator that forgets one part of the address gives the same words all along that direction.
    let forgetful = |layout: Layout, a: &Address| layout.draw(&Address { occasion: 0, ..*a });
    assert!(judged(&all_p_values(forgetful)).0 < 1e-9);
}

#[test]
fn layouts_spaces_and_words_do_not_echo_each_other() {
    let mut found = Vec::new();
    let persons = 1 << 15;
    let upper = |layout: Layout, a: Address| -> Vec<u16> {
        (0..persons).map(|index| (layout.draw(&Address { index, ..a }) >> (layout.bits() - 16)) as u16).collect()
    };
    let near: [(&str, Address); 8] = [
        ("next occasion", Address { occasion: BASE.occasion + 1, ..BASE }),
        ("next replicate", Address { replicate: BASE.replicate + 1, ..BASE }),
        ("next seed", Address { seed: BASE.seed + 1, ..BASE }),
        ("next stratum", Address { stratum: BASE.stratum + 1, ..BASE }),
        ("other purpose", Address { purpose: Purpose::named("state.well2").0, ..BASE }),
        ("population", Address { space: Space::Population, ..BASE }),
        ("occasion and replicate exchanged", Address { occasion: 3, replicate: 4, ..BASE }),
        ("next word", Address { word: 1, ..BASE }),
    ];
    for layout in Layout::ALL {
        let here = upper(layout, BASE);
        for (name, there) in near {
            if layout == Layout::Own || name != "next word" {
                found.push((format!("{layout:?}, {name}"), series::correlation(&here, &upper(layout, there))));
            }
        }
        for other in Layout::ALL {
            if layout != other {
                found.push((format!("{layout:?} and {other:?}"), series::correlation(&here, &upper(other, BASE))));
            }
        }
    }
    let (p, name) = judged(&found);
    assert!(p > 0.01, "{name}: {p} after Bonferroni");
}

#[test]
fn each_bit_of_an_address_changes_half_of_the_bits_drawn() {
    let mut found = Vec::new();
    for layout in Layout::ALL {
        let mut flip = |name: String, change: &dyn Fn(Address) -> Address| {
            let trials = if layout == Layout::Chance { 512 } else { 128 };
            let mut changed = 0;
            for k in 0..trials {
                let here =
                    Address { index: 7919 * k, occasion: 31 * k, replicate: u64::from(k), seed: u64::from(k), ..BASE };
                changed += (layout.draw(&here) ^ layout.draw(&change(here))).count_ones();
            }
            let bits = f64::from(trials * layout.bits());
            found.push((name, normal((f64::from(changed) - bits / 2.0) / libm::sqrt(bits / 4.0))));
        };
        for bit in 0..32 {
            flip(format!("{layout:?}, person, bit {bit}"), &|a| Address { index: a.index ^ 1 << bit, ..a });
            flip(format!("{layout:?}, occasion, bit {bit}"), &|a| Address { occasion: a.occasion ^ 1 << bit, ..a });
            flip(format!("{layout:?}, stratum, bit {bit}"), &|a| Address { stratum: a.stratum ^ 1 << bit, ..a });
            if layout == Layout::Own {
                flip(format!("{layout:?}, word, bit {bit}"), &|a| Address { word: a.word ^ 1 << bit, ..a });
            }
        }
        for bit in 0..64 {
            flip(format!("{layout:?}, purpose, bit {bit}"), &|a| Address { purpose: a.purpose ^ 1 << bit, ..a });
            flip(format!("{layout:?}, replicate, bit {bit}"), &|a| Address { replicate: a.replicate ^ 1 << bit, ..a });
            flip(format!("{layout:?}, seed, bit {bit}"), &|a| Address { seed: a.seed ^ 1 << bit, ..a });
        }
    }
    let (p, name) = judged(&found);
    assert!(p > 0.01, "{name}: {p} after Bonferroni");
}

#[test]
fn birthday_spacings() {
    // Marsaglia 1985: 4096 birthdays in a year of 2^32 days; repeated spacings are Poisson with mean n^3 / (4 m) = 4.
    let mut found = Vec::new();
    for layout in [Layout::Unit, Layout::Own] {
        for (name, along) in DIRECTIONS {
            let mut repeats = 0;
            for year in 0..8 {
                let mut days: Vec<u32> =
                    (0..4096).map(|k| (layout.draw(&along(BASE, 4096 * year + k)) >> 32) as u32).collect();
                days.sort_unstable();
                let mut spacings: Vec<u32> = days.windows(2).map(|d| d[1] - d[0]).collect();
                spacings.sort_unstable();
                repeats += spacings.windows(2).filter(|s| s[0] == s[1]).count() as u32;
            }
            found.push((format!("{layout:?}, {name}"), poisson(repeats, 32.0)));
        }
    }
    let (p, name) = judged(&found);
    assert!(p > 0.01, "{name}: {p} after Bonferroni");
}

#[test]
fn no_two_addresses_share_a_word() {
    // Two of 720,000 random words of 64 bits agree with probability 1.4e-8: any repetition is an address counted twice.
    let mut words = Vec::new();
    for layout in [Layout::Unit, Layout::Own] {
        for (_, along) in DIRECTIONS {
            words.extend((1..=LENGTH / 2).map(|k| layout.draw(&along(BASE, 100_000 + k))));
        }
    }
    for space in [Space::Study, Space::Population, Space::Pilot, Space::Method] {
        let a = Address { space, index: 90_000, ..BASE };
        words.extend((1..8192).map(|word| Layout::Own.draw(&Address { word, ..a })));
        words.extend((0..8192).map(|k| Layout::Unit.draw(&Address { index: 80_000 + k, ..a })));
    }
    let number = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), number);
}

#[test]
fn chances_happen_as_often_as_they_should() {
    let streams = BASE.streams();
    let persons = 1 << 16;
    let mut found = Vec::new();
    for (k, probability) in [1e-5, 0.001, 1.0 / 65_536.0, 0.05, 0.26 / 12.0, 0.5, 0.9, 0.9999].into_iter().enumerate() {
        let lane = Lane { occasion: k as u32, ..BASE.lane() };
        let chance = Chance::new(probability);
        let mut upper = vec![0; persons];
        streams.fill_chance(&lane, 0, &mut upper);
        let hits = (0..persons).filter(|i| chance.happens(upper[*i], &streams, &lane, *i as u32)).count();
        let mean = persons as f64 * probability;
        found.push(if mean < 100.0 {
            (format!("{probability}"), poisson(hits as u32, mean))
        } else {
            (format!("{probability}"), normal((hits as f64 - mean) / libm::sqrt(mean * (1.0 - probability))))
        });
    }
    let (p, name) = judged(&found);
    assert!(p > 0.01, "{name}: {p} after Bonferroni");
}

#[test]
fn names_do_not_collide() {
    let names = (0..40_000).flat_map(|k| [format!("state.x{k}"), format!("survey.items.x{k}"), format!("x{k}.lag")]);
    let mut numbers: Vec<u64> = names.map(|n| Purpose::named(&n).0).collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all);
}

#[test]
fn words_of_one_block_fall_evenly() {
    // Whichever place of a chance block a person has, the byte is uniform.
    for place in 0..16 {
        let mut counts = [0_u32; 256];
        for k in 0..4096 {
            counts[(Layout::Chance.draw(&Address { index: 16 * k + place, occasion: 9, ..BASE }) >> 8) as usize] += 1;
        }
        let p = even_counts(&counts);
        assert!(p > 1e-4, "place {place}: {p}");
    }
}

/// What the script in `docs/streams.md` prints (numpy 2.4.6), and what the streams give at the same addresses.
#[test]
fn numpy_makes_the_same_numbers() {
    let shelter = Address { replicate: 12, stratum: stratum("shelter"), index: 37, occasion: 5, ..BASE };
    let a = Address { purpose: Purpose::named("state.well").0, ..shelter };
    assert_eq!((a.purpose, a.stratum), (0xc449_2b34_266e_f3d0, 0x4ff9_7c93));
    assert_eq!(Layout::Chance.draw(&a), 0xded8);
    assert_eq!(a.streams().chance_rest(&a.lane(), a.index), 0x0fbb_8b6e_8183);
    assert_eq!(Layout::Unit.draw(&a), 0x0655_a8b3_571c_0cf8);
    let mut unit = [0.0];
    a.streams().fill_unit(&a.lane(), a.index, &mut unit);
    assert_eq!(unit, [0.024_744_552_406_545_606]);
    let own = [
        0x0fbb_8b6e_8183_4579,
        0xd947_bed1_0f15_a9aa,
        0x52b3_ea7e_c8c8_8d5d,
        0x5873_4a27_0a3b_bdd0,
        0xb157_232e_6a2c_4eee,
        0x197e_6a21_0cb5_13d1,
    ];
    for (word, expected) in (0..).zip(own) {
        assert_eq!(Layout::Own.draw(&Address { word, ..a }), expected);
    }
    let edge = Address {
        seed: u64::MAX,
        space: Space::Population,
        replicate: u64::MAX,
        stratum: u32::MAX,
        index: u32::MAX,
        occasion: u32::MAX,
        purpose: u64::MAX,
        word: u32::MAX,
    };
    assert_eq!(Layout::ALL.map(|l| l.draw(&edge)), [0xf5c0, 0x896d_b182_5564_187e, 0x1d63_2a3f_a7f5_b578]);
    let zero = Address { seed: 0, replicate: 0, stratum: 0, index: 0, occasion: 0, purpose: 0, ..BASE };
    assert_eq!(Layout::ALL.map(|l| l.draw(&zero)), [0x314c, 0x9c6b_2709_05f0_b111, 0xe533_415c_3f21_d41e]);
}
