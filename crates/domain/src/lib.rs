//! Pure types and rules of a wealth-management book: ids, money, dates, phones, roles, facts.
//!
//! A value that exists is valid: bounds are checked where it is parsed, and the error names the limit.
//! Types know how a column stores them (`sqlx::Type`), and nothing here runs a query, reads a clock or does I/O.

pub mod api_key;
pub mod audit;
pub mod brain;
pub mod directory;
pub mod draft;
pub mod edit;
pub mod fact;
pub mod facts;
pub mod family_event;
pub mod feedback;
pub mod filter;
pub mod household_list;
pub mod ids;
pub mod live;
pub mod mention;
pub mod money;
pub mod note_template;
pub mod notification;
pub mod phone;
pub mod profile;
pub mod quick_add;
pub mod repeat;
pub mod retention;
pub mod role;
pub mod sealed;
pub mod search;
pub mod text;
pub mod tier;
pub mod time;
pub mod view;
pub mod work;
pub mod zone;
