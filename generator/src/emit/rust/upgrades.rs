//! What reads items of older shapes: each is read as it was stored, and upgraded step by step.

use askama::Template;

use super::text::literal;
use crate::catalog::{Model, OlderShape, UserRust};

/// The functions between the shapes of a model.
#[derive(Template)]
#[template(path = "rust/upgrades.rs.jinja", escape = "none")]
pub(super) struct Upgrades {
    model: String,
    steps: Vec<Step>,
    downgrade: Option<Downgrade>,
}

/// An older shape, and what makes the next one of it.
struct Step {
    number: u32,
    /// Its struct.
    from: String,
    /// What the user's function makes of it, in the model's module.
    to: String,
    function: UserRust,
    /// What upgrades the outcome further, if it is no value of today's shape.
    further: Option<u32>,
}

/// The older shape that items are written with, and what makes it of today's.
struct Downgrade {
    number: u32,
    function: UserRust,
}

impl Upgrades {
    /// Those of a model that has an older shape.
    pub fn new(model: &Model) -> Option<Self> {
        let next = |older: &OlderShape| model.older.iter().find(|next| next.number == older.number + 1);
        let steps = model.older.iter().map(|older| Step {
            number: older.number,
            from: older.name.clone(),
            to: next(older).map_or(model.name.clone(), |next| format!("V{}", next.number)),
            function: older.upgrade.clone(),
            further: next(older).map(|next| next.number),
        });
        let number = model.stored.shape.as_ref()?.written;
        let downgrade = model.downgrade.clone().map(|function| Downgrade { number, function });
        (!model.older.is_empty()).then(|| Upgrades {
            model: model.name.clone(),
            steps: steps.collect(),
            downgrade,
        })
    }
}

/// The row of the stored form that tells the model's shapes.
pub(super) fn shape_row(model: &Model) -> Option<String> {
    let shape = model.stored.shape.as_ref()?;
    let steps: Vec<_> = model.older.iter().map(|older| format!("{0} => upgrade_{0}", older.number)).collect();
    let steps = match steps.as_slice() {
        [] => "{}".to_owned(),
        steps => format!("{{ {} }}", steps.join(", ")),
    };
    let written = model.downgrade.as_ref().map(|_| format!(" written {} by downgrade", shape.written));
    Some(format!(
        "{} = {}, former [{}] {steps}{}",
        literal(&shape.attribute),
        shape.number,
        former(model).join(", "),
        written.unwrap_or_default()
    ))
}

/// The attributes of older shapes that today's does not have, as string literals.
fn former(model: &Model) -> Vec<String> {
    let of_keys = model.older.iter().flat_map(|older| &older.templates);
    let older = model.older.iter().flat_map(|older| &older.fields).filter(|field| !field.key_only);
    let mut former: Vec<&str> = older.map(|field| field.attribute.as_str()).collect();
    former.extend(of_keys.map(|template| template.attribute.as_str()));
    former.sort_unstable();
    former.dedup();
    let today = crate::catalog::templates(&model.key, &model.indexes);
    former.retain(|name| {
        model.fields.iter().all(|field| field.attribute != *name)
            && today.iter().all(|template| template.attribute != *name)
    });
    former.into_iter().map(literal).collect()
}
