//! Philox4x64-10, a counter-based generator.
//!
//! Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC '11,
//! doi:10.1145/2063384.2063405. Bit-compatible with `numpy.random.Philox`, which adds 1 to the counter before it
//! makes a block.

const M0: u64 = 0xD2E7_470E_E14C_6C93;
const M1: u64 = 0xCA5A_8263_9512_1157;
const W0: u64 = 0x9E37_79B9_7F4A_7C15;
const W1: u64 = 0xBB67_AE85_84CA_A73B;
const ROUNDS: usize = 10;

/// A key of 128 bits, expanded once into its ten round keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([[u64; 2]; ROUNDS]);

impl Key {
    /// Expands a key.
    #[must_use]
    pub const fn new(key: [u64; 2]) -> Self {
        let mut round_keys = [[0; 2]; ROUNDS];
        let mut k = key;
        let mut round = 0;
        while round < ROUNDS {
            round_keys[round] = k;
            k = [k[0].wrapping_add(W0), k[1].wrapping_add(W1)];
            round += 1;
        }
        Self(round_keys)
    }
}

/// The 256 random bits that belong to a counter under a key.
#[inline(always)]
#[must_use]
pub fn block(counter: [u64; 4], key: &Key) -> [u64; 4] {
    let mut c = counter;
    for k in &key.0 {
        let p0 = u128::from(M0) * u128::from(c[0]);
        let p1 = u128::from(M1) * u128::from(c[2]);
        c = [(p1 >> 64) as u64 ^ c[1] ^ k[0], p1 as u64, (p0 >> 64) as u64 ^ c[3] ^ k[1], p0 as u64];
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numpy_known_answers() {
        // numpy.random.Philox(key=0, counter=2**256-1).random_raw(4)
        assert_eq!(
            block([0; 4], &Key::new([0; 2])),
            [0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b]
        );
    }

    #[test]
    fn random123_known_answers() {
        // kat_vectors of Random123 1.14, philox4x64 10 rounds: all bits set, and the digits of pi.
        assert_eq!(
            block([u64::MAX; 4], &Key::new([u64::MAX; 2])),
            [0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0]
        );
        assert_eq!(
            block(
                [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89],
                &Key::new([0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c])
            ),
            [0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6]
        );
    }
}
