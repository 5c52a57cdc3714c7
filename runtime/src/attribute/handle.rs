//! The handle of an attribute: conditions on it, and places within it.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::argument::Argument;
use crate::attribute::role::{Nested, Plain};
use crate::attribute::size::{AttributeType, Size};
use crate::condition::Condition;
use crate::encode::EncodeError;
use crate::expression::condition::{Expression, Operand};
use crate::expression::path::{Path, Step};
use crate::kind::{Containing, Kind, List, Map, Measured, Ordered, Prefixed};
use crate::limits;
use crate::validation::{Check, ElementRule, Rule};

/// An attribute of the items of `M`, or a place within one, of kind `K`.
///
/// Generated models have one constant for each field:
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let update = Book::update("9780141439518").set(Book::PAGES, 480).when(Book::YEAR.eq(1813));
/// update.send(&db).await?;
/// # Ok(()) });
/// ```
///
/// Its kind (its stored form) and its role `R` decide what can be done with it; anything else does not compile.
/// [`field`](Self::field), [`at`](Self::at) and [`key`](Self::key) reach into nested values.
///
/// Names and values always travel as placeholders, so reserved words and special characters are harmless.
#[must_use = "a handle does nothing until it is used in a condition or an update"]
pub struct Attribute<M, K: Kind, R = Plain> {
    path: Path,
    rule: Option<Rule<K::Value>>,
    elements: Option<ElementRule>,
    /// The rule of this element, from the handle of its list or map.
    element: Option<ElementRule>,
    /// The declared range of a number, as digits.
    bounds: Bounds,
    default: Option<DeclaredDefault<K::Value>>,
    /// Further names under which it is read.
    also_read: &'static [&'static str],
    marker: PhantomData<fn() -> (M, R)>,
}

/// A declared default: the value of a missing attribute.
pub type DeclaredDefault<T> = fn() -> T;

/// The least and the greatest number, as digits.
pub(crate) type Bounds = (Option<&'static str>, Option<&'static str>);

impl<M, K: Kind, R> Attribute<M, K, R> {
    /// A handle on the attribute stored under `name`: for generated code.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        let path = Path::top(name);
        Attribute {
            path,
            rule: None,
            elements: None,
            element: None,
            default: None,
            bounds: (None, None),
            also_read: &[],
            marker: PhantomData,
        }
    }

    /// The same handle with further names under which the attribute is read: for generated code.
    #[doc(hidden)]
    pub const fn also_read(self, names: &'static [&'static str]) -> Self {
        let mut read = self;
        read.also_read = names;
        read
    }

    /// The same handle with the declared rules of its values: for generated code.
    #[doc(hidden)]
    pub const fn checked(self, rule: Rule<K::Value>) -> Self {
        let mut checked = self;
        checked.rule = Some(rule);
        checked
    }

    /// The same handle with the declared rules of the elements, or entries, of its values: for generated code.
    #[doc(hidden)]
    pub const fn elements(self, rule: ElementRule) -> Self {
        let mut checked = self;
        checked.elements = Some(rule);
        checked
    }

    /// The same handle with the range of additions: for generated code.
    #[doc(hidden)]
    pub const fn bounded(self, least: Option<&'static str>, greatest: Option<&'static str>) -> Self {
        let mut bounded = self;
        bounded.bounds = (least, greatest);
        bounded
    }

    /// The same handle with the value of a missing attribute: for generated code.
    #[doc(hidden)]
    pub const fn defaulted(self, default: DeclaredDefault<K::Value>) -> Self {
        let mut defaulted = self;
        defaulted.default = Some(default);
        defaulted
    }

    /// A handle on the entry `name` of the map `outer`: for generated code.
    #[doc(hidden)]
    pub fn within(outer: &'static str, name: &'static str) -> Self {
        let mut path = Path::top(outer);
        path.push(Step::Field(name));
        Attribute {
            path,
            rule: None,
            elements: None,
            element: None,
            default: None,
            bounds: (None, None),
            also_read: &[],
            marker: PhantomData,
        }
    }

    /// The stored name of the attribute, or of the attribute that holds this place.
    pub fn name(&self) -> &'static str {
        self.path.root
    }

    /// The declared default, which is the value of a missing attribute.
    pub fn declared_default(&self) -> Option<K::Value> {
        self.default.map(|default| default())
    }

    /// The attribute exists.
    pub fn exists(self) -> Condition<M> {
        Condition::new(Expression::Function("attribute_exists", self.path, None))
    }

    /// The attribute does not exist.
    pub fn not_exists(self) -> Condition<M> {
        Condition::new(Expression::Function("attribute_not_exists", self.path, None))
    }

    /// The attribute is stored with this type.
    pub fn has_type(self, stored: AttributeType) -> Condition<M> {
        let name = AttributeValue::S(stored.name().to_owned());
        Condition::new(Expression::Function("attribute_type", self.path, Some(Ok(name))))
    }

    /// The value equals `value`.
    pub fn eq(self, value: impl Argument<<K::Present as Kind>::Value>) -> Condition<M> {
        self.compare("=", value)
    }

    /// The value differs from `value`, or the attribute does not exist.
    pub fn ne(self, value: impl Argument<<K::Present as Kind>::Value>) -> Condition<M> {
        self.compare("<>", value)
    }

    /// The value is one of at most 100 `values`.
    pub fn is_in<V: Argument<<K::Present as Kind>::Value>>(
        self,
        values: impl IntoIterator<Item = V>,
    ) -> Condition<M> {
        let values = values.into_iter().map(|value| encode::<K::Present>(value)).collect();
        Condition::new(Expression::In(self.path, values))
    }

    /// The value is less than `value`.
    pub fn lt(self, value: impl Argument<<K::Present as Kind>::Value>) -> Condition<M>
    where
        K::Present: Ordered,
    {
        self.compare("<", value)
    }

    /// The value is at most `value`.
    pub fn le(self, value: impl Argument<<K::Present as Kind>::Value>) -> Condition<M>
    where
        K::Present: Ordered,
    {
        self.compare("<=", value)
    }

    /// The value is greater than `value`.
    pub fn gt(self, value: impl Argument<<K::Present as Kind>::Value>) -> Condition<M>
    where
        K::Present: Ordered,
    {
        self.compare(">", value)
    }

    /// The value is at least `value`.
    pub fn ge(self, value: impl Argument<<K::Present as Kind>::Value>) -> Condition<M>
    where
        K::Present: Ordered,
    {
        self.compare(">=", value)
    }

    /// The value is at least `low` and at most `high`.
    pub fn between(
        self,
        low: impl Argument<<K::Present as Kind>::Value>,
        high: impl Argument<<K::Present as Kind>::Value>,
    ) -> Condition<M>
    where
        K::Present: Ordered,
    {
        let (mut low, high) = (encode::<K::Present>(low), encode::<K::Present>(high));
        if let (Ok(from), Ok(to)) = (&low, &high)
            && limits::is_inverted(from, to)
        {
            low = Err(EncodeError::new(limits::INVERTED));
        }
        Condition::new(Expression::Between(self.path, low, high))
    }

    /// The value begins with `prefix`.
    pub fn begins_with(self, prefix: impl Argument<<K::Present as Kind>::Value>) -> Condition<M>
    where
        K::Present: Prefixed,
    {
        let prefix = encode::<K::Present>(prefix);
        Condition::new(Expression::Function("begins_with", self.path, Some(prefix)))
    }

    /// The text contains `value`, or the set or list has it as an element.
    pub fn contains(
        self,
        value: impl Argument<<<K::Present as Containing>::Element as Kind>::Value>,
    ) -> Condition<M>
    where
        K::Present: Containing,
    {
        let value = encode::<<K::Present as Containing>::Element>(value);
        Condition::new(Expression::Function("contains", self.path, Some(value)))
    }

    /// The size of the value, for comparisons: UTF-16 code units of text, bytes of `B`, elements of the others.
    pub fn size(self) -> Size<M>
    where
        K::Present: Measured,
    {
        Size { path: self.path, marker: PhantomData }
    }

    /// A field of the structure that this attribute holds: `Order::LINES.at(0).field(OrderLine::SKU)`.
    pub fn field<K2: Kind, R2>(
        self,
        field: Attribute<<K::Present as Kind>::Value, K2, R2>,
    ) -> Attribute<M, K2, Nested> {
        let mut path = self.path;
        path.push(Step::Field(field.path.root));
        field.path.into_steps().into_iter().for_each(|step| path.push(step));
        Attribute {
            path,
            rule: field.rule,
            elements: field.elements,
            element: field.element,
            default: field.default,
            bounds: field.bounds,
            also_read: &[],
            marker: PhantomData,
        }
    }

    fn compare(
        self,
        operator: &'static str,
        value: impl Argument<<K::Present as Kind>::Value>,
    ) -> Condition<M> {
        let value = encode::<K::Present>(value);
        Condition::new(Expression::Compare(Operand::Path(self.path), operator, value))
    }

    fn step<K2: Kind>(self, step: Step) -> Attribute<M, K2, Nested> {
        let mut path = self.path;
        path.push(step);
        Attribute {
            path,
            rule: None,
            elements: None,
            element: self.elements,
            default: None,
            bounds: (None, None),
            also_read: &[],
            marker: PhantomData,
        }
    }

    pub(crate) fn check_value(&self, value: &K::Value, check: &mut Check) {
        K::check(value, check);
        if let Some(rule) = self.rule {
            rule(value, check);
        }
        if let Some(rule) = self.element {
            rule(value, check);
        }
        self.check_elements::<K>(value, check);
    }

    /// The stored form of the declared default; `None` without a default, or if the default is stored as no attribute.
    pub(crate) fn encoded_default(&self) -> Option<Result<AttributeValue, EncodeError>> {
        self.declared_default().filter(|value| !K::is_absent(value)).map(K::encode_owned)
    }

    /// Whether the value is stored as no attribute. An absent value with a declared default is stored, because a missing
    /// attribute would be read as the default.
    pub(crate) fn is_stored_as_none(&self, value: &K::Value) -> bool {
        self.default.is_none() && K::is_absent(value)
    }

    /// How to make up for a missing value.
    pub(crate) fn default_maker(&self) -> Option<DeclaredDefault<K::Value>> {
        self.default
    }

    /// Checks elements to be added to the value.
    pub(crate) fn check_elements<C: Kind>(&self, elements: &C::Value, check: &mut Check) {
        if let Some(rule) = self.elements {
            C::check_elements(elements, check, rule);
        }
    }

    /// The range of additions: the declared one, or else the type's.
    pub(crate) fn bounds(&self, of_type: Option<(&'static str, &'static str)>) -> Bounds {
        let (least, greatest) = self.bounds;
        (least.or(of_type.map(|(least, _)| least)), greatest.or(of_type.map(|(_, greatest)| greatest)))
    }

    /// Further names under which the attribute is read.
    pub(crate) fn further_names(&self) -> &'static [&'static str] {
        self.also_read
    }

    /// Collects violations at its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn into_path(self) -> Path {
        self.path
    }
}

impl<M, K: Kind, E: Kind, R> Attribute<M, K, R>
where
    K: Kind<Present = List<E>>,
{
    /// The element at `index`, counted from 0. Setting one beyond the end appends it.
    pub fn at(self, index: usize) -> Attribute<M, Option<E::Present>, Nested> {
        self.step(Step::Index(index))
    }
}

impl<M, K: Kind, E: Kind, R> Attribute<M, K, R>
where
    K: Kind<Present = Map<E>>,
{
    /// The entry under `name`.
    pub fn key(self, name: impl Into<String>) -> Attribute<M, Option<E::Present>, Nested> {
        self.step(Step::Key(name.into()))
    }
}

impl<M, K: Kind, R> Clone for Attribute<M, K, R> {
    fn clone(&self) -> Self {
        Attribute {
            path: self.path.clone(),
            rule: self.rule,
            elements: self.elements,
            element: self.element,
            default: self.default,
            bounds: self.bounds,
            also_read: self.also_read,
            marker: PhantomData,
        }
    }
}

impl<M, K: Kind, R> std::fmt::Debug for Attribute<M, K, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attribute({})", self.path)
    }
}

#[inline]
pub(crate) fn encode<K: Kind>(value: impl Argument<K::Value>) -> Result<AttributeValue, EncodeError> {
    K::encode_owned(value.into_argument())
}

impl Check {
    /// Checks a field by the demands of its kind and the rules of its handle.
    pub fn field<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        self.entry(attribute.name(), |check| attribute.check_value(value, check));
    }

    /// Checks a value by its handle, at the collector's current place.
    pub fn value<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        attribute.check_value(value, self);
    }
}
