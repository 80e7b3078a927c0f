//! Files that the scripts upload.

use std::path::{Path, PathBuf};

use xerus_sim::{Firmware, FirmwareImage};

/// A folder of files, removed in the end.
pub(crate) struct Files {
    folder: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    images: Vec<(Firmware, PathBuf)>,
}

impl Files {
    /// A certificate of its own with its key, and for each firmware an image of one that is newer and has the same API.
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("xerus-peers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let made = rcgen::generate_simple_self_signed(["driven.example.com".to_owned()]).unwrap();
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let images = Firmware::ALL.map(|firmware| {
            let path = folder.join(format!("{firmware}.bin"));
            let version = format!("{firmware}.9-60000").parse().unwrap();
            std::fs::write(&path, FirmwareImage::new(version).bytes()).unwrap();
            (firmware, path)
        });
        Self {
            folder,
            certificate,
            key,
            images: images.into(),
        }
    }

    pub(crate) fn certificate(&self) -> Vec<u8> {
        std::fs::read(&self.certificate).unwrap()
    }

    pub(crate) fn key(&self) -> Vec<u8> {
        std::fs::read(&self.key).unwrap()
    }

    pub(crate) fn image(&self, firmware: Firmware) -> Vec<u8> {
        let (_, path) = self.images.iter().find(|(of, _)| *of == firmware).unwrap();
        std::fs::read(path).unwrap()
    }

    /// For the environment of a script.
    pub(crate) fn variables(&self, firmware: Firmware) -> [(&'static str, &Path); 3] {
        let image = self.images.iter().find(|(of, _)| *of == firmware);
        [
            ("XERUS_IMAGE", &image.unwrap().1),
            ("XERUS_CERTIFICATE", &self.certificate),
            ("XERUS_KEY", &self.key),
        ]
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
