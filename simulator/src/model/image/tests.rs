use super::*;

fn version(text: &str) -> FirmwareVersion {
    text.parse().unwrap()
}

fn device() -> Installed {
    Installed {
        version: version("4.0.20.5-49038"),
        min_downgrade: None,
        product: "pdu".to_owned(),
        platform: "sim".to_owned(),
        oem: "brand".to_owned(),
        hardware: "17".to_owned(),
        model: "PX".to_owned(),
    }
}

fn read(bytes: &[u8], piece: usize) -> ReceivedImage {
    let mut reader = ImageReader::new();
    for piece in bytes.chunks(piece) {
        reader.push(piece);
    }
    reader.finish()
}

#[test]
fn an_image_is_read_back_however_it_arrives() {
    let image = FirmwareImage::new(version("4.4.1.5-53217"))
        .product("pdu")
        .platform("sim")
        .oem("brand")
        .hardware("17")
        .hardware("18")
        .not_hardware("3")
        .model("PX")
        .min_required(version("3.6.0.5-1"))
        .min_downgrade(version("4.0.0.5-1"))
        .size(10_000);
    let bytes = image.bytes();
    assert_eq!(bytes.len(), 10_000);
    assert_eq!(image.bytes(), bytes);
    let sum = format!("{:x}", md5::compute(&bytes));
    for piece in [1, 7, 31, 32, 33, 4_096, 10_000] {
        let received = read(&bytes, piece);
        assert_eq!(received.bytes, 10_000);
        assert_eq!(received.md5, sum);
        let facts = received.facts.unwrap();
        assert_eq!(facts.version, version("4.4.1.5-53217"));
        assert_eq!(facts.min_required, Some(version("3.6.0.5-1")));
        assert_eq!(facts.min_downgrade, Some(version("4.0.0.5-1")));
        assert_eq!(facts.hardware, ["17", "18"]);
        assert_eq!(facts.not_hardware, ["3"]);
        assert_eq!(facts.models, ["PX"]);
        assert!(facts.signature.as_ref().unwrap().is_trusted());
        assert_eq!(facts.obstacles(&device()), []);
    }
}

#[test]
fn what_is_no_image_has_a_name() {
    let good = FirmwareImage::new(version("4.4.1.5-53217")).size(5_000);
    let bytes = good.bytes();
    let mut changed = bytes.clone();
    changed[4_500] ^= 0x40;
    let mut described = bytes.clone();
    described[256] = 0xff;
    let cases = [
        (bytes[..100].to_vec(), ImageFault::TooShort { bytes: 100 }),
        (vec![b'x'; 5_000], ImageFault::Foreign),
        (
            bytes[..4_999].to_vec(),
            ImageFault::Incomplete {
                declared: 5_000,
                bytes: 4_999,
            },
        ),
        (changed, ImageFault::Damaged),
        (good.damaged().bytes(), ImageFault::Damaged),
        (described, ImageFault::Description),
        (Vec::new(), ImageFault::TooShort { bytes: 0 }),
    ];
    for (bytes, fault) in cases {
        let found = read(&bytes, 1_000).facts.unwrap_err();
        assert_eq!(found, fault);
        assert!(
            found.to_string().contains(": "),
            "{found} says what to do next"
        );
    }
}

#[test]
fn of_the_image_of_a_real_device_the_version_is_known() {
    let mut image = vec![0xff; 3_000];
    image[31..37].copy_from_slice(b"040401");
    image[43..47].copy_from_slice(&53_217_u32.to_be_bytes());
    image[177] = 5;
    let facts = read(&image, 999).facts.unwrap();
    assert_eq!(facts.version, version("4.4.1.5-53217"));
    assert!(facts.is_compatible(&device()));
    assert_eq!(facts.obstacles(&device()), []);
}

#[test]
fn each_obstacle_is_found_alone() {
    let new = || FirmwareImage::new(version("4.4.1.5-53217"));
    for (image, obstacle) in [
        (new().product("switch"), Obstacle::Product),
        (new().platform("arm"), Obstacle::Product),
        (new().min_required(version("4.1.0.5-1")), Obstacle::Version),
        (new().oem("other"), Obstacle::Oem),
        (new().hardware("18"), Obstacle::Hardware),
        (new().not_hardware("17"), Obstacle::Hardware),
        (new().model("BCM"), Obstacle::Hardware),
        (new().unsigned(), Obstacle::Untrusted),
        (new().badly_signed(), Obstacle::Untrusted),
    ] {
        let facts = read(&image.bytes(), 4_096).facts.unwrap();
        assert_eq!(facts.obstacles(&device()), [obstacle], "{image:?}");
        assert_eq!(
            facts.is_compatible(&device()),
            obstacle == Obstacle::Untrusted
        );
    }
    let mut device = device();
    device.min_downgrade = Some(version("4.4.2.0-1"));
    let facts = read(&new().bytes(), 4_096).facts.unwrap();
    assert_eq!(facts.obstacles(&device), [Obstacle::Version]);
}

#[test]
fn names_that_have_no_room_are_cut_and_never_break_the_description() {
    let long = "x\n=".repeat(10_000);
    let mut image = FirmwareImage::new(version("400.1.2.999-7")).product(long.clone());
    for _ in 0..100 {
        image = image
            .hardware(long.clone())
            .not_hardware(long.clone())
            .model(long.clone());
    }
    let facts = read(&image.bytes(), 4_096).facts.unwrap();
    assert_eq!(facts.version, version("99.1.2.255-7"));
    assert_eq!(facts.product, "x=x=x=x=x=x=x=x=");
    assert_eq!(facts.models.len(), 16);
}
