//! `[generate]` as far as it concerns the run and not the types.

use crate::check::WholeCheck;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::sources;

/// The output directory must lie within the directory of the declarations, whatever the machine.
pub(super) fn check_output(cx: &mut WholeCheck<'_, '_>) {
    let Some(output) = &cx.known.expanded.generate.output else { return };
    if !sources::is_inside(&output.value) {
        cx.report(
            Diagnostic::new(
                Code::OutputDirectory,
                format!("{} is not a directory beside this file", quoted(&output.value)),
            )
            .at(output.span, "must lie inside this file's directory")
            .help("write a relative path with forward slashes and without `..`: `output = \"src/models\"`"),
        );
    }
}
