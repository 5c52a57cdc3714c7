//! Generated modules of imported declarations read every sampled item, and write it back.

use std::path::Path;

use dynamorm_generator::import::Options;

use crate::imported::{Case, Sampled, models, read_and_write};
use crate::{INPUTS, import, text};

#[test]
fn every_sampled_item_is_read_and_written_back_by_one_model() {
    let imported: Vec<_> = INPUTS
        .iter()
        .flat_map(|input| [true, false].map(|values| (input, values)))
        .map(|(input, values)| {
            (input, format!("{}_{values}", input.name), import(*input, &Options::default().values(values)))
        })
        .collect();
    let cases: Vec<_> = imported
        .iter()
        .map(|(input, name, imported)| {
            let declarations = imported.text();
            let items = input.items.iter().map(|(table, file)| Sampled {
                lines: text(file),
                models: models(declarations)
                    .filter(|model| is_in(declarations, model, table))
                    .map(str::to_owned)
                    .collect(),
            });
            Case { name: name.clone(), declarations, items: items.collect() }
        })
        .collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("what cargo builds");
    assert_eq!(read_and_write(&cases, Path::new(env!("CARGO_MANIFEST_DIR")), target), 394);
}

/// Whether a model is in the table that items are of.
fn is_in(text: &str, model: &str, table: &str) -> bool {
    let Some((_, after)) = text.split_once(&format!("[model.{model}]\n")) else { return false };
    let declared = after.lines().next().unwrap_or_default().trim_start_matches("table = ").trim_matches('"');
    table.to_lowercase().contains(declared)
}
