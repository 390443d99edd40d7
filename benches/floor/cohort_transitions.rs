//! The truth of `scenarios/cohort_transitions.toml` as two plain programs on one thread, without the library: one that
//! works every probability out when it is needed, and one with everything that a programmer in a hurry for speed would
//! do: probabilities as tables of thresholds, and draws that are a hash of person and step.

/// Months simulated.
pub const STEPS: u64 = 60;
/// Sites that the persons are spread over at random.
pub const SITES: usize = 20;

/// Shares at the end: in the community, employed, partnered, well.
pub type Shares = [f64; 4];

const START: Shares = [0.5, 0.3, 0.4, 0.5];

#[expect(clippy::disallowed_methods, reason = "a plain program calls the platform's exp, which is also the faster one")]
fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn number(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// The finaliser of splitmix64.
fn mix(x: u64) -> u64 {
    let z = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A row per person, a uniform per draw from a sequential generator (splitmix64), an `exp` per probability.
pub fn naive(persons: usize, seed: u64) -> Shares {
    struct Person {
        site: usize,
        community: bool,
        employed: bool,
        partnered: bool,
        well: bool,
    }
    let mut state = seed;
    let mut uniform = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        (mix(state) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    };
    let mut all = Vec::with_capacity(persons);
    for _ in 0..persons {
        all.push(Person {
            site: ((uniform() * SITES as f64) as usize).min(SITES - 1),
            community: uniform() < START[0],
            employed: uniform() < START[1],
            partnered: uniform() < START[2],
            well: uniform() < START[3],
        });
    }
    for _ in 0..STEPS {
        let mut size = [0.0; SITES];
        let mut mean = [0.0; SITES];
        for p in &all {
            size[p.site] += 1.0;
            mean[p.site] += number(p.well);
        }
        for (m, n) in mean.iter_mut().zip(size) {
            *m /= f64::max(n, 1.0);
        }
        for p in &mut all {
            if !p.community {
                p.community = uniform() < expit(-4.0 + 0.5 * number(p.well));
            }
            p.employed =
                if p.employed { uniform() >= 0.05 } else { uniform() < expit(-3.0 + 0.8 * number(p.community)) };
            p.partnered = if p.partnered { uniform() >= 0.005 } else { uniform() < 0.01 };
            let well = -1.5 + number(p.employed) + 0.7 * number(p.partnered) + 1.5 * number(p.well);
            p.well = uniform() < expit(well + 0.5 * mean[p.site]);
        }
    }
    let share = |count: usize| count as f64 / persons as f64;
    [
        share(all.iter().filter(|p| p.community).count()),
        share(all.iter().filter(|p| p.employed).count()),
        share(all.iter().filter(|p| p.partnered).count()),
        share(all.iter().filter(|p| p.well).count()),
    ]
}

const COMMUNITY: u8 = 1;
const EMPLOYED: u8 = 2;
const PARTNERED: u8 = 4;
const WELL: u8 = 8;

/// A probability as a threshold for 32 random bits.
fn threshold(probability: f64) -> u32 {
    (probability * 4_294_967_296.0) as u32
}

/// For each old value of the four states in four bits: the thresholds of community, employed (by the new community) and
/// partnered.
struct Thresholds {
    community: [u32; 16],
    employed: [u32; 16],
    partnered: [u32; 16],
}

fn thresholds() -> Thresholds {
    let mut t = Thresholds { community: [0; 16], employed: [0; 16], partnered: [0; 16] };
    for (i, bits) in (0..16_u8).enumerate() {
        let leaves = expit(-4.0 + 0.5 * number(bits & WELL != 0));
        t.community[i] = if bits & COMMUNITY != 0 { u32::MAX } else { threshold(leaves) };
        let employed = expit(-3.0 + 0.8 * number(bits & COMMUNITY != 0));
        t.employed[i] = threshold(if bits & EMPLOYED != 0 { 0.95 } else { employed });
        t.partnered[i] = threshold(if bits & PARTNERED != 0 { 0.995 } else { 0.01 });
    }
    t
}

/// Thresholds of well for each site and each value of the four states (new employed and partnered, old well).
fn well_thresholds(people: &[u8], sites: &[u8]) -> [[u32; 16]; SITES] {
    let mut size = [0_u32; SITES];
    let mut well = [0_u32; SITES];
    for (p, site) in people.iter().zip(sites) {
        size[usize::from(*site)] += 1;
        well[usize::from(*site)] += u32::from(p >> 3);
    }
    let mut table = [[0; 16]; SITES];
    for (site, row) in table.iter_mut().enumerate() {
        let mean = f64::from(well[site]) / f64::from(size[site].max(1));
        for (bits, entry) in (0..16_u8).zip(row.iter_mut()) {
            let has = |bit: u8| number(bits & bit != 0);
            *entry = threshold(expit(-1.5 + has(EMPLOYED) + 0.7 * has(PARTNERED) + 1.5 * has(WELL) + 0.5 * mean));
        }
    }
    table
}

/// A byte per person, tables of thresholds, 128 random bits as a hash of (seed, person, step): persons could be worked
/// in any order.
pub fn tables(persons: usize, seed: u64) -> Shares {
    let draws = |person: usize, step: u64| {
        let address = mix(seed ^ step.wrapping_mul(0xD1B5_4A32_D192_ED03)).wrapping_add(person as u64);
        let first = mix(address.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (first, mix(first ^ 0xA5A5_A5A5_5A5A_5A5A))
    };
    let mut people = Vec::with_capacity(persons);
    let mut sites = Vec::with_capacity(persons);
    for person in 0..persons {
        let (a, b) = draws(person, 0);
        let parts = [a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32];
        people.push((0..4).fold(0, |bits, k| bits | u8::from(parts[k] < threshold(START[k])) << k));
        sites.push((((draws(person, u64::MAX).0 >> 32) * SITES as u64) >> 32) as u8);
    }
    let fixed = thresholds();
    for step in 1..=STEPS {
        let well = well_thresholds(&people, &sites);
        for (person, (p, site)) in people.iter_mut().zip(&sites).enumerate() {
            let (a, b) = draws(person, step);
            let old = usize::from(*p);
            // A threshold of u32::MAX stands for certainty: those in the community stay there.
            let stays = *p & COMMUNITY;
            let community = stays | u8::from((a as u32) < fixed.community[old]);
            let with_community = (old & !1) | usize::from(community);
            let employed = u8::from(((a >> 32) as u32) < fixed.employed[with_community]) * EMPLOYED;
            let partnered = u8::from((b as u32) < fixed.partnered[old]) * PARTNERED;
            let before_well = community | employed | partnered | (*p & WELL);
            let is_well = ((b >> 32) as u32) < well[usize::from(*site)][usize::from(before_well)];
            *p = (before_well & !WELL) | (u8::from(is_well) * WELL);
        }
    }
    let share = |bit: u8| people.iter().filter(|p| **p & bit != 0).count() as f64 / persons as f64;
    [share(COMMUNITY), share(EMPLOYED), share(PARTNERED), share(WELL)]
}
