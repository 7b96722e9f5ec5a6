//! What several of the tests share.

pub mod browser;
pub mod contract;
pub mod moto;
