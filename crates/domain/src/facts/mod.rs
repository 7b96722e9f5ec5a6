//! The nouns of the book, one file each.

pub mod account;
pub mod contact_point;
pub mod entity;
pub mod goal;
pub mod household;
pub mod insurance_policy;
pub mod liability;
pub mod membership;
pub mod note;
pub mod open_loop;
pub mod person;
pub mod professional;
pub mod task;
