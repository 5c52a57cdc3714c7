//! Claims of names, in generated code and in stored items.

use crate::diagnostic::Span;
use crate::names;
use std::collections::BTreeMap;

/// A scope in which no two things may have the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Scope {
    /// All modules. Each is also a file.
    Module,
    /// All types, including private ones, because the types of a model share a file.
    Type,
    /// DynamoDB's names of all tables.
    Table,
    /// The constants of tables.
    TableConstant,
    /// The functions of a model, by its number among all models.
    Function(usize),
    /// The Rust names of one declaration's fields, by its place.
    Field(String),
    /// The stored names of these fields.
    Attribute(String),
    /// The Rust names of an enum's variants, by its place.
    Variant(String),
    /// The stored names of these variants.
    StoredVariant(String),
    /// The functions of this enum that return attribute handles.
    Handle(String),
}

/// A name, and the place that brings it.
#[derive(Clone, Debug)]
pub(in crate::check) struct Claim {
    pub name: String,
    pub place: Span,
}

/// All names so far.
#[derive(Debug, Default)]
pub(in crate::check) struct Claims {
    claimed: BTreeMap<(Scope, String), Claim>,
}

impl Claims {
    /// Claims a name for a declaration. Returns an earlier claim of the same name.
    pub(in crate::check) fn claim(&mut self, scope: Scope, name: &str, place: Span) -> Option<Claim> {
        let key = match scope {
            // Builders mark their required fields with types, so names must differ by more than an underscore.
            Scope::Field(_) => names::type_stem(name),
            _ => name.to_owned(),
        };
        let claim = Claim { name: name.to_owned(), place };
        match self.claimed.get(&(scope.clone(), key.clone())) {
            Some(first) => Some(first.clone()),
            None => {
                self.claimed.insert((scope, key), claim);
                None
            }
        }
    }

    /// All names of a scope.
    #[cfg(test)]
    pub(in crate::check) fn of(&self, scope: &Scope) -> Vec<&str> {
        let of_scope = self.claimed.iter().filter(|((of, _), _)| of == scope);
        of_scope.map(|(_, claim)| claim.name.as_str()).collect()
    }
}
