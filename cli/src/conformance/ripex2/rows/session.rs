//! Logins, and how long a session lives.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::rows;
use crate::conformance::ripex2::Unit;
use crate::conformance::ripex2::connection::Request;
use crate::conformance::ripex2::unit::token;
use crate::conformance::{Notes, Otherwise, Outcome, not_tried, told};

/// The longest session whose end is waited for.
const LONGEST: u64 = 10;

rows! {
    "R3", "a login", "200 with a token, and a role with name and permission", |unit| login(unit, json!({}));
    "R3", "a login with language_code", "200 with a token, and a role with name and permission", |unit| login(unit, json!({"language_code": "en"}));
    "session", "a method that needs a session, with one", "no error", protected;
    "R5", "a second login beside the first", "both sessions, or HTTP status 401 for the first", second;
    "session", "calls for longer than a session lasts without any, then none for as long", "it lasts as long as there are calls, then HTTP status 401", sliding;
    "R39", "logout twice", "200, then 400", logout;
    "R4", "a call after logout", "HTTP status 401", after_logout;
    "session", "a login after logout", "200 with a token", again;
    "R1", "a login with a wrong password", "HTTP status 400", wrong;
}

async fn login(unit: &Unit<'_>, more: Value) -> Outcome {
    let answer = unit.log_in(&more).await?;
    let role = &answer.document()["role"];
    let is_role = role["name"].is_string() && role["permission"].is_number();
    if let Some(token) = token(&answer) {
        // What was opened before is not left behind.
        if unit.replaces(&token) {
            unit.log_out().await;
        }
        unit.keep(token);
    }
    told(
        is_role,
        if is_role {
            "a token and a role"
        } else {
            "a token without a role"
        },
    )
}

async fn protected(unit: &Unit<'_>) -> Outcome {
    let token = unit.session().await?;
    let answer = unit.protected(Some(&token)).await?;
    told(answer.is_good(), answer.text())
}

async fn second(unit: &Unit<'_>) -> Outcome {
    let first = unit.session().await?;
    let other = unit.new_session().await?;
    let mut notes = Notes::default();
    let answer = unit.protected(Some(&first)).await?;
    let is_over = answer.status == 401;
    notes.note(
        is_over || answer.status == 200,
        format!("the first: {}", answer.text()),
    );
    let answer = unit.protected(Some(&other)).await?;
    notes.note(
        answer.status == 200,
        format!("the second: {}", answer.text()),
    );
    if is_over {
        unit.keep(other);
    } else if other != first {
        unit.log_out_of(&other).await?;
    }
    notes.outcome()
}

/// How long a session lasts without a call, in seconds, if that is short.
async fn short_session(unit: &Unit<'_>, token: &str) -> Result<u64, Otherwise> {
    let document = json!({"method": "device_constants_get"}).to_string();
    let request = Request::post(super::super::unit::RPC, document).header("apikey", token);
    let answer = unit.ask(request).await?;
    let time = answer.document()["result"]["web_session_inact_timeout"].as_u64();
    match time {
        Some(time) if (1..=LONGEST).contains(&time) => Ok(time),
        Some(time) => Err(not_tried(format!(
            "a session lasts {time} s, and no more than {LONGEST} are waited for"
        ))),
        None => Err(not_tried(format!(
            "device_constants_get does not say how long a session lasts: {}",
            answer.text()
        ))),
    }
}

async fn sliding(unit: &Unit<'_>) -> Outcome {
    let token = unit.session().await?;
    let time = Duration::from_secs(short_session(unit, &token).await?);
    let mut notes = Notes::default();
    for _ in 0..2 {
        sleep(time * 3 / 5).await;
        let answer = unit.protected(Some(&token)).await?;
        if answer.status != 200 {
            notes.note(false, format!("between the calls: {}", answer.text()));
        }
    }
    sleep(time + Duration::from_secs(1)).await;
    let answer = unit.protected(Some(&token)).await?;
    notes.note(
        answer.status == 401,
        format!("after a pause: {}", answer.text()),
    );
    if answer.status == 401 {
        unit.forget();
    }
    notes.outcome()
}

async fn logout(unit: &Unit<'_>) -> Outcome {
    let token = unit.new_session().await?;
    let first = unit.log_out_of(&token).await?;
    let second = unit.log_out_of(&token).await?;
    let is_right = (first.status, second.status) == (200, 400);
    told(
        is_right,
        format!("{}, then {}", first.status, second.status),
    )
}

async fn after_logout(unit: &Unit<'_>) -> Outcome {
    let token = unit.session().await?;
    unit.log_out().await;
    let answer = unit.protected(Some(&token)).await?;
    told(answer.status == 401, answer.text())
}

async fn again(unit: &Unit<'_>) -> Outcome {
    unit.log_out().await;
    unit.session().await?;
    Ok("200 with a token".to_owned())
}

async fn wrong(unit: &Unit<'_>) -> Outcome {
    if !unit.setup.is_wrong_login_wanted {
        return Err(not_tried(
            "it could lock users out: --wrong-login wants it all the same",
        ));
    }
    let document = json!({"username": "xerus-nobody", "password": "wrong"});
    let answer = unit.ask_login(&document).await?;
    told(answer.status == 400, answer.text())
}
