//! A call that is awaited has no code to forget: it gives what the method returns beside it.

use xerus_rpc::{Call, Checked, Error};

async fn number(switch: Call<(), Checked>) -> Result<i32, Error> {
    let code: i32 = switch.await?;
    Ok(code)
}

async fn tuple(open: Call<(String, i32), Checked>) -> Result<String, Error> {
    let (_, token, _) = open.await?;
    Ok(token)
}

fn main() {}
