//! Generated code in a crate that denies what crates may deny, and that calls the runtime `ddb`. What its declarations document is
//! no code of this crate: `cargo test --doc` and `cargo doc` pass.

#![deny(
    warnings,
    missing_copy_implementations,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    rustdoc::all
)]

/// Models whose documentation is hard to keep from rustdoc, and a table called by a keyword.
pub mod models {
    ddb::include_models!();
}

/// Models that nobody else sees.
mod internal {
    ddb::include_models!("internal");
}

/// Models with sensitive fields.
pub mod sensitive {
    ddb::include_models!("sensitive");
}

/// The models of a library that nobody outside can name.
pub fn is_valid(id: &str) -> bool {
    internal::Session::builder().id(id).build().is_ok()
}

/// Refuses bad passwords, and says which one it was: what no library should do.
///
/// # Errors
/// The password is bad.
pub fn refuse_password(password: &str) -> Result<(), String> {
    if password.contains("bad") { Err(format!("{password} is not good enough")) } else { Ok(()) }
}

/// A model with a second shape.
pub mod shapes {
    ddb::include_models!("shapes");
}

fn parcel_1_to_2(parcel: shapes::parcel::V1) -> Result<shapes::Parcel, std::convert::Infallible> {
    let shapes::ParcelV1 { id, state, stops, kilos, .. } = parcel;
    let state = match state {
        shapes::ParcelV1State::Waiting => shapes::State::Waiting,
        shapes::ParcelV1State::Sent => shapes::State::Sent,
    };
    let route = stops.into_iter().map(|stop| shapes::Stop { town: stop.town });
    Ok(shapes::Parcel { id, state, route: route.collect(), grams: u32::from(kilos) * 1_000 })
}

fn parcel_2_to_1(parcel: &shapes::Parcel) -> Result<shapes::parcel::V1, String> {
    let stops = parcel.route.iter();
    let stops = stops.map(|stop| shapes::ParcelV1Stop { street: String::new(), town: stop.town.clone() });
    Ok(shapes::ParcelV1 {
        id: parcel.id,
        state: match parcel.state {
            shapes::State::Waiting => shapes::ParcelV1State::Waiting,
            shapes::State::Sent => shapes::ParcelV1State::Sent,
        },
        stops: stops.collect(),
        text: None,
        kilos: u16::try_from(parcel.grams / 1_000).map_err(|_| "it is too heavy")?,
        at: ddb::now(),
    })
}
