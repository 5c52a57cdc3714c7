//! `dynamorm import`: declarations of what exists already.

use super::arguments::{ImportSource, ImportedDraft, Imports};
use super::console::Console;
use super::{Failure, Outcome, is_standard_input};
use crate::error::Error;
use crate::generated::write_at_once;
use crate::import::{Options, Source};
use std::fs;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

/// The largest template, plan or description, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

pub(super) fn import(source: &ImportSource, console: &mut Console) -> Result<Outcome, Failure> {
    let draft = match source {
        ImportSource::Cloudformation(imports)
        | ImportSource::Terraform(imports)
        | ImportSource::TableDescription(imports) => &imports.draft,
        ImportSource::Table(imports) => &imports.draft,
    };
    // Before anything is read that may take long.
    if let Some(out) = draft.out.as_deref().filter(|out| !draft.force && out.exists()) {
        return Err(there_already(out));
    }
    let tables = match source {
        ImportSource::Cloudformation(imports) => read(imports, Source::cloudformation)?,
        ImportSource::Terraform(imports) => read(imports, Source::terraform)?,
        ImportSource::TableDescription(imports) => read(imports, Source::table_description)?,
        #[cfg(feature = "live")]
        ImportSource::Table(imports) => super::live::read(imports)?,
        #[cfg(not(feature = "live"))]
        ImportSource::Table(imports) => {
            let why =
                "this command was built without access to live tables: install it with `--features cli,live`";
            return Err(crate::import::Error::new(&imports.name, why).into());
        }
    };
    write(&tables, draft, console)
}

/// What a file describes, with the items that are named beside it.
fn read(imports: &Imports, read: Read) -> Result<Source, Failure> {
    let name = match is_standard_input(&imports.file) {
        true => String::from("<stdin>"),
        false => imports.file.display().to_string(),
    };
    let mut tables = read(&name, &text(&imports.file)?)?;
    tables.most_items(imports.sample);
    for items in &imports.items {
        let file = fs::File::open(&items.file).map_err(Error::io("read", &items.file))?;
        tables.items(items.table.as_deref(), &items.file.display().to_string(), BufReader::new(file))?;
    }
    Ok(tables)
}

fn write(tables: &Source, draft: &ImportedDraft, console: &mut Console) -> Result<Outcome, Failure> {
    let imported = tables.import(&Options::default().values(!draft.no_values))?;
    let said = [imported.notes(), imported.unread(), imported.differences()];
    for sentence in said.into_iter().flatten() {
        console.note(sentence)?;
    }
    if !imported.values().is_empty() {
        console.note("stored values in the declarations (`--no-values` leaves them out):")?;
        for value in imported.values() {
            console.note(&format!("  {value}"))?;
        }
    }
    match &draft.out {
        None => console.data(imported.text())?,
        Some(out) => {
            if draft.force {
                write_at_once(out, imported.text())?;
            } else {
                create(out, imported.text())?;
            }
            console.note(&format!("wrote {}", out.display()))?;
        }
    }
    Ok(Outcome::Done)
}

type Read = fn(&str, &str) -> Result<Source, crate::import::Error>;

/// Creates a file, and overwrites none.
fn create(out: &Path, text: &str) -> Result<(), Failure> {
    let created =
        fs::File::create_new(out).and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()));
    match created {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(there_already(out)),
        Err(error) => Err(Error::io("create", out)(error).into()),
        Ok(()) => Ok(()),
    }
}

fn there_already(out: &Path) -> Failure {
    let reason = "it is there, and is left as it is; `--force` overwrites it";
    Error::io("create", out)(io::Error::new(io::ErrorKind::AlreadyExists, reason)).into()
}

fn text(file: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = match is_standard_input(file) {
        true => io::stdin().take(LARGEST + 1).read_to_end(&mut bytes),
        false => fs::File::open(file).and_then(|open| open.take(LARGEST + 1).read_to_end(&mut bytes)),
    };
    read.map_err(Error::io("read", file))?;
    let refused = |reason: &str| Error::io("read", file)(io::Error::new(io::ErrorKind::InvalidData, reason));
    if bytes.len() as u64 > LARGEST {
        return Err(refused("it is larger than 64 MiB").into());
    }
    Ok(String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?)
}
