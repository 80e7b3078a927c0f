use super::*;

fn image(change: impl FnOnce(&mut ImageInfo)) -> ImageInfo {
    let mut image = ImageInfo {
        valid: true,
        version: "4.4.1.5-2".to_owned(),
        compatible: true,
        signature_present: true,
        signature_good: true,
        certificate_good: true,
        ..ImageInfo::default()
    };
    change(&mut image);
    image
}

fn found(change: impl FnOnce(&mut ImageInfo), allowed: &[Allow]) -> (Vec<Obstacle>, bool) {
    let device = Info {
        product: "pdu".to_owned(),
        ..Info::default()
    };
    let review = Review::new(
        image(change),
        "4.4.1.5-1",
        Some(&device),
        Some("4.4.1.5-2"),
        allowed,
    );
    let clear = review.is_clear();
    (review.obstacles, clear)
}

#[test]
fn each_obstacle_is_found_and_overcome_by_what_it_says() {
    assert_eq!(found(|_| {}, &[]), (vec![], true));
    type Change = fn(&mut ImageInfo);
    let cases: [(Change, Obstacle); 9] = [
        (|i| i.valid = false, Obstacle::NotAnImage),
        (
            |i| i.version = "4.4.1.5-3".to_owned(),
            Obstacle::OtherImage {
                expected: "4.4.1.5-2".to_owned(),
                found: "4.4.1.5-3".to_owned(),
            },
        ),
        (
            |i| i.product = "switch".to_owned(),
            Obstacle::Product {
                image: "switch".to_owned(),
                device: "pdu".to_owned(),
            },
        ),
        (
            |i| i.min_required_version = "4.4.1.5-2".to_owned(),
            Obstacle::TooOld {
                required: "4.4.1.5-2".to_owned(),
            },
        ),
        (|i| i.model_list_present = true, Obstacle::Model),
        (|i| i.compatible = false, Obstacle::Incompatible),
        (|i| i.signature_present = false, Obstacle::Unsigned),
        (|i| i.signature_good = false, Obstacle::BadSignature),
        (|i| i.certificate_good = false, Obstacle::BadSignature),
    ];
    for (change, obstacle) in cases {
        assert_eq!(found(change, &[]), (vec![obstacle.clone()], false));
        for allow in Allow::ALL {
            let helps = obstacle.overcome_by().contains(&allow);
            assert_eq!(found(change, &[allow]).1, helps, "{obstacle} {allow}");
        }
        assert!(obstacle.to_string().contains(": "), "{obstacle}");
    }
}

#[test]
fn an_older_version_is_no_accident() {
    let review = |installed: &str, allowed: &[Allow]| {
        let review = Review::new(image(|_| {}), installed, None, None, allowed);
        (review.obstacles.clone(), review.is_clear())
    };
    let (found, clear) = review("4.10.0.5-1", &[]);
    assert_eq!((found, clear), (vec![Obstacle::Downgrade], false));
    assert!(review("4.10.0.5-1", &[Allow::Downgrade]).1);
    let (found, clear) = review("unknown", &[]);
    assert_eq!((found, clear), (vec![Obstacle::UnclearVersion], false));
}
