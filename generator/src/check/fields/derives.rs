//! Derives and attributes that the user asks for.

use crate::catalog::{Derives, SerdeNames, UserRust};
use crate::check::FieldsCheck;
use crate::check::values::rust;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{Spanned, TypeSettings};

/// What every generated type derives.
const GIVEN: [&str; 3] = ["Clone", "Debug", "PartialEq"];
/// What the `serde` setting derives.
const SERDE: [&str; 2] = ["Deserialize", "Serialize"];

/// A type's own settings, which override or extend those of `[generate]`.
pub(in crate::check) fn resolve(cx: &mut FieldsCheck<'_, '_>, own: &TypeSettings) -> Derives {
    let common = &cx.known.generate().common;
    let serde = own.serde.as_ref().or(common.serde.as_ref());
    let mut derives = Vec::new();
    let mut places: Vec<(String, Span)> = Vec::new();
    let all = common.derive.iter().map(|text| (text, &common.derive_place));
    for (text, place) in all.chain(own.derive.iter().map(|text| (text, &own.derive_place))) {
        let Some(path) = cx.sound(rust::derive(text, place)) else { continue };
        if let Some(diagnostic) = twice(&path, text, serde, &places) {
            cx.report(diagnostic);
            continue;
        }
        places.push((path.code.clone(), text.span));
        derives.push(path);
    }
    let all = common.attributes.iter().map(|text| (text, &common.attributes_place));
    let all = all.chain(own.attributes.iter().map(|text| (text, &own.attributes_place)));
    let attributes = all.filter_map(|(text, place)| cx.sound(rust::attribute(text, place))).collect();
    Derives { serde: serde.map(|names| names.value), derives, attributes }
}

fn twice(
    path: &UserRust,
    text: &Spanned<String>,
    serde: Option<&Spanned<SerdeNames>>,
    places: &[(String, Span)],
) -> Option<Diagnostic> {
    let name = path.code.rsplit("::").next().unwrap_or_default().trim();
    let diagnostic = Diagnostic::new(Code::DeriveTwice, format!("{} is derived twice", quoted(name)));
    if GIVEN.contains(&name) {
        return Some(diagnostic.at(text.span, "every generated type derives it").help("remove it"));
    }
    if let Some(serde) = serde.filter(|_| SERDE.contains(&name)) {
        let diagnostic = diagnostic.at(text.span, "derived here").and(serde.span, "and by this setting");
        return Some(diagnostic.help("remove it: the setting also gives serde the names"));
    }
    let meant = one_name(&path.code);
    let (_, first) = places.iter().find(|(code, _)| one_name(code) == meant)?;
    Some(
        diagnostic
            .at(text.span, "derived again")
            .and(*first, "derived here first")
            .help("remove one of them"),
    )
}

/// A derive's path without spaces, and shortened if the prelude has the trait: `std::cmp::Eq` becomes `Eq`.
fn one_name(path: &str) -> String {
    let path: String = path.split_whitespace().collect();
    let absolute = path.trim_start_matches("::");
    match absolute.split_once("::") {
        Some(("core" | "std", _)) => absolute.rsplit("::").next().unwrap_or(absolute).to_owned(),
        _ => path,
    }
}
