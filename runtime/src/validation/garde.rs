//! The connection to `garde`: its trait's report, and rules that were written for its derive.

use garde::Report;
use garde::error::{Error, Path};

use crate::validation::check::Check;
use crate::validation::steps::Part;
use crate::validation::violation::Violation;

/// Reports what a check finds as `garde` does: for generated code.
#[doc(hidden)]
pub fn report_to_garde<T>(
    value: &T,
    check_value: fn(&T, &mut Check),
    parent: &mut dyn FnMut() -> Path,
    report: &mut Report,
) {
    let mut check = Check::default();
    check_value(value, &mut check);
    append(&check.into_violations(), parent, report);
}

/// Violations as `garde` reports them.
pub(crate) fn report_of(violations: &[Violation]) -> Report {
    let mut report = Report::new();
    append(violations, &mut Path::empty, &mut report);
    report
}

fn append(violations: &[Violation], parent: &mut dyn FnMut() -> Path, report: &mut Report) {
    for violation in violations {
        let path = violation.parts().fold(parent(), |path, part| match part {
            Part::Name(name) => path.join(name),
            Part::Position(position) => path.join(position),
        });
        report.append(path, Error::new(violation.message()));
    }
}

/// Takes the report of a rule for `garde`'s derive: for generated code.
#[doc(hidden)]
pub fn raw_garde(outcome: Result<(), Report>, check: &mut Check) {
    let Err(report) = outcome else { return };
    for (path, error) in report.iter() {
        at(&path.to_string(), check, &|check| check.refuse("garde", error.to_string(), []));
    }
}

/// Goes to a path in the form in which `garde` writes it: `[2].name`.
fn at(path: &str, check: &mut Check, report: &dyn Fn(&mut Check)) {
    if path.is_empty() {
        return report(check);
    }
    let position = path.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Some((position, rest)) = position
        && let Ok(position) = position.parse()
    {
        return check.element(position, |check| at(rest.trim_start_matches('.'), check, report));
    }
    let end = path.find(['.', '[']).filter(|end| *end > 0).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    check.entry(name, |check| at(rest.trim_start_matches('.'), check, report));
}
