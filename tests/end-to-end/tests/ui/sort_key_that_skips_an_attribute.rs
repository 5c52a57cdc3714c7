use end_to_end::multi_attribute_keys::Shipment;

fn main() {
    let _ = Shipment::by_region("north", 1).priority().eq(2);
}
