//! `[generate]` as far as it concerns the run and not the types.

use crate::catalog::UserRust;
use crate::check::WholeCheck;
use crate::check::values::rust;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::sources;

/// The path by which generated code names the runtime.
pub(super) fn runtime(cx: &mut WholeCheck<'_, '_>) -> Option<UserRust> {
    let declared = cx.known.expanded.generate.runtime.as_ref()?;
    cx.sound(rust::crate_path(declared, "generate.runtime"))
}

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
