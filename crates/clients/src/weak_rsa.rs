//! RSA keys whose factors a known fault of a chip makes easy to find: CVE-2017-15361, "ROCA" (Nemec et al., ACM CCS 2017).
//!
//! Must not be more than the published test: a modulus of such a key is, modulo each small prime, a power of 65537, and another
//! modulus is that for all of them once in about 2^27 keys.

/// The small primes whose product the faulty library builds its factors on.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137,
    139, 149, 151, 157, 163, 167,
];
/// The public exponent, which the library takes powers of.
const GENERATOR: u32 = 65537;

/// Whether this modulus, big-endian, was made by the faulty library.
pub(crate) fn is_roca(modulus: &[u8]) -> bool {
    !modulus.is_empty() && PRIMES.iter().all(|prime| is_power(remainder(modulus, *prime), *prime))
}

fn remainder(modulus: &[u8], prime: u32) -> u32 {
    modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime)
}

/// Whether `value` is a power of the generator modulo `prime`.
fn is_power(value: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == value {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_roca;

    #[test]
    fn au_5_a_modulus_that_is_a_power_of_the_generator_everywhere_is_weak_and_its_neighbour_is_not() {
        // 65537^5, which is a power of 65537 whatever it is divided by.
        let power = (0..5).fold(1_u128, |product, _| product * 65537);
        assert!(is_roca(&power.to_be_bytes()));
        assert!(!is_roca(&(power + 2).to_be_bytes()));
        assert!(!is_roca(&[]));
    }
}
