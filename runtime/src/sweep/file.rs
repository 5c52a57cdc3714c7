//! A sweep's checkpoint in a file.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::client::Client;
use crate::sweep::error::SweepError;
use crate::sweep::store::{Lease, StoreFuture, SweepStore};

/// Keeps checkpoints in a file, for programs on one machine.
///
/// The lease is a lock of the operating system's on a file beside it, whose name ends in `.lock`. It ends with the program
/// that holds it, however that ends. Checkpoints replace the file as a whole, so that none is ever half-written. A file may
/// keep those of several sweeps, of which one runs at a time. Network file systems may not keep locks.
#[derive(Debug)]
pub struct SweepFile {
    path: PathBuf,
    locked: Mutex<Option<File>>,
}

impl SweepFile {
    /// The file at this path, which need not be there yet; its folder must be.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        SweepFile { path: path.into(), locked: Mutex::new(None) }
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    }

    fn lock(&self) -> Result<(), SweepError> {
        let path = self.beside(".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| failed(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {
                *self.locked.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
                Ok(())
            }
            Err(TryLockError::WouldBlock) => {
                Err(SweepError::Held { holder: format!("of {}", path.display()), until: None })
            }
            Err(TryLockError::Error(error)) => Err(failed(&path, &error)),
        }
    }

    fn unlock(&self) {
        drop(self.locked.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn is_locked(&self) -> bool {
        self.locked.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn read(&self) -> Result<BTreeMap<String, String>, SweepError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                let what = format!("{} is no file of a sweep's checkpoints: {error}", self.path.display());
                SweepError::Store(what.into())
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(failed(&self.path, &error)),
        }
    }

    fn write(&self, sweep: &str, state: &str) -> Result<(), SweepError> {
        let mut all = self.read()?;
        all.insert(sweep.to_owned(), state.to_owned());
        let text = serde_json::to_string_pretty(&all).map_err(|error| SweepError::Store(error.into()))?;
        let new = self.beside(".new");
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| failed(&new, &error))?;
        fs::rename(&new, &self.path).map_err(|error| failed(&self.path, &error))
    }
}

fn failed(path: &Path, error: &io::Error) -> SweepError {
    SweepError::Store(format!("{}: {error}", path.display()).into())
}

// What is read and written is a few kilobytes, every few seconds: less than a thread for it would cost.
impl SweepStore for SweepFile {
    fn acquire<'a>(&'a self, lease: Lease<'a>) -> StoreFuture<'a, Option<String>> {
        Box::pin(async move {
            self.lock()?;
            let read = self.read();
            if read.is_err() {
                self.unlock();
            }
            Ok(read?.remove(lease.sweep))
        })
    }

    fn save<'a>(&'a self, lease: Lease<'a>, state: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            if self.is_locked() { self.write(lease.sweep, state) } else { Err(SweepError::LeaseLost) }
        })
    }

    fn release<'a>(&'a self, _: Lease<'a>) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            self.unlock();
            Ok(())
        })
    }

    fn load<'a>(&'a self, sweep: &'a str, _: &'a Client) -> StoreFuture<'a, Option<String>> {
        Box::pin(async move { Ok(self.read()?.remove(sweep)) })
    }
}
