//! `xerus discover`.

use std::process::ExitCode;

use serde_json::{Value, json};
use xerus_discovery::{Address, AddressDoubt, Device, Devices, Discovery, Error};

use super::LOOPBACK;
use crate::args::Discover;
use crate::failure::Failure;
use crate::output::{Output, Table};
use crate::terminal::Terminal;

const COLUMNS: &[&str] = &["name", "url", "firmware", "serial", "host", "notes"];

pub(super) fn run(args: &Discover, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut builder = Discovery::builder()
        .timeout(args.timeout)
        .products(&args.product);
    for interface in &args.interface {
        builder = match interface.as_str() {
            LOOPBACK => builder.loopback(),
            name => builder.interface(name),
        };
    }
    let (found, end) = listen(builder.start().map_err(failed)?);
    let (shown, hidden): (Vec<Device>, Vec<Device>) = found
        .into_iter()
        .partition(|device| args.all || device.url().is_some());
    let printed = terminal.print(&text(&shown, args.output));
    // An error says more than that nothing was found, or that it cannot be printed.
    if let Err(error) = end {
        if let Err(failure) = printed {
            terminal.error(&failure);
        }
        return Err(failed(error));
    }
    printed?;
    if !hidden.is_empty() {
        terminal.tell(&format!(
            "{} more without an address that can be used: --all lists them\n",
            hidden.len()
        ));
    } else if shown.is_empty() {
        terminal.tell(
            "nothing found: devices may be in another network, or have their announcement switched off\n",
        );
        // Those announce themselves inside the computer, where nobody looks unless asked to.
        if !args.interface.iter().any(|name| name == LOOPBACK) {
            terminal.tell(
                "simulated devices (xerus simulate --https --announce) are found with --interface loopback\n",
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is there at the end, by name, and why it ended.
fn listen(discovery: Discovery) -> (Vec<Device>, Result<(), Error>) {
    let mut found = Devices::default();
    let mut end = Ok(());
    for event in discovery {
        match event {
            Ok(event) => found.apply(event),
            Err(error) => end = Err(error),
        }
    }
    (found.into_vec(), end)
}

fn failed(error: Error) -> Failure {
    match error {
        Error::UnknownInterface { .. } => Failure::Usage(error.to_string()),
        _ => Failure::Network(error.to_string()),
    }
}

fn text(devices: &[Device], output: Output) -> String {
    match output {
        Output::Table => table(devices).to_text(),
        Output::Csv => table(devices).to_csv(),
        Output::Json => {
            let lines: Vec<_> = devices
                .iter()
                .map(|device| value(device).to_string())
                .collect();
            match lines.as_slice() {
                [] => "[]\n".to_owned(),
                lines => format!("[\n{}\n]\n", lines.join(",\n")),
            }
        }
    }
}

fn table(devices: &[Device]) -> Table {
    let mut table = Table::new(COLUMNS);
    for device in devices {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        table.row(vec![
            device.name().to_owned(),
            device.url().unwrap_or_default(),
            text(device.firmware()),
            text(device.serial()),
            device.host().to_owned(),
            notes(device).join(" "),
        ]);
    }
    table
}

/// What is odd about a device, and about its best address if that is no good.
fn notes(device: &Device) -> Vec<&'static str> {
    let doubts = device.doubts().iter().map(|doubt| doubt.name());
    let address = device.address_doubt().map(AddressDoubt::name);
    doubts.chain(address).collect()
}

fn value(device: &Device) -> Value {
    let address = |address: &Address| {
        let interfaces = address.interfaces().iter();
        json!({
            "ip": address.ip().to_string(),
            "port": address.port(),
            "interfaces": interfaces.map(|interface| interface.name.as_str()).collect::<Vec<_>>(),
            "url": address.url().ok(),
            "doubt": address.doubt().map(AddressDoubt::name),
        })
    };
    let services = device.services().iter();
    let doubts = device.doubts().iter();
    json!({
        "name": device.name(),
        "host": device.host(),
        "url": device.url(),
        "firmware": device.firmware(),
        "serial": device.serial(),
        "services": services.map(|service| service.as_str()).collect::<Vec<_>>(),
        "addresses": device.addresses().iter().map(address).collect::<Vec<_>>(),
        "txt": device.txt().shown().map(|(key, text)| (key, json!(text))).collect::<serde_json::Map<_, _>>(),
        "doubts": doubts.map(|doubt| doubt.name()).collect::<Vec<_>>(),
    })
}
