//! Every form of input, and hostile ones: refused with what is wrong and the limit that is passed.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use support::{Package, idl_directory, text};
use tempfile::TempDir;
use xerus_import::{Error, Importer, Limits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MODE: &str =
    "class Mode(Enumeration):\n    idlType = \"m.Mode:1.0.0\"\n    values = [\"A\", \"B\"]\n";

fn package() -> Package {
    Package::new().section("m", "M.idl", MODE)
}

fn import(path: impl Into<PathBuf>) -> Result<xerus_import::Imported, Error> {
    Importer::new().input(path).run()
}

fn import_within(path: &Path, change: impl FnOnce(&mut Limits)) -> Error {
    let mut limits = Limits::default();
    change(&mut limits);
    Importer::new()
        .input(path)
        .limits(limits)
        .run()
        .unwrap_err()
}

#[track_caller]
fn assert_limit(error: &Error, expected: &str) {
    assert!(
        matches!(error, Error::Limit { name, .. } if *name == expected),
        "{error}"
    );
    assert!(
        error.to_string().contains(&format!("limit `{expected}`")),
        "{error}"
    );
}

#[test]
fn wheel_sdist_and_directories_yield_the_same() {
    let root = TempDir::new().unwrap();
    let wheel = import(package().wheel(root.path())).unwrap();
    assert_eq!(wheel.report.package, "vendor");
    assert_eq!(wheel.report.version.as_deref(), Some("1.2.3.4"));
    assert!(text(&wheel, "M.idl").contains("enumeration Mode"));
    let sdist = import(package().sdist(root.path())).unwrap();
    assert_eq!((&sdist.files, &sdist.report), (&wheel.files, &wheel.report));

    let tree = root.path().join("usr/lib/python3/dist-packages");
    package().directory(&tree);
    std::fs::create_dir_all(tree.join("unrelated/rpc")).unwrap();
    for input in [
        "",
        "usr",
        "usr/lib/python3/dist-packages",
        "usr/lib/python3/dist-packages/vendor",
    ] {
        let imported = import(root.path().join(input)).unwrap();
        assert_eq!(imported.files, wheel.files, "{input}");
        assert_eq!(imported.report.package, "vendor", "{input}");
    }
    let rpc = import(tree.join("vendor/rpc")).unwrap();
    assert_eq!(rpc.files, wheel.files);
    // The metadata stand two levels higher.
    assert_eq!(rpc.report.version, None);
    assert_eq!(
        import(&tree).unwrap().report.version.as_deref(),
        Some("1.2.3.4")
    );
}

#[test]
fn what_is_no_package_is_refused() {
    let root = TempDir::new().unwrap();
    assert!(matches!(Importer::new().run(), Err(Error::NoInput)));
    assert!(matches!(
        import(root.path().join("absent")),
        Err(Error::Io { .. })
    ));
    assert!(matches!(import(root.path()), Err(Error::NoPackage)));
    let text = root.path().join("readme.txt");
    std::fs::write(&text, "PKG").unwrap();
    assert!(matches!(import(&text), Err(Error::UnknownInput(_))));
    let empty = root.path().join("empty.whl");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(import(&empty), Err(Error::UnknownInput(_))));
    let damaged = root.path().join("damaged.whl");
    std::fs::write(&damaged, b"PK\x03\x04 and nothing else").unwrap();
    assert!(matches!(import(&damaged), Err(Error::Archive(_))));
    let damaged = root.path().join("damaged.tar.gz");
    std::fs::write(&damaged, b"\x1f\x8b and nothing else").unwrap();
    assert!(matches!(import(&damaged), Err(Error::Archive(_))));
    let other = zip(root.path(), &[("a/rpc/Other.py", b"")]);
    assert!(matches!(import(other), Err(Error::NoPackage)));
    let tree = root.path().join("two");
    package().directory(&tree.join("build/lib"));
    package().directory(&tree);
    assert!(matches!(import(tree), Err(Error::SeveralPackages(found)) if found.len() == 2));
}

#[test]
fn truncated_archives_are_refused() {
    let root = TempDir::new().unwrap();
    for whole in [package().wheel(root.path()), package().sdist(root.path())] {
        let bytes = std::fs::read(&whole).unwrap();
        let part = root.path().join("part");
        for length in [bytes.len() / 4, bytes.len() / 2, bytes.len() - 30] {
            std::fs::write(&part, &bytes[..length]).unwrap();
            let error = import(&part).unwrap_err();
            assert!(
                matches!(error, Error::Archive(_)),
                "{length} of {}: {error}",
                bytes.len()
            );
        }
    }
}

/// A zip archive with these entries.
fn zip(root: &Path, entries: &[(&str, &[u8])]) -> PathBuf {
    let path = root.join("made.whl");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    path
}

/// A tar archive with raw names, as no honest tool would write them.
fn tar(root: &Path, entries: &[(&str, tar::EntryType, &[u8])]) -> PathBuf {
    let path = root.join("made.tar.gz");
    let file = std::fs::File::create(&path).unwrap();
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    for (name, kind, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
    path
}

#[track_caller]
fn assert_refused(input: PathBuf, expected: &str) {
    let error = import(input).unwrap_err();
    assert!(
        matches!(error, Error::RefusedEntry { reason, .. } if reason == expected),
        "{error}"
    );
}

#[test]
fn names_that_lead_elsewhere() {
    let root = TempDir::new().unwrap();
    let cases = [
        ("../evil.py", "its name leads out of the archive"),
        ("vendor/../../evil.py", "its name leads out of the archive"),
        ("/etc/evil.py", "absolute name"),
        ("C:\\evil.py", "backslash in its name"),
        ("c:/evil.py", "drive letter in its name"),
        ("a\u{7}.py", "control character in its name"),
    ];
    for (name, reason) in cases {
        assert_refused(
            tar(root.path(), &[(name, tar::EntryType::Regular, b"")]),
            reason,
        );
    }
    // The zip writer may tidy names itself, so one is patched afterwards.
    let path = zip(root.path(), &[("xx/evil.py", b"")]);
    let bytes = std::fs::read(&path).unwrap();
    for (name, reason) in [
        ("../evil.py", "its name leads out of the archive"),
        ("//evil//py", "absolute name"),
    ] {
        std::fs::write(&path, replaced(&bytes, b"xx/evil.py", name.as_bytes())).unwrap();
        assert_refused(path.clone(), reason);
    }
}

/// The bytes with every `from` turned into `to` of the same length.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_owned();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + from.len()].copy_from_slice(to);
        }
    }
    bytes
}

#[test]
fn links_and_devices() {
    let root = TempDir::new().unwrap();
    for (kind, reason) in [
        (tar::EntryType::Symlink, "symbolic link"),
        (tar::EntryType::Link, "hard link"),
        (tar::EntryType::Fifo, "neither file nor directory"),
        (tar::EntryType::Char, "neither file nor directory"),
    ] {
        assert_refused(tar(root.path(), &[("vendor/rpc/x.py", kind, b"")]), reason);
    }
    let path = root.path().join("link.whl");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    zip.add_symlink(
        "vendor/rpc/x.py",
        "/etc/passwd",
        SimpleFileOptions::default(),
    )
    .unwrap();
    zip.finish().unwrap();
    assert_refused(path, "symbolic link");
}

#[cfg(unix)]
#[test]
fn links_in_directories() {
    let root = TempDir::new().unwrap();
    package().directory(root.path());
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(root.path(), root.path().join("round")).unwrap();
    assert!(
        import(root.path()).is_ok(),
        "links outside of the package are not looked at"
    );
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("vendor/rpc/passwd.py")).unwrap();
    assert_refused(root.path().to_owned(), "symbolic link");
}

#[test]
fn bombs() {
    let root = TempDir::new().unwrap();
    let zeros = vec![0; 3 << 20];
    let bomb = zip(root.path(), &[("vendor/rpc/a/__init__.py", &zeros)]);
    assert_limit(&import(&bomb).unwrap_err(), "ratio");
    // Entries that nobody wants count in a stream, since they are unpacked on the way.
    let regular = tar::EntryType::Regular;
    for name in ["vendor/rpc/a/__init__.py", "picture.png"] {
        let bomb = tar(root.path(), &[(name, regular, &zeros)]);
        assert_limit(&import(&bomb).unwrap_err(), "ratio");
        let error = import_within(&bomb, |limits| {
            limits.ratio = u64::MAX;
            limits.total_bytes = 1 << 20;
        });
        assert_limit(&error, "total_bytes");
    }
}

/// Bytes that do not pack well.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn every_limit_is_named() {
    let root = TempDir::new().unwrap();
    let noise = noise(40_000);
    let wheel = zip(
        root.path(),
        &[("a.py", &noise), ("b.py", &noise), ("c.txt", b"")],
    );
    assert_limit(
        &import_within(&wheel, |limits| limits.archive_bytes = 1_000),
        "archive_bytes",
    );
    assert_limit(
        &import_within(&wheel, |limits| limits.entries = 2),
        "entries",
    );
    assert_limit(
        &import_within(&wheel, |limits| limits.entry_bytes = 30_000),
        "entry_bytes",
    );
    assert_limit(
        &import_within(&wheel, |limits| limits.total_bytes = 60_000),
        "total_bytes",
    );
    assert_limit(
        &import_within(&wheel, |limits| limits.name_bytes = 3),
        "name_bytes",
    );

    let regular = tar::EntryType::Regular;
    let sdist = tar(
        root.path(),
        &[("a.py", regular, &noise), ("b.py", regular, &noise)],
    );
    assert_limit(
        &import_within(&sdist, |limits| limits.archive_bytes = 1_000),
        "archive_bytes",
    );
    assert_limit(
        &import_within(&sdist, |limits| limits.entries = 1),
        "entries",
    );
    assert_limit(
        &import_within(&sdist, |limits| limits.entry_bytes = 30_000),
        "entry_bytes",
    );
    assert_limit(
        &import_within(&sdist, |limits| limits.total_bytes = 60_000),
        "total_bytes",
    );
    assert_limit(
        &import_within(&sdist, |limits| limits.name_bytes = 3),
        "name_bytes",
    );

    let tree = root.path().join("tree");
    package().directory(&tree);
    assert_limit(
        &import_within(&tree, |limits| limits.entries = 2),
        "entries",
    );
    assert_limit(
        &import_within(&tree, |limits| limits.entry_bytes = 100),
        "entry_bytes",
    );
    assert_limit(
        &import_within(&tree, |limits| limits.total_bytes = 100),
        "total_bytes",
    );
    assert_limit(
        &import_within(&tree, |limits| limits.name_bytes = 12),
        "name_bytes",
    );
}

#[test]
fn entries_of_one_name_and_entries_that_overlap() {
    let root = TempDir::new().unwrap();
    let regular = tar::EntryType::Regular;
    let twice = [("a.py", regular, &b"x"[..]), ("a.py", regular, &b"y"[..])];
    assert_refused(tar(root.path(), &twice), "second entry of its name");
    let path = zip(
        root.path(),
        &[("vendor/rpc/a.py", b"x"), ("vendor/rpc/b.py", b"y")],
    );
    let mut bytes = std::fs::read(&path).unwrap();
    // The central directory's second record gets the place of the first one.
    let second = (0..bytes.len())
        .rev()
        .find(|&at| bytes[at..].starts_with(b"PK\x01\x02"))
        .unwrap();
    bytes[second + 42..second + 46].fill(0);
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(import(&path), Err(Error::Archive(_))));
}

/// A wheel that says one thing to one tool and another thing to the next.
#[test]
fn a_wheel_with_one_name_twice() {
    let root = TempDir::new().unwrap();
    let (first, second) = ("vendor/rpc/m/__init__.py", "vendor/rpc/n/__init__.py");
    let path = zip(root.path(), &[(first, b"x = 1"), (second, b"x = 2")]);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, replaced(&bytes, second.as_bytes(), first.as_bytes())).unwrap();
    let error = import(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        "damaged or unsupported archive: two entries have the same name; download the package again"
    );
}

#[test]
fn names_that_differ_in_capitals_only() {
    let root = TempDir::new().unwrap();
    let reason = "its name differs from that of another entry in capitals only";
    let (one, other) = ("vendor/rpc/m/__init__.py", "vendor/rpc/M/__init__.py");
    assert_refused(zip(root.path(), &[(one, b"x"), (other, b"y")]), reason);
    let regular = tar::EntryType::Regular;
    let entries = [(one, regular, &b"x"[..]), (other, regular, &b"y"[..])];
    assert_refused(tar(root.path(), &entries), reason);
    // In a directory they stand side by side only where the system tells them apart.
    let tree = root.path().join("tree");
    Package::new()
        .file("m/__init__.py", MODE)
        .file("M/__init__.py", MODE)
        .directory(&tree);
    if tree.join("vendor/rpc").read_dir().unwrap().count() == 5 {
        assert_refused(tree, reason);
    }
}

#[test]
fn files_of_the_result_that_differ_in_capitals_only() {
    let mode = |module: &str| MODE.replace("m.Mode", &format!("{module}.Mode"));
    let error = Package::new()
        .section("m", "Mode.idl", &mode("m"))
        .section("n", "MODE.idl", &mode("n"))
        .import()
        .unwrap_err();
    assert!(
        matches!(&error, Error::SameFiles(files) if files == &["Mode.idl", "MODE.idl"]),
        "{error}"
    );
    assert!(error.to_string().contains("nothing is written"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_directory_is_not_followed() {
    let root = TempDir::new().unwrap();
    let imported = Package::new()
        .section("k", "A.idl", &MODE.replace("m.Mode", "k.Mode"))
        .section("m", "M.idl", MODE)
        .import()
        .unwrap();
    let out = root.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let outside = root.path().join("outside");
    std::fs::write(&outside, "kept").unwrap();
    // Also one that leads nowhere yet.
    for target in [outside.clone(), root.path().join("absent")] {
        let link = out.join("M.idl");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let error = imported.write(&out).unwrap_err();
        assert!(
            matches!(&error, Error::Link(path) if *path == link),
            "{error}"
        );
        assert!(error.to_string().contains("nothing is written"), "{error}");
        assert!(!out.join("A.idl").exists());
        std::fs::remove_file(link).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "kept");
    assert!(!root.path().join("absent").exists());
    // The directory itself may be one: that is what was asked for.
    let way = root.path().join("way");
    std::os::unix::fs::symlink(&out, &way).unwrap();
    imported.write(&way).unwrap();
    assert!(out.join("A.idl").is_file() && out.join("M.idl").is_file());
}

#[test]
fn files_that_are_not_text() {
    let root = TempDir::new().unwrap();
    package().directory(root.path());
    let module = root.path().join("vendor/rpc/n/__init__.py");
    std::fs::create_dir_all(module.parent().unwrap()).unwrap();
    std::fs::write(module, b"x = '\xff'\n").unwrap();
    let error = import(root.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "not understood:\nvendor/rpc/n/__init__.py:1: not UTF-8"
    );
}

#[test]
fn the_output_directory_holds_one_import_only() {
    let root = TempDir::new().unwrap();
    let input = package().wheel(root.path());
    let out = root.path().join("idl/vendor-1.2.3");
    let imported = import(input).unwrap();
    assert_eq!(imported.report.package, "vendor");
    imported.write(&out).unwrap();
    let written = std::fs::read_to_string(out.join("M.idl")).unwrap();
    assert!(written.contains("enumeration Mode"));
    imported.write(&out).unwrap();
    std::fs::write(out.join("README.md"), "kept").unwrap();
    imported.write(&out).unwrap();
    std::fs::write(out.join("Old.idl"), "module old { }").unwrap();
    let error = imported.write(&out).unwrap_err();
    assert!(
        matches!(&error, Error::ForeignFiles { files, .. } if files == &["Old.idl"]),
        "{error}"
    );
}

#[test]
fn idl_to_follow_must_be_sound() {
    let like = idl_directory(&[("M.idl", "module m { enumeration }")]);
    let error = package()
        .import_with(|importer| importer.like(like.path()))
        .unwrap_err();
    assert!(matches!(error, Error::Like(_)), "{error}");
    assert!(error.to_string().contains("M.idl:1:24"), "{error}");
}
