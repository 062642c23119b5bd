use std::hash::{BuildHasher as _, RandomState};

/// Returns a random byte. The standard library seeds its hashers at random, which is enough to spread requests in time.
pub(crate) fn random_byte() -> u8 {
    let [byte, ..] = RandomState::new().hash_one(0_u8).to_le_bytes();
    byte
}
