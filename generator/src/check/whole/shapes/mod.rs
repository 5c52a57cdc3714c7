//! Shapes: the generations of a model's stored attributes, and what upgrades the older ones.

mod fixed;

use crate::catalog::{OlderShape, Projection, StoredShape, Table, UserRust};
use crate::check::WholeCheck;
use crate::check::names::Scope;
use crate::check::resolved::ResolvedModel;
use crate::check::values::rust;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::lock::{Former, LockedModel, NoFields, OlderFields, Shape};
use crate::manifest::Spanned;
use crate::names;

/// What a shape has that no upgrade can change, and what to do about it.
type Difference = (&'static str, &'static str);

const OTHER_KEY: Difference = ("has another key", "a changed primary key is a new model beside this one");

/// The highest number of a shape.
const HIGHEST: u64 = 9_999;

/// The shapes of a model.
#[derive(Default)]
pub(in crate::check) struct Shapes {
    /// That of today, where they are numbered.
    pub newest: Option<StoredShape>,
    /// Those that items may still have.
    pub older: Vec<OlderShape>,
    /// What makes an older one of today's, where that is written.
    pub downgrade: Option<UserRust>,
}

/// The shapes of each model. Reports numbers that do not follow those of the lock, and shapes that nothing upgrades.
pub(super) fn resolve(cx: &mut WholeCheck<'_, '_>, former: Former<'_>) -> Vec<Shapes> {
    let resolved = cx.known;
    resolved.models.iter().map(|model| shapes(cx, model, former).unwrap_or_default()).collect()
}

fn shapes(cx: &mut WholeCheck<'_, '_>, model: &ResolvedModel<'_>, former: Former<'_>) -> Option<Shapes> {
    let (declaration, used) = (model.schema.declaration, model.used.as_ref()?);
    let called = &cx.known.names.model(&declaration.name.value).rust;
    let known = match former {
        Former::Lock(lock) => lock.and_then(|lock| lock.models.get(called)),
        #[cfg(feature = "breaking")]
        Former::Any => None,
    };
    let Some(number) = declaration.shape else { return undeclared(cx, model, known) };
    let place = number.span;
    let table = cx.known.table(used);
    let attribute = attribute(cx, model, table, known)?;
    #[cfg(feature = "breaking")]
    if matches!(former, Former::Any) {
        let number = u32::try_from(number.value).ok()?;
        let written = written(cx, model, number).unwrap_or(number);
        let newest = StoredShape { number, written, attribute, is_declared: true };
        return Some(Shapes { newest: Some(newest), ..Shapes::default() });
    }
    let number = self::number(cx, number, known)?;
    let written = written(cx, model, number);
    let newest = StoredShape { number, written: written.unwrap_or(number), attribute, is_declared: true };
    check_projections(cx, model, table, &newest);
    let older: Vec<(u32, &Shape)> =
        known.iter().flat_map(|known| known.shapes.range(..number)).map(|(of, shape)| (*of, shape)).collect();
    for (of, _) in declaration.upgrade {
        if !older.iter().any(|(known, _)| of.value == known.to_string()) {
            misplaced(cx, of, "the lock has no older shape of this number");
        }
    }
    check_gaps(cx, number, &older, place)?;
    let downgrade = downgrade(cx, model, &newest);
    let older = older.into_iter().filter_map(|(of, known)| self::older(cx, model, table, (of, known)));
    Some(Shapes { older: older.collect(), newest: Some(newest), downgrade })
}

/// What is true of a model whose shape is not declared. In a lock, its writes demand already that no second shape is stored.
fn undeclared(
    cx: &mut WholeCheck<'_, '_>,
    model: &ResolvedModel<'_>,
    known: Option<&LockedModel>,
) -> Option<Shapes> {
    let declaration = model.schema.declaration;
    let settings =
        [declaration.shape_attribute.map(|given| given.span), declaration.writes.map(|given| given.span)];
    for span in settings.into_iter().flatten() {
        cx.report(
            Diagnostic::new(Code::ShapeAttribute, "the model declares no shape")
                .at(span, "says something of its shapes")
                .help("give the model a shape, `shape = 1`, or remove this"),
        );
    }
    for (of, _) in declaration.upgrade {
        misplaced(cx, of, "the model declares no shape");
    }
    for (of, _) in declaration.downgrade {
        misplaced_downgrade(cx, of, "the model declares no shape", "remove it");
    }
    let known = known?;
    let (newest, shape) = known.newest()?;
    if newest > 1 || shape.attribute.is_some() {
        let help = format!("declare it: `shape = {newest}`");
        cx.report(number_error(declaration.name.span, &format!("the lock has shape {newest}"), help));
        return None;
    }
    let table = cx.known.table(model.used.as_ref()?);
    let is_free = conflict(model, table, StoredShape::ATTRIBUTE).is_none();
    let newest = is_free.then(|| StoredShape {
        number: 1,
        written: 1,
        attribute: StoredShape::ATTRIBUTE.to_owned(),
        is_declared: false,
    });
    Some(Shapes { newest, ..Shapes::default() })
}

/// The declared number, if it follows what the lock has.
fn number(cx: &mut WholeCheck<'_, '_>, number: &Spanned<u64>, known: Option<&LockedModel>) -> Option<u32> {
    let newest = known.and_then(LockedModel::newest).map_or(0, |(newest, _)| u64::from(newest));
    let (label, help) = if number.value == 0 || number.value > HIGHEST {
        (format!("a shape has a number from 1 to {HIGHEST}"), "begin with `shape = 1`".to_owned())
    } else if number.value < newest {
        (format!("the lock has shape {newest}"), format!("items may have it: write `shape = {newest}`"))
    } else if number.value > newest.max(1) + 1 || (number.value > 1 && known.is_none()) {
        let next = newest.max(1);
        (
            format!("the lock has no shape {}", number.value - 1),
            format!(
                "take over the shape before it first: `shape = {next}` and `dynamorm lock`, then `shape = {}`",
                next + 1
            ),
        )
    } else {
        return u32::try_from(number.value).ok();
    };
    cx.report(number_error(number.span, &label, help));
    None
}

fn number_error(place: Span, label: &str, help: String) -> Diagnostic {
    Diagnostic::new(Code::ShapeNumber, "the shape does not follow those of the lock")
        .at(place, label)
        .help(help)
}

fn misplaced(cx: &mut WholeCheck<'_, '_>, of: &Spanned<String>, reason: &str) {
    cx.report(
        Diagnostic::new(
            Code::UpgradeMisplaced,
            format!("nothing has to be upgraded from {}", quoted(&of.value)),
        )
        .at(of.span, reason)
        .help("remove it, or write the number of a shape that items may still have"),
    );
}

/// The attribute that holds the number of an item's shape.
fn attribute(
    cx: &mut WholeCheck<'_, '_>,
    model: &ResolvedModel<'_>,
    table: &Table,
    known: Option<&LockedModel>,
) -> Option<String> {
    let declaration = model.schema.declaration;
    let name = declaration.shape_attribute.map_or(StoredShape::ATTRIBUTE, |given| given.value.as_str());
    let place = declaration.shape_attribute.map(|given| given.span);
    let place = place.or(declaration.shape.map(|shape| shape.span)).unwrap_or(declaration.name.span);
    let stored = known.and_then(LockedModel::newest).and_then(|(_, shape)| shape.attribute.as_ref());
    if let Some(stored) = stored.filter(|stored| *stored != name) {
        cx.report(
            Diagnostic::new(Code::ShapeAttribute, format!("items hold their shape in {}", quoted(stored)))
                .at(place, format!("would hold it in {}", quoted(name)))
                .help(format!("leave it as the lock has it: `shape_attribute = {stored:?}`")),
        );
        return None;
    }
    let Some(reason) = conflict(model, table, name) else { return Some(name.to_owned()) };
    cx.report(
        Diagnostic::new(
            Code::ShapeAttribute,
            format!("{} cannot hold the number of the shape", quoted(name)),
        )
        .at(place, reason)
        .help("choose another name, which items keep for ever: `shape_attribute = \"_shape\"`"),
    );
    None
}

/// Why an attribute cannot hold the number of a shape.
fn conflict(model: &ResolvedModel<'_>, table: &Table, name: &str) -> Option<&'static str> {
    let keys = std::iter::once(&table.partition_key).chain(&table.sort_key);
    let keys =
        keys.chain(table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key)));
    let mut of_table = keys.map(|key| &key.name).chain(&table.type_attribute).chain(table.ttl.on());
    if name.is_empty() || name.len() > 255 {
        Some("a name of 1 to 255 bytes holds the number")
    } else if model.schema.reads(name) {
        Some("a field has this name")
    } else if of_table.any(|known| known == name) {
        Some("the table has an attribute of this name")
    } else {
        None
    }
}

/// Reports indexes that do not keep the number: what they hold would be taken for the newest shape.
fn check_projections(
    cx: &mut WholeCheck<'_, '_>,
    model: &ResolvedModel<'_>,
    table: &Table,
    shape: &StoredShape,
) {
    let declared = cx.known.expanded.tables.iter().find(|one| one.declared.value == table.declared);
    let indexes = model.used.iter().flat_map(|used| &used.indexes);
    for index in indexes.filter_map(|used| table.indexes.get(used.index)) {
        let kept: &[String] = match &index.projection {
            Projection::All => continue,
            Projection::KeysOnly => &[],
            Projection::Include(kept) if kept.contains(&shape.attribute) => continue,
            Projection::Include(kept) => kept,
        };
        let wanted: Vec<_> = kept.iter().chain([&shape.attribute]).map(|name| format!("{name:?}")).collect();
        let place = declared.and_then(|table| table.indexes.iter().find(|one| one.name.value == index.name));
        let place = place.map_or(model.schema.declaration.name.span, |one| one.name.span);
        cx.report(
            Diagnostic::new(
                Code::ShapeNotProjected,
                format!("index {} does not keep {}", quoted(&index.name), quoted(&shape.attribute)),
            )
            .at(place, format!("holds items of {}", quoted(&model.schema.name().value)))
            .help(format!("include it: `projection = {{ include = [{}] }}`", wanted.join(", "))),
        );
    }
}

/// Reports a shape that is missing between those of the lock: nothing says what its items hold.
fn check_gaps(cx: &mut WholeCheck<'_, '_>, number: u32, older: &[(u32, &Shape)], place: Span) -> Option<()> {
    let numbers: Vec<u32> = older.iter().map(|(of, _)| *of).chain([number]).collect();
    let gap = numbers.windows(2).find_map(|pair| match pair {
        [one, next] if *next > one + 1 => Some((*one, *next)),
        _ => None,
    });
    let Some((one, next)) = gap else { return Some(()) };
    cx.report(
        Diagnostic::new(Code::ShapeGap, format!("the lock lacks shape {}", one + 1))
            .at(place, format!("it has shape {one}, and then {next}"))
            .help(
                "put back the lock as it was committed: the older shapes are retired before the newer ones",
            ),
    );
    None
}

/// The shape that items are written with.
fn written(cx: &mut WholeCheck<'_, '_>, model: &ResolvedModel<'_>, number: u32) -> Option<u32> {
    let given = model.schema.declaration.writes?;
    let before = u64::from(number) - 1;
    if given.value == u64::from(number) || (given.value == before && before > 0) {
        return u32::try_from(given.value).ok();
    }
    let (label, help) = match before {
        0 => ("there is no other shape than 1".to_owned(), "remove this line".to_owned()),
        _ => (
            format!("code of the release before knows no shape above {before}"),
            format!("write `writes = {before}` while it runs, and remove the line when it is gone"),
        ),
    };
    cx.report(
        Diagnostic::new(Code::WrittenShape, format!("items of shape {} cannot be written", given.value))
            .at(given.span, label)
            .help(help),
    );
    None
}

/// The function that makes the older shape that is written.
fn downgrade(
    cx: &mut WholeCheck<'_, '_>,
    model: &ResolvedModel<'_>,
    shape: &StoredShape,
) -> Option<UserRust> {
    let declaration = model.schema.declaration;
    let is_used = |of: &Spanned<String>| shape.written < shape.number && of.value == shape.number.to_string();
    for (of, _) in declaration.downgrade.iter().filter(|(of, _)| !is_used(of)) {
        let help = "remove it; where an older shape is written, the entry has the number of the newest";
        misplaced_downgrade(cx, of, &format!("items are written with shape {}", shape.written), help);
    }
    if shape.written == shape.number {
        return None;
    }
    let Some((_, function)) = declaration.downgrade.iter().find(|(of, _)| is_used(of)) else {
        let place = declaration.writes.map_or(declaration.name.span, |given| given.span);
        cx.report(
            Diagnostic::new(
                Code::DowngradeMissing,
                format!("nothing makes shape {} of shape {}", shape.written, shape.number),
            )
            .at(place, "items are written with it")
            .help(format!(
                "name a function: `downgrade = {{ {0} = \"crate::upgrades::from_{0}_to_{1}\" }}`",
                shape.number, shape.written
            )),
        );
        return None;
    };
    cx.sound(rust::path(function, &format!("{}.downgrade.{}", declaration.place, shape.number)))
}

fn misplaced_downgrade(cx: &mut WholeCheck<'_, '_>, of: &Spanned<String>, reason: &str, help: &str) {
    cx.report(
        Diagnostic::new(
            Code::DowngradeMisplaced,
            format!("shape {} is not written as an older one", of.value),
        )
        .at(of.span, reason)
        .help(help),
    );
}

/// A shape that items may still have.
fn older(
    cx: &mut WholeCheck<'_, '_>,
    model: &ResolvedModel<'_>,
    table: &Table,
    (number, known): (u32, &Shape),
) -> Option<OlderShape> {
    let declaration = model.schema.declaration;
    let given = declaration.upgrade.iter().find(|(of, _)| of.value == number.to_string());
    let Some((_, function)) = given else {
        let place = declaration.shape.map_or(declaration.name.span, |shape| shape.span);
        cx.report(
            Diagnostic::new(Code::UpgradeMissing, format!("items of shape {number} cannot be upgraded"))
                .at(place, format!("the lock has shape {number}, which items may still have"))
                .help(format!(
                    "name a function from it to the next one: `upgrade = {{ {number} = \"crate::upgrades::from_{number}\" }}`"
                )),
        );
        return None;
    };
    let place = format!("{}.upgrade.{number}", declaration.place);
    let upgrade: UserRust = cx.sound(rust::path(function, &place))?;
    let called = &cx.known.names.model(&declaration.name.value).rust;
    let name = format!("{called}V{number}");
    let keys = std::iter::once(&table.partition_key).chain(&table.sort_key);
    let keys: Vec<&str> = keys.map(|key| key.name.as_str()).collect();
    let read = known.as_fields(&name, &keys, declaration.place);
    let read = match read {
        Ok(read) => read,
        Err(NoFields::OtherKey) => {
            cx.report(unfit(number, OTHER_KEY.0, OTHER_KEY.1, function.span));
            return None;
        }
        Err(NoFields::Unreadable) => {
            let help = "put back the lock as it was committed, and write it anew with `dynamorm lock`";
            cx.report(unfit(number, "holds what no declarations say", help, function.span));
            return None;
        }
    };
    if let Some((how, help)) = fixed::difference((model, called), known, &read) {
        cx.report(unfit(number, how, help, function.span));
        return None;
    }
    let OlderFields { fields, key, templates, structures, enumerations } = read;
    let types = structures
        .iter()
        .flat_map(|one| ["", "Builder", "Draft"].map(|suffix| format!("{}{suffix}", one.name)));
    let types = types.chain(enumerations.iter().map(|one| one.name.clone()));
    let types: Vec<_> = types.chain(["", "Draft"].map(|suffix| format!("{name}{suffix}"))).collect();
    let modules = structures.iter().map(|one| &one.module).chain(enumerations.iter().map(|one| &one.module));
    let module = names::module_name(&name);
    let modules: Vec<_> = modules.chain([&module]).cloned().collect();
    claim(cx, Scope::Type, &types, function.span, Code::TypeNamesConflict, "types");
    claim(cx, Scope::Module, &modules, function.span, Code::ModulesConflict, "modules");
    Some(OlderShape {
        number,
        module,
        name,
        fields,
        key,
        templates,
        type_values: known.type_name.iter().chain(&known.also_types).cloned().collect(),
        structures,
        enumerations,
        upgrade,
    })
}

fn unfit(number: u32, how: &str, help: &str, place: Span) -> Diagnostic {
    Diagnostic::new(Code::OlderShapeUnfit, format!("shape {number} {how}"))
        .at(place, "no upgrade can change that")
        .help(help)
}

fn claim(cx: &mut WholeCheck<'_, '_>, scope: Scope, claimed: &[String], place: Span, code: Code, what: &str) {
    for name in claimed {
        if let Some(first) = cx.claim(scope.clone(), name, place) {
            cx.report(
                Diagnostic::new(code, format!("two generated {what} would be called `{name}`"))
                    .at(place, format!("brings `{name}`, of an older shape"))
                    .and(first.place, "so does this")
                    .help("rename the other declaration"),
            );
        }
    }
}
