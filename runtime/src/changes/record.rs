//! One stream record whose key and kind are known, from any source.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::error::RecordError;
use super::image::Image;
use super::info::{EventKind, RecordInfo, RemovedBy, SequenceNumber};
use super::keys::{Keys, PartitionKey};
use super::problem::Problem;
use super::raw::Raw;
use crate::facts::{Discriminator, Facts, Untyped};
use crate::limits::RESERVED;
use crate::model::{Model, Record};
use crate::table::{StreamView, Table};

/// A record whose key and kind are known, before it becomes a change: for generated code.
#[derive(Debug)]
pub struct StreamRecord<'a> {
    table: &'static Table,
    pub(super) info: RecordInfo,
    pub(super) removed_by: RemovedBy,
    has_both: bool,
    pub(super) keys: Image<'a>,
    key_texts: [Option<Box<str>>; 2],
    pub(super) old: Option<Image<'a>>,
    pub(super) new: Option<Image<'a>>,
    /// What the table's type attribute holds before and after the change.
    types: OnceCell<[Option<ImageType>; 2]>,
}

/// What the type attribute of an image holds.
#[derive(Debug)]
enum ImageType {
    Text(Box<str>),
    Missing,
    NoText,
}

impl<'a> StreamRecord<'a> {
    /// Checks a source's record of `table`, which is called `name`. Also returns its partition, if that is known.
    pub(super) fn new(
        raw: Raw<'a>,
        table: &'static Table,
        name: &str,
    ) -> (Option<PartitionKey>, Result<Self, RecordError>) {
        let Raw { event_id, event_name, sequence_number, table: found, keys, .. } = raw;
        let keys = keys.map(Image::new);
        let event_id = event_id.map(Cow::into_owned);
        let number = sequence_number.and_then(|digits| SequenceNumber::new(digits.into_owned()));
        let mut of_key = Keys::default();
        let mut problem = raw.problem;
        if let Some(image) = &keys {
            match Keys::of(image, table) {
                Ok(keys) => of_key = keys,
                Err(wrong) => problem = problem.or(Some(wrong)),
            }
        }
        if let Some(found) = found.filter(|found| found != name) {
            problem = Some(Problem::Table { found: found.into_owned(), expected: name.to_owned() });
        }
        let partition = of_key.partition;
        let refuse =
            |problem| RecordError::new(problem, event_id.clone(), number.clone(), of_key.shown.clone());
        if let Some(problem) = problem {
            let error = refuse(problem);
            return (partition, Err(error));
        }
        let checked = match (keys, &event_id, event_name.as_deref()) {
            (None, ..) => Err(Problem::NoKeys),
            (_, None, _) => Err(Problem::Malformed("it has no `eventID`".to_owned())),
            (_, _, None) => Err(Problem::Malformed("it has no `eventName`".to_owned())),
            (Some(keys), Some(_), Some(name)) => match EventKind::named(name) {
                Some(kind) => Ok((keys, kind)),
                None => Err(Problem::UnknownEvent(name.to_owned())),
            },
        };
        let (keys, kind) = match checked {
            Ok(checked) => checked,
            Err(problem) => return (partition, Err(refuse(problem))),
        };
        let info = RecordInfo {
            event_id: event_id.unwrap_or_default(),
            kind,
            sequence_number: number,
            moment: raw.moment,
        };
        let record = StreamRecord {
            table,
            info,
            removed_by: if raw.is_expiry { RemovedBy::Expiry } else { RemovedBy::Writer },
            has_both: raw.has_both,
            keys,
            key_texts: of_key.texts,
            old: raw.old.map(Image::new),
            new: raw.new.map(Image::new),
            types: OnceCell::new(),
        };
        (partition, Ok(record))
    }

    /// The error of this record.
    #[cold]
    pub(super) fn refuse(self, problem: Problem) -> RecordError {
        let RecordInfo { event_id, sequence_number, .. } = self.info;
        RecordError::new(problem, Some(event_id), sequence_number, self.keys.shown(self.table))
    }

    /// Whether the library keeps the item for itself, as it keeps guards: for generated code.
    pub fn is_internal(&self) -> bool {
        self.key_texts[0].as_deref().is_some_and(|text| text.starts_with(RESERVED))
    }

    /// Whether the item belongs to this model, before and after the change: for generated code.
    pub fn is_of<R: Record>(&self) -> bool {
        self.holds(R::FACTS)
    }

    // Not generic: compiled once.
    fn holds(&self, facts: &'static Facts) -> bool {
        match &facts.discriminator {
            Discriminator::Alone => true,
            Discriminator::Type(attribute, names, untyped) => {
                let mut types = self.types.get_or_init(|| self.types_of_images(attribute)).iter().flatten();
                let is_of = |found: &ImageType| match found {
                    ImageType::Text(text) => names.contains(&&**text),
                    ImageType::Missing => *untyped == Untyped::Own,
                    ImageType::NoText => false,
                };
                types.next().is_some_and(is_of) && types.all(is_of)
            }
            discriminator => discriminator.holds_texts(&|name| self.key_text(name).map(Cow::Borrowed)),
        }
    }

    /// What the type attribute of each image holds; `None` without an image.
    fn types_of_images(&self, attribute: &'static str) -> [Option<ImageType>; 2] {
        [&self.old, &self.new].map(|image| {
            let image = image.as_ref()?;
            Some(match image.text(attribute) {
                Some(text) => ImageType::Text(text.into()),
                None if image.lacks(attribute) => ImageType::Missing,
                None => ImageType::NoText,
            })
        })
    }

    fn key_text(&self, name: &str) -> Option<&str> {
        let position = self.table.key().position(|key| key.name == name)?;
        self.key_texts[position].as_deref()
    }

    /// The item before the change, which the view promises.
    pub(super) fn old_image<M: Model>(&mut self) -> Result<M, Problem> {
        self.old.as_mut().ok_or(Problem::NoImage("old image"))?.read(M::decode)
    }

    /// The item after the change, which the view promises.
    pub(super) fn new_image<M: Model>(&mut self) -> Result<M, Problem> {
        self.new.as_mut().ok_or(Problem::NoImage("new image"))?.read(M::decode)
    }

    /// Refuses images that a record of this kind cannot have in a stream of that view.
    pub(super) fn check_images(&self, view: StreamView) -> Result<(), Problem> {
        let (keeps_old, keeps_new) = match view {
            StreamView::KeysOnly => (false, false),
            StreamView::NewImage => (false, true),
            StreamView::OldImage => (true, false),
            StreamView::NewAndOldImages => (true, true),
        };
        let kind = self.info.kind;
        let may_have_old = (keeps_old || self.has_both) && kind != EventKind::Insert;
        let may_have_new = (keeps_new || self.has_both) && kind != EventKind::Remove;
        match (&self.old, &self.new) {
            (Some(_), _) if !may_have_old => Err(Problem::Image("an old image")),
            (_, Some(_)) if !may_have_new => Err(Problem::Image("a new image")),
            _ => Ok(()),
        }
    }
}
