//! `[generate]` as far as it concerns the run and not the types.

use crate::diagnostic::{Code, Diagnostic, Findings, quoted};
use crate::manifest::Manifest;
use std::path::{Component, Path};

/// The output directory must lie within the directory of the declarations, whatever the machine.
pub(super) fn check_output(manifest: &Manifest, findings: &mut Findings) {
    let Some(output) = &manifest.generate.output else { return };
    let path = Path::new(&output.value);
    // Backslashes and drives are Windows' own, but a file of declarations travels.
    let foreign = output.value.contains(['\\', ':', '\0']) || output.value.starts_with('/');
    let inside =
        path.components().all(|component| matches!(component, Component::Normal(_) | Component::CurDir));
    let names_one = path.components().any(|component| matches!(component, Component::Normal(_)));
    if foreign || !inside || !names_one {
        findings.push(
            Diagnostic::new(
                Code::OutputDirectory,
                format!("{} is not a directory beside this file", quoted(&output.value)),
            )
            .at(output.span, "must lie inside this file's directory")
            .help("write a relative path with forward slashes and without `..`: `output = \"src/models\"`"),
        );
    }
}
