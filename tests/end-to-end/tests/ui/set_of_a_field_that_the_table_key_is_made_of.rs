use dynamorm::Operations;
use end_to_end::single_table::Product;

fn main() {
    let _ = Product::update("lamp").set(Product::SKU, "light");
}
