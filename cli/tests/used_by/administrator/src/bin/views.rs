//! Watches the view of the display and the sorts of asset strips. Names types that a later firmware does not have, which
//! keeps the compiler from looking any further.

mod xerus {
    #![allow(warnings)]
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use xerus::assetmgrmodel::asset_strip::StripType;
use xerus::display::display_control::DefaultViewChangedEvent;
use xerus::pdumodel::Ade as Converter;

fn view(event: &DefaultViewChangedEvent) -> &str {
    &event.new_view.id
}

fn sort(sort: StripType) -> &'static str {
    match sort {
        StripType::Simple => "simple",
        StripType::Composite => "composite",
        _ => "unknown",
    }
}

fn main() {
    println!("{}", view(&DefaultViewChangedEvent::default()));
    println!("{}", sort(StripType::default()));
    println!("{}", std::any::type_name::<Converter>());
}
