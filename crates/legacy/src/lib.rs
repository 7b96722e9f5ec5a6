//! Reader of today's data (ST-3, PH-4): the browser export and the encrypted Markdown brain in, typed rows and a report out.
//!
//! Start with [`fold()`]. Must not know the database or HTTP. Only [`tree`] touches the file
//! system; what was uploaded is read by [`archive`] and [`pack`] from wherever its bytes are.

pub mod accounts;
pub mod advisors;
pub mod archive;
pub mod blocks;
pub mod book;
pub mod brain;
pub mod brain_files;
pub mod dates;
mod diff;
mod financials;
pub mod fixes;
pub mod fold;
pub mod front;
pub mod generate;
pub mod json;
pub mod localstorage;
pub mod manifest;
pub mod money;
pub mod normal;
pub mod notice;
pub mod other;
pub mod pack;
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
mod size;
mod source;
pub mod state;
mod tally;
pub mod tasks;
pub mod text;
pub mod tree;
pub mod typed;
pub mod unescape;
pub mod value;

pub use magfin_domain::phone;

pub use archive::unpack;
pub use fixes::Fixes;
pub use fold::{FoldError, fold, fold_with};
pub use notice::Notice;
pub use report::Report;
pub use sink::{Batches, Item, Sink, Stop};
pub use tree::{DirTree, MemTree, Tree, TreeWriter};
