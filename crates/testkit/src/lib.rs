//! Test support: a database of one's own for every test, the product in process, and a filled book.
//!
//! Development only. Must hold no rule of the product: what is asserted stands in the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test whose set-up fails has failed")]

pub mod app;
pub mod book;
pub mod call;
pub mod database;
pub mod firms;

pub use app::TestApp;
pub use call::{Answer, Call};
pub use database::TestDb;
pub use firms::{Firm, Who};
pub use magfin_db::sign_in::Rate;
pub use magfin_vault::token;
