//! Random calls of every method of every object, with arguments that mostly fit and sometimes do not:
//! `cargo run -p xerus-load --bin calls -- [--calls 40000] [--seed 1] [--firmware 4.4.1]`
//!
//! Every call must get an answer, an error must be one that a client can act on, and afterwards the device must work as before.
//! The IDL says which methods there are; the device says which objects.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use xerus_api::pdumodel::Pdu;
use xerus_idl::Idl;
use xerus_idl::model::{Builtin, Method, Model, TypeIndex, TypeKind, TypeRef};
use xerus_load::{Failed, Random, argument};
use xerus_rpc::error::ErrorKind;
use xerus_rpc::{Agent, Json, Object};
use xerus_sim::{Firmware, Simulator};

/// Methods that take the device away for a while, wait for events, or end the caller's own session.
const LEFT_OUT: [&str; 7] = [
    "pollEvents",
    "reboot",
    "startUpdate",
    "factoryReset",
    "hardFactoryReset",
    "installPendingKeyPair",
    "closeCurrentSession",
];

/// What an internal error may say: these calls need a login or a session, and the caller has none.
const WITHOUT_LOGIN: [&str; 3] = [
    "nobody is logged in",
    "this call does not belong to a session",
    "the event channel is closed",
];

/// The caller, an administrator. Without an account, the first one that is made would lock the caller out.
const USER: &str = "caller";
const PASSWORD: &str = "random calls";

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let calls: u64 = argument("--calls", 40_000)?;
    let seed: u64 = argument("--seed", 1)?;
    let firmware: Firmware = argument("--firmware", Firmware::default())?;
    let device = Simulator::builder()
        .firmware(firmware)
        .user(USER, PASSWORD)
        .start()
        .await?;
    let agent = Agent::builder(device.url())
        .basic_auth(USER, PASSWORD)
        .build()?;
    let mut caller = Caller::new(&agent, device.resource_ids(), firmware, seed).await?;
    println!(
        "{} objects of firmware {firmware}, {calls} calls, seed {seed}",
        caller.objects.len()
    );
    for _ in 0..calls {
        caller.call(&agent).await?;
    }
    for (answer, times) in &caller.answers {
        println!("{times:>7} {answer}");
    }
    let outlets = Pdu::at(&agent, "/model/pdu/0").get_outlets().await?;
    if outlets.len() != 8 {
        return Err(format!("afterwards the device has {} outlets", outlets.len()).into());
    }
    println!("no panic; the device works as before");
    Ok(())
}

/// Makes calls up and looks at the answers.
struct Caller {
    model: Model,
    /// Resource ids and the interfaces behind them.
    objects: Vec<(String, TypeIndex)>,
    random: Random,
    answers: BTreeMap<String, u64>,
}

impl Caller {
    async fn new(
        agent: &Agent,
        rids: Vec<String>,
        firmware: Firmware,
        seed: u64,
    ) -> Result<Self, Failed> {
        let directory: PathBuf = [
            env!("CARGO_MANIFEST_DIR"),
            "../../idl",
            &format!("xerus-{firmware}"),
        ]
        .iter()
        .collect();
        let model = Idl::new().directory(directory).load()?.model;
        let mut objects = Vec::new();
        // A new password or role of its own would end the caller's work.
        let is_own = |rid: &String| rid.ends_with("/currentUser") || rid.ends_with(USER);
        for rid in rids.into_iter().filter(|rid| !is_own(rid)) {
            let info = Object::at(agent, &rid).get_type_info().await?;
            if let Some(index) = model.find(info.wire_id().as_str()) {
                objects.push((rid, index));
            }
        }
        Ok(Self {
            model,
            objects,
            random: Random::new(seed),
            answers: BTreeMap::new(),
        })
    }

    async fn call(&mut self, agent: &Agent) -> Result<(), Failed> {
        let (rid, index) = self.random.one_of(&self.objects).clone();
        let methods = self.model.all_methods(index);
        let Some((_, method)) = (!methods.is_empty()).then(|| *self.random.one_of(&methods)) else {
            return Ok(());
        };
        if LEFT_OUT.contains(&method.name.as_str()) {
            return Ok(());
        }
        let arguments = Argument {
            model: &self.model,
            random: &mut self.random,
        }
        .object(method);
        let text = arguments.to_string().parse::<Json>()?;
        let answer = match agent.call(&rid, &method.name, text).await {
            Ok(_) => "a result".to_owned(),
            Err(error) => match error.kind() {
                ErrorKind::Rpc(refusal)
                    if refusal.code != -32_603_i64
                        || WITHOUT_LOGIN
                            .iter()
                            .any(|text| refusal.message.contains(text)) =>
                {
                    format!("error {}", refusal.code)
                }
                _ => return Err(format!("{rid} {}({arguments}): {error}", method.name).into()),
            },
        };
        *self.answers.entry(answer).or_default() += 1;
        Ok(())
    }
}

/// Makes values up.
struct Argument<'m, 'r> {
    model: &'m Model,
    random: &'r mut Random,
}

impl Argument<'_, '_> {
    fn object(&mut self, method: &Method) -> Value {
        let mut arguments = Map::new();
        for parameter in method.ins() {
            if !self.random.chance(0.02) {
                arguments.insert(parameter.name.clone(), self.value(&parameter.ty, 0));
            }
        }
        Value::Object(arguments)
    }

    fn value(&mut self, ty: &TypeRef, depth: usize) -> Value {
        if self.random.chance(0.03) || depth > 8 {
            return self.anything();
        }
        let count = self.random.below(4);
        match ty {
            TypeRef::Vector(element) => (0..count).map(|_| self.value(element, depth + 1)).collect(),
            TypeRef::Map(key, value) => (0..count)
                .map(|_| json!({"key": self.value(key, depth + 1), "value": self.value(value, depth + 1)}))
                .collect(),
            TypeRef::Builtin(builtin) => self.builtin(*builtin),
            TypeRef::Named(index) => self.named(*index, depth),
        }
    }

    fn builtin(&mut self, builtin: Builtin) -> Value {
        match builtin.word() {
            "boolean" => json!(self.random.chance(0.5)),
            "float" | "double" => json!(f64::from(self.number()) / 8.0),
            "string" => json!(self.text()),
            "typecode" => json!("pdumodel.Outlet_3_0_4.StateChangedEvent:1.0.0"),
            "Object" => json!({"rid": "/model/pdu/0", "type": "pdumodel.Pdu:6.5.7"}),
            _ => json!(self.number()),
        }
    }

    fn named(&mut self, index: TypeIndex, depth: usize) -> Value {
        let ty = self.model.ty(index);
        match &ty.kind {
            TypeKind::Structure { .. } => self.members(index, depth),
            TypeKind::ValueObject { .. } => {
                json!({"type": ty.wire_id, "value": self.members(index, depth)})
            }
            TypeKind::Enumeration { enumerators, .. } => {
                json!(self.random.below(enumerators.len() + 1))
            }
            TypeKind::Typedef { target } => self.value(target, depth + 1),
            TypeKind::Interface(_) if self.random.chance(0.3) => Value::Null,
            TypeKind::Interface(_) => json!({"rid": "/model/pdu/0/outlet/1", "type": ty.wire_id}),
            TypeKind::Opaque => json!({}),
        }
    }

    fn members(&mut self, index: TypeIndex, depth: usize) -> Value {
        let mut members = Map::new();
        for (_, field) in self.model.all_fields(index) {
            members.insert(field.name.clone(), self.value(&field.ty, depth + 1));
        }
        Value::Object(members)
    }

    fn number(&mut self) -> i32 {
        *self
            .random
            .one_of(&[0, 0, 1, 1, 2, 3, 7, 10, 60, -1, 1_000, i32::MAX, i32::MIN])
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            "a",
            "admin",
            "outlet 1",
            "ü€😀",
            "\0\r\n",
            "/model/pdu/0",
            "%2e%2e/",
            "<b>",
        ];
        match self.random.below(texts.len() + 1) {
            at if at < texts.len() => texts[at].to_owned(),
            _ => "x".repeat(self.random.below(5_000)),
        }
    }

    fn anything(&mut self) -> Value {
        let number = self.number();
        self.random
            .one_of(&[
                Value::Null,
                json!(true),
                json!(number),
                json!("text"),
                json!([[[]]]),
                json!({"rid": 7}),
                json!({"key": 1, "value": 2}),
            ])
            .clone()
    }
}
