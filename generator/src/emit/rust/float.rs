//! Numbers that look like well-known constants, which clippy suggests instead. A declared 3.14 means 3.14.

use std::f64::consts;

/// The constants that clippy knows, and how many digits make a number resemble one.
const CONSTANTS: [(f64, usize); 20] = [
    (consts::E, 4),
    (consts::FRAC_1_PI, 4),
    (consts::FRAC_1_SQRT_2, 5),
    (consts::FRAC_2_PI, 5),
    (consts::FRAC_2_SQRT_PI, 5),
    (consts::FRAC_PI_2, 5),
    (consts::FRAC_PI_3, 5),
    (consts::FRAC_PI_4, 5),
    (consts::FRAC_PI_6, 5),
    (consts::FRAC_PI_8, 5),
    (consts::LN_2, 5),
    (consts::LN_10, 5),
    (consts::LOG10_2, 5),
    (consts::LOG2_10, 5),
    (consts::LOG10_E, 5),
    (consts::LOG2_E, 5),
    (consts::PI, 3),
    (consts::SQRT_2, 5),
    (consts::TAU, 3),
    (1.618_033_988_749_895, 5),
];

/// Whether a literal is a constant, cut off or rounded.
pub(super) fn looks_like_a_constant(digits: &str) -> bool {
    let Ok(number) = digits.trim_start_matches('-').parse::<f64>() else { return false };
    let shown = number.to_string();
    CONSTANTS.iter().any(|(constant, least)| {
        let decimals = shown.len().saturating_sub(2);
        shown.len() > *least
            && (constant.to_string().starts_with(&shown) || format!("{constant:.decimals$}") == shown)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_recognised_cut_off_and_rounded() {
        for digits in ["3.14", "3.1415926", "3.1416", "-3.14", "2.718", "6.2831853", "0.6931"] {
            assert!(looks_like_a_constant(digits), "{digits}");
        }
        for digits in ["3.1", "3", "3.15", "0.5", "1.5", "2.7", "100.25", "x"] {
            assert!(!looks_like_a_constant(digits), "{digits}");
        }
    }
}
