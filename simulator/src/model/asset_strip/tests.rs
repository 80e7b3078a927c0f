use super::*;

fn tag(id: &str) -> Tag {
    Tag {
        id: id.to_owned(),
        programmable: true,
    }
}

fn single(id: &str) -> Option<Mounted> {
    Some(Mounted::Tag(tag(id)))
}

fn extension(ids: &[(usize, &str)]) -> Option<Mounted> {
    Some(Mounted::Extension {
        id: "0000000000EE".to_owned(),
        slots: 16,
        tags: ids.iter().map(|&(slot, id)| (slot, tag(id))).collect(),
    })
}

fn ids(placed: &[PlacedTag]) -> Vec<(usize, usize, &str)> {
    let row = |placed: &'_ PlacedTag| (placed.unit, placed.slot);
    placed
        .iter()
        .map(|placed| (row(placed).0, row(placed).1, placed.tag.id.as_str()))
        .collect()
}

#[test]
fn tags_come_and_go() {
    let mut strip = AssetStrip::new(42);
    let changes = strip.plug(3, single("0000000000A1")).unwrap();
    assert_eq!(changes[0], StripChange::Unit(3));
    assert!(
        matches!(&changes[1], StripChange::TagsAdded(tags) if ids(tags) == [(3, 0, "0000000000A1")])
    );
    assert_eq!(strip.plug(3, single("0000000000A1")), Ok(Vec::new()));
    let changes = strip.plug(3, single("0000000000A2")).unwrap();
    assert!(
        matches!(&changes[1], StripChange::TagsRemoved(tags) if ids(tags) == [(3, 0, "0000000000A1")])
    );
    assert!(
        matches!(&changes[2], StripChange::TagsAdded(tags) if ids(tags) == [(3, 0, "0000000000A2")])
    );
    let changes = strip.plug(3, None).unwrap();
    assert_eq!(changes.len(), 2);
    assert!(strip.tags().is_empty());
    assert_eq!(strip.plug(42, None), Err(StripRefusal::InvalidParam));
}

#[test]
fn an_extension_has_tags_in_slots() {
    let mut strip = AssetStrip::new(42);
    strip.plug(7, extension(&[(2, "0000000000B2")])).unwrap();
    assert_eq!(
        ids(&strip.tags()),
        [(7, 0, "0000000000EE"), (7, 2, "0000000000B2")]
    );
    assert_eq!(
        strip.tag(7, 2).map(|placed| placed.parent),
        Ok("0000000000EE".to_owned())
    );
    assert_eq!(strip.tag(7, 3), Err(StripRefusal::NoSuchObject));
    assert_eq!(strip.tag(7, 17), Err(StripRefusal::InvalidParam));
    assert_eq!(strip.tag(8, 0), Err(StripRefusal::NoSuchObject));
    assert_eq!(ids(&strip.extension_tags(7).unwrap()).len(), 1);
    assert_eq!(strip.extension_tags(8), Err(StripRefusal::NoSuchObject));
    // Only what differs is told.
    let changes = strip
        .plug(7, extension(&[(2, "0000000000B2"), (5, "0000000000B5")]))
        .unwrap();
    assert_eq!(changes.len(), 2);
    assert!(
        matches!(&changes[1], StripChange::TagsAdded(tags) if ids(tags) == [(7, 5, "0000000000B5")])
    );
}

#[test]
fn an_led_shows_whether_there_is_a_tag_unless_it_is_set_by_hand() {
    let mut strip = AssetStrip::new(2);
    strip.plug(0, single("0000000000A1")).unwrap();
    assert_eq!(strip.led(0), Ok((LedMode::On, (0, 255, 0))));
    assert_eq!(strip.led(1), Ok((LedMode::On, (255, 0, 0))));
    let manual = RackUnitSettings {
        name: "core switch".to_owned(),
        manual: Some((LedMode::BlinkFast, (0, 0, 255))),
    };
    let changes = strip.change_unit(0, manual.clone()).unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!(strip.led(0), Ok((LedMode::BlinkFast, (0, 0, 255))));
    assert_eq!(strip.change_unit(0, manual.clone()), Ok(Vec::new()));
    assert_eq!(
        strip.change_unit(2, manual),
        Err(StripRefusal::InvalidParam)
    );
}

#[test]
fn numbers_for_people_follow_direction_and_offset() {
    let mut strip = AssetStrip::new(42);
    assert_eq!((strip.position(0), strip.position(41)), (1, 42));
    let settings = StripSettings {
        bottom_up: true,
        offset: 10,
        ..StripSettings::default()
    };
    assert!(strip.change(settings.clone()).unwrap().is_some());
    assert_eq!((strip.position(0), strip.position(41)), (51, 10));
    assert_eq!(strip.change(settings.clone()), Ok(None));
    let bad = StripSettings {
        offset: 0,
        ..settings
    };
    assert_eq!(strip.change(bad), Err(StripRefusal::InvalidParam));
}

#[test]
fn ids_are_written_into_all_tags_or_none() {
    let mut strip = AssetStrip::new(4);
    strip.plug(0, single("0000000000A1")).unwrap();
    strip.plug(1, extension(&[(2, "0000000000B2")])).unwrap();
    let order = |unit, slot, id: &str| (unit, slot, id.to_owned());
    for (bad, refusal) in [
        (order(0, 0, "xyz"), StripRefusal::InvalidParam),
        (order(1, 0, "0000000000C0"), StripRefusal::NotSupported),
        (order(2, 0, "0000000000C0"), StripRefusal::NoSuchObject),
    ] {
        let orders = [order(0, 0, "0000000000C1"), bad];
        assert_eq!(strip.program(&orders), Err(refusal));
        assert_eq!(strip.tag(0, 0).unwrap().tag.id, "0000000000A1");
    }
    strip
        .program(&[order(0, 0, "0000000000C1"), order(1, 2, "0000000000C2")])
        .unwrap();
    assert_eq!(
        ids(&strip.tags()),
        [
            (0, 0, "0000000000C1"),
            (1, 0, "0000000000EE"),
            (1, 2, "0000000000C2")
        ]
    );
}

#[test]
fn a_strip_can_be_taken_off() {
    let mut strip = AssetStrip::new(4);
    assert_eq!(strip.attach(true), None);
    assert_eq!(strip.attach(false), Some(StripChange::Attached(false)));
    assert!(!strip.is_attached());
}
