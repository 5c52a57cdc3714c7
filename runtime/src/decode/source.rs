//! A source of named values.
//!
//! Generated decoders see [`Fields`] and [`Value`] only, never where they come from: an item that the SDK holds, which gives its
//! strings away, or a place in the body of a response.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt::Debug;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::error::DecodeError;
use crate::item::Item;
use crate::table::Index;
use crate::wire::{Mark, Reader, Tag};

/// The named values of an item or of a nested map.
#[derive(Debug)]
pub struct Fields<'a> {
    source: FieldsSource<'a>,
    read: ReadAs,
}

/// Knows which attributes are compared as they are stored.
pub(crate) trait Compares: Debug {
    /// Whether this attribute is.
    fn compares(&self, attribute: &str) -> bool;
}

/// As what an item is read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReadAs {
    /// The facts of its model, where they are known.
    pub facts: Option<&'static dyn Compares>,
    /// The index through which it was read.
    pub index: Option<&'static Index>,
    /// Whether items of other models may stand beside it.
    pub among_others: bool,
}

#[derive(Debug)]
enum FieldsSource<'a> {
    Map(Item),
    /// An item in the body of a response, and where.
    Body(&'a Reader<'a>, Mark),
    /// An `M` within one.
    NestedInBody(&'a Reader<'a>),
}

impl<'a> Fields<'a> {
    /// Calls `visit` once for every named value, in no particular order.
    ///
    /// # Errors
    /// The first error of `visit`, with the name that it happened at put before its path.
    #[inline]
    pub fn each(
        self,
        mut visit: impl FnMut(&str, Value<'a>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.visit(&mut visit)
    }

    /// A `T` to which `visit` adds one named value after the other, in no particular order.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    // The compiler checks a visitor that captures nothing faster than one that captures every field of a struct.
    #[inline]
    pub fn read_as<T: Default>(
        self,
        visit: impl FnMut(&mut T, &str, Value<'a>) -> Result<(), DecodeError>,
    ) -> Result<T, DecodeError> {
        self.read_into(T::default(), visit)
    }

    /// As [`read_as`](Self::read_as), with what is there before anything is read.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    #[inline]
    pub fn read_into<T>(
        self,
        mut read: T,
        mut visit: impl FnMut(&mut T, &str, Value<'a>) -> Result<(), DecodeError>,
    ) -> Result<T, DecodeError> {
        self.visit(&mut |name, value| visit(&mut read, name, value))?;
        Ok(read)
    }

    // One loop for all decoders: compiled into each of them, for both sources, it takes the compiler three times as long.
    #[inline(never)]
    fn visit(
        self,
        visit: &mut dyn FnMut(&str, Value<'a>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match self.source {
            FieldsSource::Map(map) => {
                for (name, value) in map {
                    visit(&name, Value::from(value)).map_err(|error| error.within(&name))?;
                }
                Ok(())
            }
            FieldsSource::Body(reader, place) => {
                reader.go_back(place);
                reader.each_field(&mut |name, tag| visit(name, Value::in_body(reader, tag)))
            }
            FieldsSource::NestedInBody(reader) => {
                reader.each_nested_field(&mut |name, tag| visit(name, Value::in_body(reader, tag)))
            }
        }
    }

    /// The same, of an item of a known model.
    pub(crate) fn of(mut self, facts: &'static dyn Compares) -> Self {
        self.read.facts = Some(facts);
        self
    }

    /// The same, of an item that was read through an index, or may be one of several models.
    pub(crate) fn through(mut self, index: Option<&'static Index>, among_others: bool) -> Self {
        (self.read.index, self.read.among_others) = (index, among_others);
        self
    }

    /// As what the item is read.
    pub(crate) fn read(&self) -> ReadAs {
        self.read
    }

    /// The text of that name, looked at ahead of the others.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        if let FieldsSource::Map(map) = &self.source {
            return map.get(name)?.as_s().ok().map(|text| Cow::Borrowed(text.as_str()));
        }
        self.place().and_then(|(reader, place)| reader.find_text(place, name))
    }

    /// The attributes of those names, as far as the item has them.
    pub(crate) fn attributes(&self, names: &[&'static str]) -> Item {
        match (self.as_item(), self.place()) {
            (Some(item), _) => {
                names.iter().filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone()))).collect()
            }
            (None, Some((reader, place))) => reader.find_all(place, names),
            (None, None) => Item::new(),
        }
    }

    /// The digits of the number of that name, looked at ahead of the others.
    pub(crate) fn digits(&self, name: &str) -> Option<Cow<'_, str>> {
        if let FieldsSource::Map(map) = &self.source {
            return map.get(name)?.as_n().ok().map(|digits| Cow::Borrowed(digits.as_str()));
        }
        self.place().and_then(|(reader, place)| reader.find_digits(place, name))
    }

    /// As [`digits`](Self::digits), where an attribute of another type is told from none.
    ///
    /// # Errors
    /// It has another type.
    pub(crate) fn number(&self, name: &str) -> Result<Option<Cow<'_, str>>, DecodeError> {
        let other = || DecodeError::new("it is no number").within(name);
        if let FieldsSource::Map(map) = &self.source {
            let Some(value) = map.get(name) else { return Ok(None) };
            return value.as_n().map(|digits| Some(Cow::Borrowed(digits.as_str()))).map_err(|_| other());
        }
        let Some((reader, place)) = self.place() else { return Ok(None) };
        reader.find_number(place, name).map_err(|_| other())
    }

    /// The item at a place of a body.
    pub(crate) fn at(reader: &'a Reader<'a>, place: Mark) -> Self {
        Fields::from(FieldsSource::Body(reader, place))
    }

    /// The item that a text consists of.
    pub(crate) fn at_beginning(reader: &'a Reader<'a>) -> Self {
        reader.rewind();
        Self::at(reader, reader.mark())
    }

    /// The reader of the body that the item is in, and where; none of an item that the SDK holds.
    pub(crate) fn place(&self) -> Option<(&'a Reader<'a>, Mark)> {
        match self.source {
            FieldsSource::Map(_) => None,
            FieldsSource::Body(reader, place) => Some((reader, place)),
            FieldsSource::NestedInBody(reader) => Some((reader, reader.mark())),
        }
    }

    /// The item as the SDK would hold it; none where the response breaks off within it.
    pub(crate) fn into_item(self) -> Option<Item> {
        match self.source {
            FieldsSource::Map(map) => Some(map),
            FieldsSource::Body(reader, place) => {
                reader.go_back(place);
                reader.item().ok()
            }
            FieldsSource::NestedInBody(reader) => reader.nested_item().ok(),
        }
    }

    /// The item as the SDK holds it; none of one in a body.
    pub(crate) fn as_item(&self) -> Option<&Item> {
        match &self.source {
            FieldsSource::Map(map) => Some(map),
            FieldsSource::Body(..) | FieldsSource::NestedInBody(_) => None,
        }
    }
}

impl From<Item> for Fields<'_> {
    #[inline]
    fn from(item: Item) -> Self {
        Fields::from(FieldsSource::Map(item))
    }
}

impl<'a> From<FieldsSource<'a>> for Fields<'a> {
    #[inline]
    fn from(source: FieldsSource<'a>) -> Self {
        Fields { source, read: ReadAs::default() }
    }
}

/// One attribute value.
///
/// It is read once. What type it has is looked at then: a field's type is known, and to tell all of them apart first costs more
/// than to read one.
#[derive(Debug)]
pub struct Value<'a>(ValueSource<'a>);

#[derive(Debug)]
enum ValueSource<'a> {
    Whole(AttributeValue),
    /// What the reader of a body stands at.
    Body(&'a Reader<'a>, Tag, Unescaped),
    /// A part of a text, such as a key.
    Text(&'a str),
    Digits(&'a str),
}

/// A text that was looked at before it is read, and that its body has with escapes.
type Unescaped = OnceCell<Box<str>>;

impl<'a> Value<'a> {
    /// Text that stands for itself.
    pub fn of_text(text: &'a str) -> Self {
        Value(ValueSource::Text(text))
    }

    /// The digits of a number.
    pub fn of_digits(digits: &'a str) -> Self {
        Value(ValueSource::Digits(digits))
    }

    /// The value of that type at which the reader of a body stands.
    #[inline]
    pub(crate) fn in_body(reader: &'a Reader<'a>, tag: Tag) -> Self {
        Value(ValueSource::Body(reader, tag, Unescaped::new()))
    }

    /// Passes over a value that nothing wants.
    ///
    /// # Errors
    /// None: what a visitor leaves is passed over by whoever called it.
    #[inline]
    pub fn skip(self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// The text of an `S`.
    ///
    /// # Errors
    /// It is no `S`.
    #[inline(never)]
    pub fn into_text(self) -> Result<Cow<'a, str>, DecodeError> {
        match self.0 {
            ValueSource::Whole(AttributeValue::S(text)) => Ok(Cow::Owned(text)),
            ValueSource::Body(reader, Tag::S, _) => Ok(reader.text()?),
            ValueSource::Text(text) => Ok(Cow::Borrowed(text)),
            other => Err(DecodeError::expected("S", &Value(other))),
        }
    }

    /// The text of an `S`, left where it is.
    ///
    /// # Errors
    /// It is no `S`.
    pub fn as_text(&self) -> Result<&str, DecodeError> {
        match &self.0 {
            ValueSource::Whole(AttributeValue::S(text)) => Ok(text),
            ValueSource::Body(reader, Tag::S, unescaped) => match reader.peek_text()? {
                Cow::Borrowed(text) => Ok(text),
                Cow::Owned(text) => Ok(unescaped.get_or_init(|| text.into())),
            },
            ValueSource::Text(text) => Ok(text),
            _ => Err(DecodeError::expected("S", self)),
        }
    }

    /// The digits of an `N`.
    ///
    /// # Errors
    /// It is no `N`.
    #[inline(never)]
    pub fn into_digits(self) -> Result<Cow<'a, str>, DecodeError> {
        match self.0 {
            ValueSource::Whole(AttributeValue::N(digits)) => Ok(Cow::Owned(digits)),
            ValueSource::Body(reader, Tag::N, _) => Ok(reader.text()?),
            ValueSource::Digits(digits) => Ok(Cow::Borrowed(digits)),
            other => Err(DecodeError::expected("N", &Value(other))),
        }
    }

    /// Whether it is `NULL`.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self.0, ValueSource::Whole(AttributeValue::Null(_)) | ValueSource::Body(_, Tag::Null, _))
    }

    /// The value as the SDK holds it, whatever its type is.
    ///
    /// # Errors
    /// The response breaks off within it.
    pub fn into_attribute_value(self) -> Result<AttributeValue, DecodeError> {
        Ok(match self.0 {
            ValueSource::Whole(value) => value,
            ValueSource::Body(reader, tag, _) => reader.content(tag)?,
            ValueSource::Text(text) => AttributeValue::S(text.to_owned()),
            ValueSource::Digits(digits) => AttributeValue::N(digits.to_owned()),
        })
    }

    /// DynamoDB's name of the value's type: `S`, `N`, `M` and so on.
    pub fn type_name(&self) -> &'static str {
        let value = match &self.0 {
            ValueSource::Whole(value) => value,
            ValueSource::Body(_, tag, _) => return tag.name(),
            ValueSource::Text(_) => return "S",
            ValueSource::Digits(_) => return "N",
        };
        match value {
            AttributeValue::S(_) => "S",
            AttributeValue::N(_) => "N",
            AttributeValue::B(_) => "B",
            AttributeValue::Bool(_) => "BOOL",
            AttributeValue::Null(_) => "NULL",
            AttributeValue::Ss(_) => "SS",
            AttributeValue::Ns(_) => "NS",
            AttributeValue::Bs(_) => "BS",
            AttributeValue::L(_) => "L",
            AttributeValue::M(_) => "M",
            _ => "unknown",
        }
    }
}

impl DecodeError {
    /// A value of another type than the declared one.
    #[cold]
    pub fn expected(expected: &str, found: &Value<'_>) -> Self {
        Self::new(format!("expected {expected}, found {}", found.type_name()))
    }
}

/// Takes the content out of a value of one type.
macro_rules! contents {
    ($($what:literal, $name:ident: $type:literal, $variant:ident($value:ident) => $content:expr, $reader:ident => $read:expr, $result:ty;)*) => {
        impl<'a> Value<'a> { $(
            #[doc = $what]
            ///
            /// # Errors
            #[doc = concat!("It is no `", $type, "`.")]
            #[inline(never)]
            pub fn $name(self) -> Result<$result, DecodeError> {
                match self.0 {
                    ValueSource::Whole(AttributeValue::$variant($value)) => Ok($content),
                    ValueSource::Body($reader, Tag::$variant, _) => Ok($read),
                    other => Err(DecodeError::expected($type, &Value(other))),
                }
            }
        )* }
    };
}

contents! {
    "The truth of a `BOOL`.", into_bool: "BOOL", Bool(value) => value, reader => reader.truth()?, bool;
    "The bytes of a `B`.", into_bytes: "B", B(bytes) => bytes.into_inner(), reader => reader.bytes()?, Vec<u8>;
    "The members of an `SS`.", into_text_set: "SS", Ss(members) => members, reader => reader.text_set()?, Vec<String>;
    "The members of an `NS`, as their digits.", into_number_set: "NS",
        Ns(members) => members, reader => reader.text_set()?, Vec<String>;
    "The members of a `BS`.", into_bytes_set: "BS", Bs(members) => members, reader => reader.bytes_set()?, Vec<Blob>;
    "The elements of an `L`.", into_list: "L",
        L(list) => List(ListSource::Elements(list)), reader => List(ListSource::Body(reader)), List<'a>;
    "The named values of an `M`.", into_fields: "M",
        M(map) => Fields::from(map), reader => Fields::from(FieldsSource::NestedInBody(reader)), Fields<'a>;
}

impl From<AttributeValue> for Value<'_> {
    #[inline]
    fn from(value: AttributeValue) -> Self {
        Value(ValueSource::Whole(value))
    }
}

impl From<&AttributeValue> for Value<'_> {
    fn from(value: &AttributeValue) -> Self {
        Value::from(value.clone())
    }
}

/// The elements of a list.
#[derive(Debug)]
pub struct List<'a>(ListSource<'a>);

#[derive(Debug)]
enum ListSource<'a> {
    Elements(Vec<AttributeValue>),
    Body(&'a Reader<'a>),
}

impl List<'_> {
    /// Calls `visit` for every element, in their order.
    ///
    /// # Errors
    /// The first error of `visit`, with the index that it happened at put before its path.
    #[inline]
    pub fn each(
        self,
        mut visit: impl FnMut(Value<'_>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.visit(&mut visit)
    }

    #[inline(never)]
    fn visit(self, visit: &mut dyn FnMut(Value<'_>) -> Result<(), DecodeError>) -> Result<(), DecodeError> {
        match self.0 {
            ListSource::Elements(elements) => {
                for (index, element) in elements.into_iter().enumerate() {
                    visit(Value::from(element)).map_err(|error| error.at(index))?;
                }
                Ok(())
            }
            ListSource::Body(reader) => reader.each_element(&mut |tag| visit(Value::in_body(reader, tag))),
        }
    }

    /// What `decode` makes of the elements, in their order.
    ///
    /// # Errors
    /// The first error of `decode`, with the index that it happened at put before its path.
    #[inline]
    pub fn decode<T>(
        self,
        mut decode: impl FnMut(Value<'_>) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let (element, decoded) = (size_of::<AttributeValue>(), size_of::<T>());
        // In the memory of the list, if that is not much more than it takes.
        match self.0 {
            ListSource::Elements(elements) if (element / 2..=element).contains(&decoded) => {
                let elements = elements.into_iter().enumerate();
                elements
                    .map(|(index, element)| decode(Value::from(element)).map_err(|error| error.at(index)))
                    .collect()
            }
            source => {
                let list = List(source);
                let mut elements = Vec::with_capacity(list.size_hint());
                list.visit(&mut |element| {
                    elements.push(decode(element)?);
                    Ok(())
                })?;
                Ok(elements)
            }
        }
    }

    /// How many elements there are, where that is known before reading them; else 0.
    pub fn size_hint(&self) -> usize {
        match &self.0 {
            ListSource::Elements(elements) => elements.len(),
            ListSource::Body(_) => 0,
        }
    }
}
