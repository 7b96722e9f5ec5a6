//! Reader of today's data (ST-3, PH-4): the browser export and the encrypted Markdown brain in, typed rows and a report out.
//!
//! Start with [`fold()`]. Must not know the database or HTTP. Only [`tree`] touches the file system.

pub mod accounts;
pub mod advisors;
pub mod book;
pub mod brain;
pub mod dates;
mod diff;
pub mod fold;
pub mod front;
pub mod generate;
pub mod json;
pub mod localstorage;
pub mod money;
pub mod normal;
pub mod other;
pub mod parts;
pub mod patches;
pub mod path;
pub mod people;
pub mod profile;
pub mod report;
pub mod rows;
pub mod schema;
mod shared;
pub mod sink;
pub mod state;
mod tally;
pub mod tasks;
pub mod text;
pub mod tree;
pub mod typed;
pub mod unescape;
pub mod value;

pub use magfin_domain::phone;

pub use fold::{FoldError, fold};
pub use report::Report;
pub use sink::{Batches, Item, Sink, Stop};
pub use tree::{DirTree, MemTree, Tree, TreeWriter};
