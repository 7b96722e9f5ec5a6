//! The rows an import hands out, and how a receiver takes them: one by one, or in batches of one kind.
//!
//! Must not know where rows go.

use std::mem::{Discriminant, discriminant};

use crate::advisors::Settings;
use crate::book::{AccountRow, Change, FinalHousehold, HouseholdRow, LoopRow, MembershipRow, NoteRow, PersonRow, TaskRow};
use crate::notice::Notice;
use crate::profile::Profile;

/// A row for the sink. Every row a row refers to comes before it.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Once, first.
    Settings(Box<Settings>),
    /// A household as the seed has it.
    Household(Box<HouseholdRow>),
    /// A person as the seed has it, filled up from all households that list it.
    Person(Box<PersonRow>),
    /// A membership as the seed has it.
    Membership(MembershipRow),
    /// An applied patch, in log order; to be replayed on the seed state.
    Change(Box<Change>),
    /// An account.
    Account(Box<AccountRow>),
    /// A note.
    Note(Box<NoteRow>),
    /// A task.
    Task(Box<TaskRow>),
    /// An open loop.
    Loop(Box<LoopRow>),
    /// A client's `profile.md`.
    Profile(Box<Profile>),
    /// A household after the whole log, to check the replay against.
    Final(Box<FinalHousehold>),
}

/// The sink asks for the end of the import, e.g. because its database is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// Where rows go.
pub trait Sink {
    /// Takes one row.
    ///
    /// # Errors
    /// [`Stop`] ends the import.
    fn take(&mut self, item: Item) -> Result<(), Stop>;

    /// Hears of a row that was not simply imported. Most sinks have the report, which counts them.
    ///
    /// # Errors
    /// [`Stop`] ends the import.
    fn notice(&mut self, _notice: Notice) -> Result<(), Stop> {
        Ok(())
    }

    /// Hears how many rows of a section were read, of how many there are.
    ///
    /// # Errors
    /// [`Stop`] ends the import.
    fn progress(&mut self, _section: &'static str, _read: u64, _total: u64) -> Result<(), Stop> {
        Ok(())
    }
}

impl<F: FnMut(Item) -> Result<(), Stop>> Sink for F {
    fn take(&mut self, item: Item) -> Result<(), Stop> {
        self(item)
    }
}

/// A sink that passes rows on in batches of one kind, in order, so a database can insert many at once.
pub struct Batches<F> {
    size: usize,
    waiting: Vec<Item>,
    kind: Option<Discriminant<Item>>,
    deliver: F,
}

impl<F: FnMut(Vec<Item>) -> Result<(), Stop>> Batches<F> {
    /// Batches of at most `size` rows (at least 1). A batch holds one variant of [`Item`] only and is never empty.
    pub fn new(size: usize, deliver: F) -> Self {
        Self { size: size.max(1), waiting: Vec::new(), kind: None, deliver }
    }

    /// Delivers what is left; call it after the fold.
    ///
    /// # Errors
    /// [`Stop`] when the receiver refuses the batch.
    pub fn finish(&mut self) -> Result<(), Stop> {
        self.kind = None;
        if self.waiting.is_empty() {
            return Ok(());
        }
        (self.deliver)(std::mem::take(&mut self.waiting))
    }
}

impl<F: FnMut(Vec<Item>) -> Result<(), Stop>> Sink for Batches<F> {
    fn take(&mut self, item: Item) -> Result<(), Stop> {
        let kind = discriminant(&item);
        if self.kind != Some(kind) || self.waiting.len() >= self.size {
            self.finish()?;
            self.kind = Some(kind);
        }
        self.waiting.push(item);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn membership(position: usize) -> Item {
        Item::Membership(MembershipRow {
            household: "h".to_owned(),
            person: "p".to_owned(),
            role: "child".to_owned(),
            role_text: None,
            position,
        })
    }

    #[test]
    fn st_3_batches_hold_one_kind_in_order_and_lose_nothing() {
        let mut sizes = Vec::new();
        let mut batches = Batches::new(2, |batch: Vec<Item>| {
            assert!(batch.iter().all(|item| discriminant(item) == discriminant(&batch[0])));
            sizes.push(batch.len());
            Ok(())
        });
        for item in [membership(0), membership(1), membership(2), Item::Settings(Box::default()), membership(3)] {
            batches.take(item).unwrap();
        }
        batches.finish().unwrap();
        batches.finish().unwrap();
        drop(batches);
        assert_eq!(sizes, [2, 1, 1, 1]);
    }

    #[test]
    fn st_3_a_receiver_can_stop_the_import() {
        let mut batches = Batches::new(1, |_| Err(Stop));
        batches.take(membership(0)).unwrap();
        assert_eq!(batches.take(membership(1)), Err(Stop));
    }
}
