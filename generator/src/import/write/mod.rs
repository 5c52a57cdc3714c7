//! From drafts to the text of a models.toml.

mod kinds;
mod lines;

use super::draft::{DraftField, DraftModel, DraftTable, DraftTemplate};
use super::names::{TypeNames, field_name};
use crate::catalog::{Billing, Encryption, IndexScope, OnDemandMaximum, Projection, Setting, StreamView};
use crate::layout;
use crate::names;
use lines::{assign, comment, key, line, quoted, with_remark};
use std::collections::{BTreeMap, BTreeSet};

/// The default quota of global indexes.
const GLOBAL_QUOTA: usize = 20;

/// Names that were found wrong, and are written otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Repairs {
    /// Indexes whose functions need other names.
    pub indexes: BTreeSet<String>,
    /// Declared names of fields whose Rust names are taken.
    pub fields: BTreeSet<String>,
}

/// A text of declarations.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub text: String,
    /// Stored values in the text: a sentence each.
    pub values: Vec<String>,
}

/// Writes declarations in the canonical layout.
pub(super) fn write(tables: &[DraftTable], left_out: &[String], repairs: &Repairs) -> Written {
    let mut writer = Writer { repairs, ..Writer::default() };
    let models = writer.name_models(tables);
    let declared = declared_names(tables);
    let mut body = String::new();
    for ((table, models), declared) in tables.iter().zip(&models).zip(&declared) {
        let item = writer.item_name(declared, models);
        writer.table(table, declared, item.as_deref());
        for (model, name) in table.models.iter().zip(models) {
            writer.model(model, name, declared);
        }
        writer.flush(&mut body);
    }
    let mut text = String::from(
        "# Imported by `dynamorm import`. Comments say how sure a line is: what 20 items or more agree on is likely, and what stands on\n\
         # fewer is a guess. The settings of a table are its own, unless a comment says otherwise.\n",
    );
    for note in left_out {
        comment(&mut text, note);
    }
    if !writer.values.is_empty() {
        text.push_str("#\n# Stored values that stand in this file, unless `--no-values` leaves them out:\n");
        for value in &writer.values {
            comment(&mut text, &format!("- {value}"));
        }
    }
    text.push('\n');
    text.push_str(&body);
    // The text is TOML. If it were not, the following check would report it.
    let text = layout::canonical(&text).unwrap_or(text);
    Written { text, values: writer.values }
}

#[derive(Default)]
struct Writer<'r> {
    repairs: &'r Repairs,
    names: TypeNames,
    /// Names of nested types by their contents.
    known: BTreeMap<(String, String), String>,
    text: String,
    /// Types and enums, which follow their models.
    nested: String,
    values: Vec<String>,
}

impl Default for &Repairs {
    fn default() -> Self {
        static NONE: Repairs = Repairs { indexes: BTreeSet::new(), fields: BTreeSet::new() };
        &NONE
    }
}

impl Writer<'_> {
    /// The names of all models, table by table. Names from items have priority.
    fn name_models(&mut self, tables: &[DraftTable]) -> Vec<Vec<String>> {
        let mut names = vec![Vec::new(); tables.len()];
        for is_given in [true, false] {
            for (number, table) in tables.iter().enumerate() {
                if table.type_attribute.is_some() != is_given {
                    continue;
                }
                names[number] = table.models.iter().map(|model| self.names.take(&model.names)).collect();
            }
        }
        names
    }

    /// The name of the enum over a table's models, if the usual one is taken.
    fn item_name(&mut self, declared: &str, models: &[String]) -> Option<String> {
        if models.len() < 2 {
            return None;
        }
        let usual = format!("{}Item", names::type_name(declared).unwrap_or_default());
        let name = self.names.take(&[usual.clone(), format!("{usual} Record")]);
        (name != usual).then_some(name)
    }

    fn flush(&mut self, body: &mut String) {
        body.push_str(&std::mem::take(&mut self.text));
        body.push_str(&std::mem::take(&mut self.nested));
    }

    fn table(&mut self, table: &DraftTable, declared: &str, item: Option<&str>) {
        let description = &table.description;
        self.text.push('\n');
        for note in &description.notes {
            comment(&mut self.text, note);
        }
        line(&mut self.text, &format!("[table.{}]", key(declared)));
        match &description.name {
            Some(name) if name == declared => {}
            Some(name) => assign(&mut self.text, "name", &quoted(name), ""),
            None => {
                let remark = "a guess: what its template calls it, since its name is not known there";
                assign(&mut self.text, "name", &quoted(&description.label), remark);
            }
        }
        assign(&mut self.text, "partition_key", &quoted(&description.partition_key.name), "");
        if let Some(sort_key) = &description.sort_key {
            assign(&mut self.text, "sort_key", &quoted(&sort_key.name), "");
        }
        if let Some(billing) = billing_text(description.billing, description.on_demand_maximum) {
            assign(&mut self.text, "billing", &billing, "");
        }
        if let Some(ttl) = &description.ttl {
            assign(&mut self.text, "ttl", &quoted(ttl), "");
        }
        if let Some(attribute) = &table.type_attribute {
            self.values.push(format!(
                "what `{attribute}` of `{declared}` holds: the name or the `type_value` of each model"
            ));
            let remark = "likely: in every item, and it names the kind of the item";
            assign(&mut self.text, "type_attribute", &quoted(attribute), remark);
        }
        if let Some(item) = item {
            assign(&mut self.text, "item", &quoted(item), "");
        }
        if let Some(stream) = description.stream {
            assign(&mut self.text, "stream", &quoted(stream_word(stream)), "");
        }
        if description.class.is_some() {
            assign(&mut self.text, "class", &quoted("standard-infrequent-access"), "");
        }
        if description.deletion_protection {
            assign(&mut self.text, "deletion_protection", "true", "");
        }
        if let Some(recovery) = description.point_in_time_recovery {
            let value = recovery.days.map_or(String::from("true"), |days| format!("{{ days = {days} }}"));
            assign(&mut self.text, "point_in_time_recovery", &value, "");
        }
        if let Some(encryption) = &description.encryption {
            assign(&mut self.text, "encryption", &encryption_text(encryption), "");
        }
        if !description.tags.is_empty() {
            let tags =
                description.tags.iter().map(|(name, value)| format!("{} = {}", key(name), quoted(value)));
            let tags: Vec<_> = tags.collect();
            assign(&mut self.text, "tags", &format!("{{ {} }}", tags.join(", ")), "");
        }
        let global = description.indexes.iter().filter(|index| index.scope == IndexScope::Global).count();
        if global > GLOBAL_QUOTA {
            assign(&mut self.text, "global_index_quota", &global.to_string(), "");
        }
        self.indexes(table, declared);
    }

    fn indexes(&mut self, table: &DraftTable, declared: &str) {
        for index in &table.description.indexes {
            self.text.push('\n');
            for note in &index.notes {
                comment(&mut self.text, note);
            }
            let scope = match index.scope {
                IndexScope::Global => "global_index",
                IndexScope::Local => "local_index",
            };
            line(&mut self.text, &format!("[table.{}.{scope}.{}]", key(declared), key(&index.name)));
            if self.repairs.indexes.contains(&index.name) {
                let function = field_name(&format!("by {}", index.name));
                assign(&mut self.text, "function", &quoted(&function), "");
            }
            let names = |keys: &[super::description::DescribedKey]| match keys {
                [only] => quoted(&only.name),
                several => {
                    let names: Vec<_> = several.iter().map(|key| quoted(&key.name)).collect();
                    format!("[{}]", names.join(", "))
                }
            };
            if index.scope == IndexScope::Global {
                assign(&mut self.text, "partition_key", &names(&index.partition_key), "");
            }
            if !index.sort_key.is_empty() {
                assign(&mut self.text, "sort_key", &names(&index.sort_key), "");
            }
            match &index.projection {
                Projection::All => {}
                Projection::KeysOnly => assign(&mut self.text, "projection", &quoted("keys-only"), ""),
                Projection::Include(attributes) => {
                    let names: Vec<_> = attributes.iter().map(|name| quoted(name)).collect();
                    assign(
                        &mut self.text,
                        "projection",
                        &format!("{{ include = [{}] }}", names.join(", ")),
                        "",
                    );
                }
            }
            if let Some(billing) = billing_text(index.billing, index.on_demand_maximum) {
                assign(&mut self.text, "billing", &billing, "");
            }
        }
    }

    fn model(&mut self, model: &DraftModel, name: &str, table: &str) {
        self.text.push('\n');
        for note in &model.notes {
            comment(&mut self.text, note);
        }
        line(&mut self.text, &format!("[model.{name}]"));
        assign(&mut self.text, "table", &quoted(table), "");
        if let Some(value) = model.type_value.as_deref().filter(|value| *value != name) {
            assign(&mut self.text, "type_value", &quoted(value), "");
        }
        let pair = |partition: &Option<DraftTemplate>, sort: &Option<DraftTemplate>| -> String {
            let keys = [("partition_key", partition), ("sort_key", sort)];
            let keys = keys.into_iter().filter_map(|(key, template)| Some((key, template.as_ref()?)));
            let keys: Vec<_> =
                keys.map(|(key, template)| format!("{key} = {}", quoted(&template.text()))).collect();
            if keys.is_empty() { String::from("{}") } else { format!("{{ {} }}", keys.join(", ")) }
        };
        if model.partition_key.is_some() || model.sort_key.is_some() {
            let keys = pair(&model.partition_key, &model.sort_key);
            assign(&mut self.text, "key", &keys, "a guess: how the sampled keys are composed");
        }
        for index in &model.indexes {
            let keys = pair(&index.partition_key, &index.sort_key);
            assign(&mut self.text, &format!("index.{}", key(&index.name)), &keys, "");
        }
        let constants: BTreeSet<&str> = model
            .templates()
            .flat_map(DraftTemplate::constants)
            .filter(|text| text.contains(char::is_alphanumeric))
            .collect();
        if !constants.is_empty() {
            let constants: Vec<_> = constants.into_iter().map(|text| format!("`{text}`")).collect();
            self.values.push(format!("constant parts of the keys of `{name}`: {}", constants.join(", ")));
        }
        self.text.push('\n');
        line(&mut self.text, &format!("[model.{name}.schema]"));
        for field in &model.fields {
            self.field(field, name);
        }
    }

    fn field(&mut self, field: &DraftField, owner: &str) {
        let mut settings = Vec::new();
        if self.repairs.fields.contains(&field.name) {
            let rust = names::field_name(&field.name).unwrap_or_default();
            settings.push(format!("rust_name = {}", quoted(&format!("{rust}_key"))));
        }
        if field.attribute != field.name {
            settings.push(format!("attribute = {}", quoted(&field.attribute)));
        }
        if field.key_only {
            settings.push(String::from("key_only = true"));
        }
        if let Some(default) = &field.default {
            self.values.push(format!("what `{}` of `{owner}` always is: `{default}`", field.name));
            settings.push(format!("default = {}", quoted(default)));
        }
        let line = self.member(&field.name, &field.attribute, &field.guess, field.optional, settings, owner);
        with_remark(&mut self.text, &line, &field.remark);
    }
}

/// The declared names of tables, each once.
fn declared_names(tables: &[DraftTable]) -> Vec<String> {
    let mut taken = BTreeSet::from([String::from("TABLES")]);
    let constant = |name: &str| names::constant_name(name).unwrap_or_default();
    tables
        .iter()
        .map(|table| {
            let numbered = (2..).map(|number| format!("{}-{number}", table.declared));
            let mut all = std::iter::once(table.declared.clone()).chain(numbered);
            all.find(|name| taken.insert(constant(name))).unwrap_or_default()
        })
        .collect()
}

/// The declared billing; `None` if it is on demand without a maximum.
fn billing_text(billing: Option<Billing>, maximum: OnDemandMaximum) -> Option<String> {
    if let Some(Billing::Provisioned(units)) = billing {
        return Some(format!("{{ read = {}, write = {} }}", units.read, units.write));
    }
    let units = |name: &str, units: Setting<u64>| units.on().map(|units| format!("{name} = {units}"));
    let maximum: Vec<_> =
        [units("max_read", maximum.read), units("max_write", maximum.write)].into_iter().flatten().collect();
    (!maximum.is_empty()).then(|| format!("{{ on_demand = {{ {} }} }}", maximum.join(", ")))
}

fn encryption_text(encryption: &Encryption) -> String {
    match encryption {
        Encryption::AwsOwned => quoted("aws-owned"),
        Encryption::AwsManaged => quoted("aws-managed"),
        Encryption::Key(key) => format!("{{ key = {} }}", quoted(key)),
    }
}

fn stream_word(view: StreamView) -> &'static str {
    match view {
        StreamView::KeysOnly => "keys-only",
        StreamView::NewImage => "new-image",
        StreamView::OldImage => "old-image",
        StreamView::NewAndOldImages => "new-and-old-images",
    }
}
