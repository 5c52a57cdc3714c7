//! The lock from its text. What `dynamorm lock` would not have written so is a finding.

use super::value;
use super::write::{managed_word, scalar_word, scope_word, stream_word, told_apart_word, untyped_word};
use super::{
    Accepted, Attribute, Attributes, Lock, LockedEnum, LockedModel, LockedTable, LockedVariant, Missing,
    RustField, Shape, ToldApart, VERSION, kind,
};
use crate::catalog::{
    EnumerationForm, Generated, Index, IndexScope, KeyAttribute, Projection, Scalar, StreamView, Untyped,
};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::{Entry, Spanned, Value, document};
use crate::source::SourceFile;
use std::collections::BTreeMap;

/// What to do about a lock that nothing can be made of.
pub(super) const TAKE_ANOTHER: &str = "take the lock of one side, as `git checkout --ours models.lock` does, bring the declarations to what \
     both sides want, and run `dynamorm lock`";

type Read<T> = Result<T, Box<Diagnostic>>;

/// The lock that a text holds.
pub(super) fn read(source: &SourceFile) -> Read<Lock> {
    if let Some(at) = conflict_marker(source.text()) {
        return Err(Box::new(
            Diagnostic::new(Code::LockConflict, "the lock holds the marks of a merge that nobody finished")
                .at(source.span(at..at + 7), "a mark of git's")
                .help(TAKE_ANOTHER),
        ));
    }
    let mut findings = Findings::default();
    let Some(entries) = document(source, &mut findings) else {
        let first = findings.into_sorted().into_iter().next();
        let (place, why) = match &first {
            Some(finding) => (finding.span(), finding.message.clone()),
            None => (None, "it is not TOML".to_owned()),
        };
        return Err(unfit(place.unwrap_or_else(|| source.span(0..0)), &why));
    };
    let whole = Table { place: source.span(0..0), entries: &entries };
    check_version(&whole)?;
    let lock = lock(&whole)?;
    // Declarations have a table at least, so that this is the beginning of a lock.
    if lock.tables.is_empty() {
        return Err(unfit(whole.place, "it ends before the first table"));
    }
    check_digests(&whole, &lock)?;
    check_canonical(source, &lock)?;
    Ok(lock)
}

/// Where the first line begins that git writes around what it could not merge.
fn conflict_marker(text: &str) -> Option<usize> {
    let marks = ["<<<<<<< ", "=======\n", ">>>>>>> ", "||||||| "];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if marks.iter().any(|mark| line.starts_with(mark)) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn check_version(whole: &Table<'_>) -> Read<()> {
    let version = whole.need("lock")?;
    let Value::Integer { digits, radix: 10 } = &version.value.value else {
        return Err(unfit(version.value.span, "the version of a lock is a number"));
    };
    match digits.parse::<u64>() {
        Ok(VERSION) => Ok(()),
        Ok(newer) if newer > VERSION => Err(Box::new(
            Diagnostic::new(Code::LockNewer, "a newer `dynamorm` wrote the lock")
                .at(version.value.span, format!("this one reads locks up to version {VERSION}"))
                .help("install the version of `dynamorm` that the others use, and use the same version of `dynamorm-generator`"),
        )),
        _ => Err(unfit(version.value.span, &format!("locks begin with version {VERSION}"))),
    }
}

/// Reports a table, a model or a shape that is not what its digest says.
fn check_digests(whole: &Table<'_>, lock: &Lock) -> Read<()> {
    let stored = whole.table("stored")?;
    for (name, table) in &lock.tables {
        check_digest(
            stored.table("table")?.table(name)?,
            &table.digest(),
            &format!("the table {}", quoted(name)),
        )?;
    }
    for (name, model) in &lock.models {
        let found = stored.table("model")?.table(name)?;
        check_digest(found, &model.digest(), &format!("the model {}", quoted(name)))?;
        for (number, shape) in &model.shapes {
            let found = found.table("shape")?.table(&number.to_string())?;
            check_digest(found, &shape.digest(), &format!("shape {number} of {}", quoted(name)))?;
        }
    }
    Ok(())
}

fn check_digest(found: Table<'_>, expected: &str, what: &str) -> Read<()> {
    let digest = found.need("digest")?;
    if matches!(&digest.value.value, Value::Text(text) if *text == expected) {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::new(Code::LockDigest, format!("{what} is not as it was written"))
            .at(digest.value.span, "the digest of something else")
            .help(TAKE_ANOTHER),
    ))
}

/// Reports the first line that a tool would have written otherwise.
fn check_canonical(source: &SourceFile, lock: &Lock) -> Read<()> {
    let expected = lock.text();
    if source.text() == expected {
        return Ok(());
    }
    let (span, expected) = first_difference(source, &expected);
    let wanted = match expected {
        Some(line) => format!("expected {}", quoted(line)),
        None => "expected the end of the file".to_owned(),
    };
    Err(unfit(span, &wanted))
}

/// The first line of a file that differs from a text, and what that has instead. A digest differs where what follows it does.
pub(super) fn first_difference<'t>(source: &SourceFile, expected: &'t str) -> (Span, Option<&'t str>) {
    let mut at = 0;
    let mut wanted = expected.lines();
    for line in source.text().split_inclusive('\n') {
        let found = line.trim_end_matches('\n');
        let next = wanted.next();
        let are_digests =
            found.starts_with("digest = ") && next.is_some_and(|next| next.starts_with("digest = "));
        if next != Some(found) && !are_digests {
            return (source.span(at..at + found.len()), next);
        }
        at += line.len();
    }
    (source.span(at..at), wanted.next())
}

fn unfit(span: Span, why: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::LockText, "the lock is not a text that `dynamorm lock` writes")
            .at(span, why)
            .help("take the lock of the last commit, and change the declarations instead: `dynamorm lock` takes them over"),
    )
}

/// A table of the text.
#[derive(Clone, Copy)]
struct Table<'a> {
    place: Span,
    entries: &'a [Entry],
}

impl<'a> Table<'a> {
    fn of(place: Span, value: &'a Spanned<Value>) -> Read<Self> {
        match &value.value {
            Value::Table(entries) => Ok(Table { place, entries }),
            _ => Err(unfit(value.span, "expected a table")),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    fn need(&self, key: &str) -> Read<&'a Entry> {
        self.get(key).ok_or_else(|| unfit(self.place, &format!("{} is missing", quoted(key))))
    }

    /// A table that may be missing where it has nothing.
    fn table(&self, key: &str) -> Read<Self> {
        match self.get(key) {
            Some(entry) => Table::of(entry.key.span, &entry.value),
            None => Ok(Table { place: self.place, entries: &[] }),
        }
    }

    fn text(&self, key: &str) -> Read<Option<&'a str>> {
        self.get(key).map(|entry| text(&entry.value)).transpose()
    }

    fn flag(&self, key: &str) -> Read<bool> {
        match self.get(key).map(|entry| (&entry.value.value, entry.value.span)) {
            None => Ok(false),
            Some((Value::Bool(flag), _)) => Ok(*flag),
            Some((_, span)) => Err(unfit(span, "expected `true`")),
        }
    }

    fn list(&self, key: &str) -> Read<&'a [Spanned<Value>]> {
        self.get(key).map_or(Ok(&[]), |entry| list(&entry.value))
    }

    fn texts(&self, key: &str) -> Read<Vec<String>> {
        self.list(key)?.iter().map(|value| text(value).map(str::to_owned)).collect()
    }

    /// Everything in it, by name.
    fn each<T>(&self, read: impl Fn(&'a str, Table<'a>) -> Read<T>) -> Read<BTreeMap<String, T>> {
        let read_one = |entry: &'a Entry| {
            let inner = Table::of(entry.key.span, &entry.value)?;
            Ok((entry.key.value.clone(), read(&entry.key.value, inner)?))
        };
        self.entries.iter().map(read_one).collect()
    }
}

fn text(value: &Spanned<Value>) -> Read<&str> {
    match &value.value {
        Value::Text(text) => Ok(text),
        _ => Err(unfit(value.span, "expected a string")),
    }
}

fn count(value: &Spanned<Value>) -> Read<u32> {
    let number = match &value.value {
        Value::Integer { digits, radix } => u32::from_str_radix(digits, *radix).ok(),
        _ => None,
    };
    number.ok_or_else(|| unfit(value.span, "expected the number of a shape"))
}

fn list(value: &Spanned<Value>) -> Read<&[Spanned<Value>]> {
    match &value.value {
        Value::Array(values) => Ok(values),
        _ => Err(unfit(value.span, "expected an array")),
    }
}

fn word<T: Copy>(value: &Spanned<Value>, all: &[T], name: fn(T) -> &'static str) -> Read<T> {
    let found = text(value)?;
    let known = all.iter().copied().find(|one| name(*one) == found);
    known.ok_or_else(|| unfit(value.span, "a word that no lock has here"))
}

fn lock(whole: &Table<'_>) -> Read<Lock> {
    let stored = whole.table("stored")?;
    let rust = whole.table("rust")?.table("model")?;
    let mut accepted = Vec::new();
    for entry in whole.list("accepted")? {
        let fields = Table::of(entry.span, entry)?;
        let of = |key| fields.text(key).map(|text| text.unwrap_or_default().to_owned());
        accepted.push(Accepted { place: of("place")?, change: of("change")?, reason: of("reason")? });
    }
    Ok(Lock {
        tables: stored.table("table")?.each(|_, found| table(found))?,
        models: stored.table("model")?.each(|name, found| model(found, rust.table(name)?))?,
        accepted: accepted.into_iter().collect(),
    })
}

fn table(found: Table<'_>) -> Read<LockedTable> {
    let streams =
        [StreamView::KeysOnly, StreamView::NewImage, StreamView::OldImage, StreamView::NewAndOldImages];
    let of_text = |key| found.text(key).map(|text| text.map(str::to_owned));
    let partition_key = key_attributes(found.need("partition_key")?)?.into_iter().next();
    let partition_key = partition_key.ok_or_else(|| unfit(found.place, "the partition key is empty"))?;
    let sort_key = found.get("sort_key").map(key_attributes).transpose()?.unwrap_or_default();
    let stream = found.get("stream").map(|entry| word(&entry.value, &streams, stream_word));
    Ok(LockedTable {
        partition_key,
        sort_key: sort_key.into_iter().next(),
        ttl: of_text("ttl")?,
        stream: stream.transpose()?,
        type_attribute: of_text("type_attribute")?,
        indexes: found.table("index")?.each(index)?,
    })
}

fn key_attributes(entry: &Entry) -> Read<Vec<KeyAttribute>> {
    let scalars = [Scalar::Text, Scalar::Number, Scalar::Binary];
    let attributes = Table::of(entry.key.span, &entry.value)?.entries.iter();
    attributes
        .map(|one| {
            let scalar = word(&one.value, &scalars, scalar_word)?;
            Ok(KeyAttribute { name: one.key.value.clone(), scalar })
        })
        .collect()
}

fn index(name: &str, found: Table<'_>) -> Read<Index> {
    let projection = found.need("projection")?;
    let projection = match &projection.value.value {
        Value::Text(word) if word == "all" => Projection::All,
        Value::Text(word) if word == "keys-only" => Projection::KeysOnly,
        _ => Projection::Include(found.texts("projection")?),
    };
    let sort_key = found.get("sort_key").map(key_attributes).transpose()?;
    Ok(Index {
        name: name.to_owned(),
        scope: word(&found.need("scope")?.value, &[IndexScope::Global, IndexScope::Local], scope_word)?,
        partition_key: key_attributes(found.need("partition_key")?)?,
        sort_key: sort_key.unwrap_or_default(),
        projection,
        throughput: None,
        on_demand_maximum: Default::default(),
    })
}

fn model(stored: Table<'_>, rust: Table<'_>) -> Read<LockedModel> {
    let mut shapes = BTreeMap::new();
    let of_rust = rust.table("shape")?;
    for entry in stored.table("shape")?.entries {
        let number = entry.key.value.parse::<u32>().ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| unfit(entry.key.span, "the number of a shape is 1 or more"))?;
        let found = Table::of(entry.key.span, &entry.value)?;
        shapes.insert(number, shape(found, of_rust.table(&entry.key.value)?)?);
    }
    if shapes.is_empty() {
        return Err(unfit(stored.place, "a model has a shape"));
    }
    let functions = rust.table("query")?;
    let functions = functions
        .entries
        .iter()
        .map(|entry| text(&entry.value).map(|function| (entry.key.value.clone(), function.to_owned())));
    Ok(LockedModel {
        table: stored.text("table")?.unwrap_or_default().to_owned(),
        functions: functions.collect::<Read<_>>()?,
        written: stored.get("writes").map(|entry| count(&entry.value)).transpose()?,
        former: stored.texts("former")?.into_iter().collect(),
        shapes,
    })
}

fn shape(stored: Table<'_>, rust: Table<'_>) -> Read<Shape> {
    let unique = stored.list("unique")?.iter().map(|set| {
        let names = list(set)?.iter().map(|name| text(name).map(str::to_owned));
        names.collect::<Read<Vec<_>>>()
    });
    let templates = stored
        .table("key")?
        .entries
        .iter()
        .map(|entry| text(&entry.value).map(|template| (entry.key.value.clone(), template.to_owned())));
    let all = [ToldApart::Type, ToldApart::Keys, ToldApart::KeysAndContext];
    let told_apart = stored.get("told_apart_by").map(|entry| word(&entry.value, &all, told_apart_word));
    let all = [Untyped::Own, Untyped::Others];
    let untyped = stored.get("untyped").map(|entry| word(&entry.value, &all, untyped_word));
    let mut shape = Shape {
        attribute: stored.text("shape_attribute")?.map(str::to_owned),
        told_apart: told_apart.transpose()?.unwrap_or_default(),
        type_name: stored.text("type_name")?.map(str::to_owned),
        also_types: stored.texts("also_types")?,
        untyped: untyped.transpose()?.unwrap_or_default(),
        context: stored.text("context")?.map(str::to_owned),
        shares_key: stored.flag("shares_key")?,
        indexes: stored.texts("indexes")?.into_iter().collect(),
        unique: unique.collect::<Read<_>>()?,
        templates: templates.collect::<Read<_>>()?,
        ..Shape::default()
    };
    // A type may hold itself, so their names are known before their attributes are read.
    let (types, enums) = (stored.table("type")?, stored.table("enum")?);
    shape.types = types.each(|_, _| Ok(Attributes::new()))?;
    let unknown = || LockedEnum { form: EnumerationForm::Text, variants: BTreeMap::new() };
    shape.enums = enums.each(|_, _| Ok(unknown()))?;
    let (rust_types, rust_enums) = (rust.table("type")?, rust.table("enum")?);
    let read_types = types.each(|name, found| attributes(&shape, found, rust_types.table(name)?))?;
    let (variants, rust_variants) = (stored.table("variant")?, rust.table("variant")?);
    let forms = stored.table("enum_form")?;
    let read_enums = enums.each(|name, found| {
        let (fields, rust_fields) = (variants.table(name)?, rust_variants.table(name)?);
        let names = rust_enums.table(name)?;
        let variants = found.each(|stored, _| {
            Ok(LockedVariant {
                name: names.text(stored)?.unwrap_or_default().to_owned(),
                attributes: attributes(&shape, fields.table(stored)?, rust_fields.table(stored)?)?,
            })
        })?;
        Ok(LockedEnum { form: enum_form(forms.get(name), &variants)?, variants })
    })?;
    shape.attributes = attributes(&shape, stored.table("attribute")?, rust.table("attribute")?)?;
    (shape.types, shape.enums) = (read_types, read_enums);
    Ok(shape)
}

fn enum_form(entry: Option<&Entry>, variants: &BTreeMap<String, LockedVariant>) -> Read<EnumerationForm> {
    let Some(entry) = entry else {
        let has_fields = variants.values().any(|variant| !variant.attributes.is_empty());
        return Ok(if has_fields { EnumerationForm::Map } else { EnumerationForm::Text });
    };
    if let Value::Text(word) = &entry.value.value
        && word == "number"
    {
        return Ok(EnumerationForm::Number);
    }
    let found = Table::of(entry.key.span, &entry.value)?;
    Ok(EnumerationForm::Tagged {
        tag: text(&found.need("tag")?.value)?.to_owned(),
        content: found.text("content")?.map(str::to_owned),
    })
}

fn attributes(shape: &Shape, stored: Table<'_>, rust: Table<'_>) -> Read<Attributes> {
    stored.each(|name, found| attribute(shape, found, rust.table(name)?))
}

fn attribute(shape: &Shape, stored: Table<'_>, rust: Table<'_>) -> Read<Attribute> {
    let managed = [Generated::Updated, Generated::Version, Generated::WriteId];
    let form = stored.need("form")?;
    let (kind, optional) = kind::read(text(&form.value)?, rust.text("type")?, shape)
        .ok_or_else(|| unfit(form.value.span, "a form that nothing is stored in"))?;
    let missing = match stored.get("missing") {
        Some(entry) => Missing::Value(
            value::of(&entry.value.value)
                .ok_or_else(|| unfit(entry.value.span, "a value that no lock writes"))?,
        ),
        None if stored.flag("missing_is_computed")? => Missing::Computed,
        None => Missing::OfKind,
    };
    let managed = stored
        .get("managed")
        .map(|entry| word(&entry.value, &managed, |one| managed_word(one).unwrap_or_default()));
    Ok(Attribute {
        kind,
        optional,
        missing,
        also_read: stored.texts("also_read")?,
        managed: managed.transpose()?,
        key_only: stored.flag("key_only")?,
        rust: RustField {
            name: rust.text("field")?.unwrap_or_default().to_owned(),
            required: rust.flag("required")?,
            default: rust.text("default")?.map(str::to_owned),
            sensitive: rust.flag("sensitive")?,
        },
    })
}
