//! Reads a tree on a thread of its own and hands what it finds to the task that writes. The thread asks that task for the
//! pieces of an upload, so that the reader knows neither database nor key.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use magfin_legacy::archive::{Limits, UnpackError};
use magfin_legacy::blocks::{BlockReader, Blocks};
use magfin_legacy::notice::Notice;
use magfin_legacy::pack::{Index, PackTree};
use magfin_legacy::sink::{Batches, Item, Sink, Stop};
use magfin_legacy::{DirTree, Fixes, FoldError, Report, Tree, fold_with, unpack};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::BATCH;
use super::sealed::BLOCK;

/// Notices that go by at once.
const NOTICES: usize = 200;

/// What the thread has to say.
pub(super) enum Message {
    /// It wants a piece of a file.
    Want { file: i16, number: i32, reply: oneshot::Sender<Option<Vec<u8>>> },
    /// It has a piece to be kept.
    Keep { file: i16, number: i32, bytes: Vec<u8> },
    /// Rows of one kind.
    Rows(Vec<Item>),
    /// Rows that were not simply imported.
    Notices(Vec<Notice>),
    /// So many rows of a section were read, of so many.
    Progress(&'static str, u64, u64),
}

/// Where a tree is read from.
pub(super) enum Origin {
    /// A folder of this machine, for commands of an operator.
    Dir(PathBuf),
    /// What was uploaded and unpacked.
    Pack { file: i16, index: Index },
}

/// A thread that reads, and what it says.
pub(super) struct Reading<T> {
    pub(super) messages: mpsc::Receiver<Message>,
    pub(super) done: JoinHandle<T>,
}

/// Pieces that are asked for one by one.
struct Remote {
    send: mpsc::Sender<Message>,
    file: i16,
    size: u64,
    block_size: u64,
}

fn gone() -> io::Error {
    io::Error::other("the import was called off")
}

impl Blocks for Remote {
    fn size(&self) -> u64 {
        self.size
    }

    fn block_size(&self) -> u64 {
        self.block_size
    }

    fn block(&self, number: u64) -> io::Result<Arc<Vec<u8>>> {
        let (reply, answer) = oneshot::channel();
        let number = i32::try_from(number).map_err(|_| gone())?;
        self.send.blocking_send(Message::Want { file: self.file, number, reply }).map_err(|_| gone())?;
        answer.blocking_recv().ok().flatten().map(Arc::new).ok_or_else(gone)
    }
}

/// Cuts what is written to it into pieces.
struct Keeper {
    send: mpsc::Sender<Message>,
    file: i16,
    number: i32,
    held: Vec<u8>,
}

impl Keeper {
    fn pass(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.held);
        self.send.blocking_send(Message::Keep { file: self.file, number: self.number, bytes }).map_err(|_| gone())?;
        self.number += 1;
        Ok(())
    }
}

impl Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.held.len());
        self.held.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        if self.held.len() == BLOCK {
            self.pass()?;
        }
        Ok(taken)
    }

    /// Called once, at the end: the last piece may be short.
    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() { Ok(()) } else { self.pass() }
    }
}

/// Unpacks an archive of `size` bytes in parts of `part_size`; its index comes back.
pub(super) fn unpacking((from, to): (i16, i16), size: u64, part_size: u64, limits: Limits) -> Reading<Result<Index, UnpackError>> {
    let (send, messages) = mpsc::channel(4);
    let done = tokio::task::spawn_blocking(move || {
        let source = Remote { send: send.clone(), file: from, size, block_size: part_size };
        let keeper = Keeper { send, file: to, number: 0, held: Vec::with_capacity(BLOCK) };
        unpack(BlockReader::new(Arc::new(source)), &limits, keeper).map(|(index, _)| index)
    });
    Reading { messages, done }
}

/// The sink of the reader: everything goes to the task that writes.
struct Feed<F> {
    rows: Batches<F>,
    notices: Vec<Notice>,
    send: mpsc::Sender<Message>,
}

impl<F> Feed<F> {
    fn say(&self, message: Message) -> Result<(), Stop> {
        self.send.blocking_send(message).map_err(|_| Stop)
    }
}

impl<F: FnMut(Vec<Item>) -> Result<(), Stop>> Sink for Feed<F> {
    fn take(&mut self, item: Item) -> Result<(), Stop> {
        self.rows.take(item)
    }

    fn notice(&mut self, notice: Notice) -> Result<(), Stop> {
        self.notices.push(notice);
        if self.notices.len() < NOTICES {
            return Ok(());
        }
        let notices = std::mem::take(&mut self.notices);
        self.say(Message::Notices(notices))
    }

    fn progress(&mut self, section: &'static str, read: u64, total: u64) -> Result<(), Stop> {
        self.say(Message::Progress(section, read, total))
    }
}

/// Reads a tree as decided.
pub(super) fn reading(origin: Origin, fixes: Fixes) -> Reading<Result<Report, FoldError>> {
    let (send, messages) = mpsc::channel(4);
    let done = tokio::task::spawn_blocking(move || {
        let tree: Box<dyn Tree> = match origin {
            Origin::Dir(dir) => Box::new(DirTree::new(dir)),
            Origin::Pack { file, index } => {
                let blocks = Remote { send: send.clone(), file, size: index.size, block_size: u64::try_from(BLOCK).unwrap_or(1) };
                Box::new(PackTree::new(index, Arc::new(blocks)))
            }
        };
        let rows = send.clone();
        let deliver = move |batch| rows.blocking_send(Message::Rows(batch)).map_err(|_| Stop);
        let mut feed = Feed { rows: Batches::new(BATCH, deliver), notices: Vec::new(), send };
        let report = fold_with(tree.as_ref(), &fixes, &mut feed);
        feed.rows.finish()?;
        let notices = std::mem::take(&mut feed.notices);
        if !notices.is_empty() {
            feed.say(Message::Notices(notices))?;
        }
        report
    });
    Reading { messages, done }
}
