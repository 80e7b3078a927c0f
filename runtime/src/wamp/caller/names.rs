//! Names of procedures made from names of the IDL.

/// `prefix.module.interface.method` in small letters, `_` between words.
pub(in crate::wamp) fn procedure(prefix: &str, interface: &str, method: &str) -> String {
    let mut name = String::with_capacity(prefix.len() + interface.len() + method.len() + 8);
    name.push_str(prefix);
    let parts = interface.split('.').chain([method]);
    for part in parts.filter(|part| !part.is_empty()) {
        if !name.is_empty() {
            name.push('.');
        }
        push_snake(&mut name, part);
    }
    name
}

fn push_snake(out: &mut String, word: &str) {
    let letters: Vec<char> = word.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let behind = letters.get(index + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && behind.is_some_and(|next| next.is_lowercase()))
            });
        if begins {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::procedure;

    #[test]
    fn names_are_small_with_words_apart() {
        for (prefix, interface, method, name) in [
            (
                "com.example",
                "pdumodel.Outlet",
                "setPowerState",
                "com.example.pdumodel.outlet.set_power_state",
            ),
            ("", "calc.Adder", "add", "calc.adder.add"),
            (
                "x",
                "usb.USBPort",
                "getUSBState",
                "x.usb.usb_port.get_usb_state",
            ),
            ("x", "net.Net", "already_small", "x.net.net.already_small"),
            ("x", "", "ping", "x.ping"),
        ] {
            assert_eq!(procedure(prefix, interface, method), name);
        }
    }
}
