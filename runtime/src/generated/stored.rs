//! How declared types are stored, from one table of their fields.

/// Says how a model, a projection of one, or a nested structure is stored: for generated code.
///
/// A row of `fields` is a stored name, a field, its kind, what a value that is missing is read as, and in brackets the handle
/// that checks it and what test values are made of:
///
/// ```text
/// "isbn" => isbn: String, required [ISBN; pattern("^[0-9]{13}$"), key()];
/// "pages" => pages: Option<u32>;
/// "language" => language: String, or(String::from("en"));
/// ```
///
/// A missing `pages` is the default of its type. A row `"length" (1 "size") (2 "extent") => …` reads the attribute under further
/// names, the first that is there, each with its number. The rows of `told` are fields that have no attribute of their own: the
/// composed keys under `keys` tell them. What is under `composed` writes attributes that are composed of fields, before the
/// others. An item that was read is compared with the same: see [`StoredKeys`](crate::StoredKeys).
///
/// The row `shape "shape" = 3, former ["name"] { 1 => upgrade_1, 2 => upgrade_2 };` says which attribute holds the number of an
/// item's shape, what that of today is, which attributes older shapes alone have, and what makes a value of today's of each.
#[doc(hidden)]
#[macro_export]
macro_rules! stored {
    (
        model $name:ident by $key:ty, as $draft:ident, in $table:path;
        $(facts { $($fact:ident: $value:expr),+ $(,)? })?
        $(constant $constant:literal = $($text:literal)|+;)?
        $(
            shape $shape:literal = $number:literal, former [$($former:literal),*]
            { $($older:literal => $upgrade:ident),* } $(written $written:literal by $downgrade:ident)?;
        )?
        $(composed { $($composed:literal),+ $(,)? } by |$item:ident, $encoder:ident| $write:block)?
        $(keys { $($read:literal => |$read_draft:ident, $read_value:ident| $reading:expr;)+ })?
        $(told { $(
            $told_attribute:literal => $told:ident: $told_kind:ty $(, $told_how:ident $(($told_default:expr))?)?
            $([ $($told_handle:ident)? $(; $($told_sample:ident $told_argument:tt),+)? ])?;
        )+ })?
        fields { $(
            $attribute:literal $(($rank:literal $also:literal))* => $field:ident: $kind:ty $(, $how:ident $(($default:expr))?)?
            $([ $($handle:ident)? $(; $($sample:ident $argument:tt),+)? ])?;
        )* }
        $(nulls { $($null:literal),+ $(,)? })?
        $(written_back { $($back_attribute:literal => $back:ident: $back_kind:ty;)+ })?
        $(on_build $hook:expr;)?
    ) => {
        impl $crate::Record for $name {
            const FACTS: &'static $crate::Facts = &$crate::Facts {
                $($($fact: $value,)+)?
                $(shape: ::core::option::Option::Some(&$crate::ShapeFacts {
                    $(
                        written: ::core::option::Option::Some($crate::WrittenShape {
                            number: $written,
                            downgrade: |item| $crate::generated::downgraded_item($downgrade, item),
                        }),
                    )?
                    ..$crate::ShapeFacts::of(
                        $shape,
                        $number,
                        &[$($older),*],
                        &[$($former),*],
                        $crate::generated::upgraded_item::<Self>,
                    )
                }),)?
                ..$crate::Facts::of(
                    ::core::stringify!($name),
                    &$table,
                    &[$($attribute,)* $($($composed,)+)? $($constant,)? $($shape)?],
                )
            };

            fn decode(
                fields: $crate::Fields,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                $(
                    match $crate::generated::stored_shape(&fields, $shape)? {
                        $number => {}
                        $($older => return $crate::generated::upgraded_value(fields, $upgrade),)*
                        other => return $crate::generated::unknown_shape(other, $number),
                    }
                )?
                $crate::stored! {
                    @decode fields $name $draft
                    composed { $($($composed),+ by |$item, $encoder| $write)? }
                    constant { $($constant = $($text)|+)? }
                    keys { $($($read => |$read_draft, $read_value| $reading;)+)? }
                    fields { $($attribute $(($rank $also))* => $field $kind;)* }
                }
            }
        }

        impl $crate::Model for $name {
            type Key = $key;

            fn key(&self) -> $key {
                $name::key(self)
            }

            fn encode(&self, encoder: &mut $crate::Encoder) {
                $({
                    #[allow(unused_variables)]
                    let ($item, $encoder) = (self, &mut *encoder);
                    $write
                })?
                $(encoder.constant($constant, $crate::stored!(@first $($text)+));)?
                $(encoder.shape($shape, $number);)?
                $(encoder.put::<$kind>($attribute, &self.$field);)*
                $($(encoder.null_where_absent($null);)+)?
            }

            #[inline]
            fn encode_owned(self, encoder: &mut $crate::Encoder) {
                $({
                    #[allow(unused_variables)]
                    let ($item, $encoder) = (&self, &mut *encoder);
                    $write
                })?
                $(encoder.constant($constant, $crate::stored!(@first $($text)+));)?
                $(encoder.shape($shape, $number);)?
                $(encoder.put_owned::<$kind>($attribute, self.$field);)*
                $($(encoder.null_where_absent($null);)+)?
            }

            fn check_fields(&self, _check: &mut $crate::Check) {
                $($($($(_check.field(&$name::$told_handle, &self.$told);)?)?)+)?
                $($($(_check.field(&$name::$handle, &self.$field);)?)?)*
            }

            $(fn written(&mut self, written: &$crate::Written) {
                $(written.read::<$back_kind>($back_attribute, &mut self.$back);)+
            })?
        }

        $crate::samples! {
            model $name (
                $($($told: $told_kind $([$($name::$told_handle)? $(; $($told_sample $told_argument),+)?])?,)+)?
                $($field: $kind $([$($name::$handle)? $(; $($sample $argument),+)?])?,)*
            ) $(, $hook)?
        }

        $crate::stored! {
            @draft $name $draft {
                $($($told_attribute $told ($told_kind) ($($told_how $(($told_default))?)?))+)?
                $($attribute $field ($kind) ($($how $(($default))?)?))*
            }
        }
    };
    // An older shape of a model: read to be upgraded, and written for code that knows no newer one.
    (
        shape $number:literal in $shape:literal, $name:ident of $model:ident, as $draft:ident;
        $(constant $constant:literal = $($text:literal)|+;)?
        $(composed { $($composed:literal),+ $(,)? } by |$item:ident, $encoder:ident| $write:block)?
        $(keys { $($read:literal => |$read_draft:ident, $read_value:ident| $reading:expr;)+ })?
        $(told { $(
            $told_attribute:literal => $told:ident: $told_kind:ty $(, $told_how:ident $(($told_default:expr))?)?;
        )+ })?
        fields { $(
            $attribute:literal $(($rank:literal $also:literal))* => $field:ident: $kind:ty $(, $how:ident $(($default:expr))?)?;
        )* }
        $(nulls { $($null:literal),+ $(,)? })?
    ) => {
        $crate::stored! {
            projection $name of $model, as $draft;
            $(constant $constant = $($text)|+;)?
            $(composed { $($composed),+ } by |$item, $encoder| $write)?
            $(keys { $($read => |$read_draft, $read_value| $reading;)+ })?
            $(told { $($told_attribute => $told: $told_kind $(, $told_how $(($told_default))?)?;)+ })?
            fields { $($attribute $(($rank $also))* => $field: $kind $(, $how $(($default))?)?;)* }
        }

        impl $crate::Downgraded for $name {
            fn encode_owned(self, encoder: &mut $crate::Encoder) {
                $({
                    #[allow(unused_variables)]
                    let ($item, $encoder) = (&self, &mut *encoder);
                    $write
                })?
                $(encoder.constant($constant, $crate::stored!(@first $($text)+));)?
                encoder.shape($shape, $number);
                $(encoder.put_owned::<$kind>($attribute, self.$field);)*
                $($(encoder.null_where_absent($null);)+)?
            }
        }
    };
    (
        projection $name:ident of $model:ident, as $draft:ident;
        $(constant $constant:literal = $($text:literal)|+;)?
        $(shape $shape:literal = $number:literal;)?
        $(composed { $($composed:literal),+ $(,)? } by |$item:ident, $encoder:ident| $write:block)?
        $(keys { $($read:literal => |$read_draft:ident, $read_value:ident| $reading:expr;)+ })?
        $(told { $(
            $told_attribute:literal => $told:ident: $told_kind:ty $(, $told_how:ident $(($told_default:expr))?)?;
        )+ })?
        fields { $(
            $attribute:literal $(($rank:literal $also:literal))* => $field:ident: $kind:ty $(, $how:ident $(($default:expr))?)?;
        )* }
    ) => {
        impl $crate::Record for $name {
            const FACTS: &'static $crate::Facts = <$model as $crate::Record>::FACTS;

            fn decode(
                fields: $crate::Fields,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                $($crate::generated::of_this_shape(&fields, $shape, $number)?;)?
                $crate::stored! {
                    @decode fields $name $draft
                    composed { $($($composed),+ by |$item, $encoder| $write)? }
                    constant { $($constant = $($text)|+)? }
                    keys { $($($read => |$read_draft, $read_value| $reading;)+)? }
                    fields { $($attribute $(($rank $also))* => $field $kind;)* }
                }
            }
        }

        $crate::stored! {
            @draft $name $draft {
                $($($told_attribute $told ($told_kind) ($($told_how $(($told_default))?)?))+)?
                $($attribute $field ($kind) ($($how $(($default))?)?))*
            }
        }
    };
    (
        kind $name:ident, as $draft:ident;
        fields { $(
            $attribute:literal => $field:ident: $kind:ty $(, $how:ident $(($default:expr))?)?
            $([ $($handle:ident)? $(; $($sample:ident $argument:tt),+)? ])?;
        )* }
        $(nulls { $($null:literal),+ $(,)? })?
    ) => {
        impl $crate::Kind for $name {
            type Value = Self;
            type Present = Self;

            fn decode(
                value: $crate::Value<'_>,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                let fields = value.into_fields()?;
                let draft = fields.read_as(|draft: &mut $draft, name, value| match name {
                    $($attribute => value.read::<$kind>(&mut draft.$field),)*
                    _ => value.skip(),
                })?;
                draft.finish()
            }

            fn encode(
                value: &Self,
            ) -> ::core::result::Result<$crate::AttributeValue, $crate::EncodeError> {
                let mut encoder = $crate::Encoder::with_capacity([$($attribute),*].len());
                $(encoder.put::<$kind>($attribute, &value.$field);)*
                $($(encoder.null_where_absent($null);)+)?
                encoder.into_map()
            }

            fn encode_owned(
                value: Self,
            ) -> ::core::result::Result<$crate::AttributeValue, $crate::EncodeError> {
                let mut encoder = $crate::Encoder::with_capacity([$($attribute),*].len());
                $(encoder.put_owned::<$kind>($attribute, value.$field);)*
                $($(encoder.null_where_absent($null);)+)?
                encoder.into_map()
            }

            fn write(
                value: &Self,
                writer: &mut $crate::JsonWriter,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                let mut encoder = $crate::Encoder::within(writer);
                $(encoder.put::<$kind>($attribute, &value.$field);)*
                $($(encoder.null_where_absent($null);)+)?
                encoder.end(writer)
            }

            fn check(_value: &Self, _check: &mut $crate::Check) {
                $($($(_check.field(&$name::$handle, &_value.$field);)?)?)*
            }
        }

        impl $crate::kind::Measured for $name {}

        $crate::samples! {
            kind $name (
                $($field: $kind $([$($name::$handle)? $(; $($sample $argument),+)?])?,)*
            )
        }

        $crate::stored! {
            @draft $name $draft { $($attribute $field ($kind) ($($how $(($default))?)?))* }
        }
    };
    (@first $first:literal $($others:literal)*) => {
        $first
    };
    // An item without composed keys, or of which each tells all that it is composed of.
    (
        @decode $fields:ident $name:ident $draft:ident
        composed { }
        constant { }
        keys { $($read:literal => |$read_draft:ident, $read_value:ident| $reading:expr;)* }
        fields { $($attribute:literal $(($rank:literal $also:literal))* => $field:ident $kind:ty;)* }
    ) => {{
        let draft = $fields.read_as(|draft: &mut $draft, name, value| match name {
            $($read => {
                #[allow(unused_variables)]
                let ($read_draft, $read_value) = (draft, value);
                $reading
            })*
            $($attribute => {
                $(draft._names.own($attribute, $rank);)*
                value.read::<$kind>(&mut draft.$field)
            })*
            $($($also => match draft._names.takes($attribute, $rank) {
                true => value.read::<$kind>(&mut draft.$field),
                false => value.skip(),
            },)*)*
            _ => value.skip(),
        })?;
        draft.finish()
    }};
    // One that is read only where its keys are those that its values compose, and its type is the model's.
    (
        @decode $fields:ident $name:ident $draft:ident
        composed { $($($composed:literal),+ by |$item:ident, $encoder:ident| $write:block)? }
        constant { $($constant:literal = $($text:literal)|+)? }
        keys { $($read:literal => |$read_draft:ident, $read_value:ident| $reading:expr;)* }
        fields { $($attribute:literal $(($rank:literal $also:literal))* => $field:ident $kind:ty;)* }
    ) => {{
        let keys = $crate::StoredKeys::new(
            <$name as $crate::Record>::FACTS,
            [$($($composed),+)?],
            &$fields,
        )
        $(.typed_by($constant))?;
        let read = ($draft::default(), keys);
        #[allow(unreachable_patterns)]
        let (draft, keys) = $fields.read_into(read, |(draft, keys), name, value| match name {
            $($read => {
                #[allow(unused_variables)]
                let ($read_draft, $read_value) = (draft, keys.keep($read, value)?);
                $reading
            })*
            $($($composed => keys.keep($composed, value).map(::core::mem::drop),)+)?
            $($constant => keys.expect_type(value, &[$($text),+]),)?
            $($attribute => {
                $(draft._names.own($attribute, $rank);)*
                value.read::<$kind>(&mut draft.$field)
            })*
            $($($also => match draft._names.takes($attribute, $rank) {
                true => value.read::<$kind>(&mut draft.$field),
                false => value.skip(),
            },)*)*
            _ => value.skip(),
        })?;
        keys.admit()?;
        let read = draft.finish()?;
        keys.compare(|_keys| {
            $(
                #[allow(unused_variables)]
                let ($item, $encoder) = (&read, _keys);
                $write
            )?
        })?;
        ::core::result::Result::Ok(read)
    }};
    (@draft $name:ident $draft:ident { $($attribute:literal $field:ident ($kind:ty) $how:tt)* }) => {
        /// What has been read or given so far of one value.
        #[derive(Default)]
        struct $draft {
            $($field: ::core::option::Option<<$kind as $crate::Kind>::Value>,)*
            _names: $crate::generated::ReadNames,
        }

        // The names of what has been given, and no value.
        impl ::core::fmt::Debug for $draft {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut given = f.debug_set();
                $(if self.$field.is_some() {
                    given.entry(&::core::stringify!($field));
                })*
                given.finish()
            }
        }

        impl $draft {
            fn finish(self) -> ::core::result::Result<$name, $crate::DecodeError> {
                ::core::result::Result::Ok($name {
                    $($field: $crate::stored!(@value self.$field, $attribute, $how),)*
                })
            }
        }
    };
    (@value $slot:expr, $attribute:literal, (required)) => {
        match $slot {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => return $crate::generated::missing($attribute),
        }
    };
    (@value $slot:expr, $attribute:literal, ()) => {
        $slot.unwrap_or_default()
    };
    (@value $slot:expr, $attribute:literal, (or($default:expr))) => {
        match $slot {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => $default,
        }
    };
}

/// Stores an enumeration whose variants have no fields as text: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! stored_as_text {
    ($name:ident) => {
        impl $crate::Kind for $name {
            type Value = Self;
            type Present = Self;

            fn decode(value: $crate::Value<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::generated::variant_name(&value)?.parse()
            }

            fn decode_key(value: $crate::Value<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                Self::decode(value)
            }

            fn encode(value: &Self) -> ::core::result::Result<$crate::AttributeValue, $crate::EncodeError> {
                ::core::result::Result::Ok($crate::AttributeValue::S(::std::string::String::from(
                    value.as_str(),
                )))
            }

            fn write(
                value: &Self,
                writer: &mut $crate::JsonWriter,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                writer.text(value.as_str());
                ::core::result::Result::Ok(())
            }
        }

        impl $crate::kind::SetMember for $name {}

        impl $crate::key::InKey for $name {
            fn word(index: usize) -> ::core::option::Option<&'static str> {
                $name::ALL.get(index).map(|variant| variant.as_str())
            }

            fn write_text(
                value: &Self,
                text: &mut $crate::key::KeyBuffer,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                text.push_str(value.as_str());
                ::core::result::Result::Ok(())
            }
        }
    };
}

/// Stores an enumeration whose variants have numbers: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! stored_as_number {
    ($name:ident, $known:literal) => {
        impl $crate::Kind for $name {
            type Value = Self;
            type Present = Self;

            fn decode(value: $crate::Value<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                let digits = value.into_digits()?;
                let number = <i64 as $crate::Kind>::decode($crate::Value::of_digits(&digits))?;
                match $name::of_number(number) {
                    ::core::option::Option::Some(variant) => ::core::result::Result::Ok(variant),
                    ::core::option::Option::None => {
                        ::core::result::Result::Err($crate::generated::unknown_variant(&digits, $known))
                    }
                }
            }

            fn decode_key(value: $crate::Value<'_>) -> ::core::result::Result<Self, $crate::DecodeError> {
                Self::decode(value)
            }

            fn encode(value: &Self) -> ::core::result::Result<$crate::AttributeValue, $crate::EncodeError> {
                <i64 as $crate::Kind>::encode(&value.number())
            }
        }

        impl $crate::kind::SetMember for $name {}
    };
}
