//! The `DevTools` protocol of Chromium over a pipe: JSON messages, each ended by a zero byte. Commands carry a number,
//! their answers the same one; events carry none.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::{Cause, FailureKind};

/// The most bytes of JSON that one byte of text becomes (`\u001f`).
const ESCAPED: u64 = 6;

/// The room for what a message says besides a page's text.
const ENVELOPE: u64 = 1 << 20;

pub(super) struct DevTools {
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    max_message: u64,
    last: u64,
    /// The tab that commands are for, once there is one.
    session: Option<String>,
}

impl DevTools {
    pub(super) fn new(commands: ChildStdin, messages: ChildStdout, max_body: usize) -> Self {
        let max_body = u64::try_from(max_body).unwrap_or(u64::MAX);
        let max_message = max_body.saturating_mul(ESCAPED).saturating_add(ENVELOPE);
        Self { commands, messages: BufReader::new(messages), max_message, last: 0, session: None }
    }

    /// Makes a tab, which all further commands are for.
    pub(super) async fn open_tab(&mut self) -> Result<(), AttemptError> {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" })).await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.call("Target.attachToTarget", attach).await?;
        self.session = attached["sessionId"].as_str().map(str::to_owned);
        Ok(())
    }

    /// Gives a command and waits for what comes of it. Events that come before are dropped.
    pub(super) async fn call(&mut self, method: &str, parameters: Value) -> Result<Value, AttemptError> {
        let number = self.tell(method, parameters).await?;
        loop {
            let mut message = self.next().await?;
            if message["id"] == number {
                return match message["error"]["message"].as_str() {
                    Some(error) => Err(broken(&format!("the browser cannot do {method}: {error}"))),
                    None => Ok(message["result"].take()),
                };
            }
        }
    }

    /// Gives a command; its number.
    pub(super) async fn tell(&mut self, method: &str, parameters: Value) -> Result<u64, AttemptError> {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let line = format!("{command}\0");
        let told = async {
            self.commands.write_all(line.as_bytes()).await?;
            self.commands.flush().await
        };
        told.await.map_err(|_| gone())?;
        Ok(self.last)
    }

    /// The next message that can be read: an answer or an event.
    pub(super) async fn next(&mut self) -> Result<Value, AttemptError> {
        loop {
            let mut message = Vec::new();
            let read = (&mut self.messages).take(self.max_message).read_until(0, &mut message).await;
            if read.is_err() || message.pop() != Some(0) {
                let too_large = u64::try_from(message.len()).is_ok_and(|length| length + 1 >= self.max_message);
                return Err(if too_large { overlong() } else { gone() });
            }
            // A page can put into an address what is no Unicode; such a message is of no use to us.
            if let Ok(message) = serde_json::from_slice(&message) {
                return Ok(message);
            }
        }
    }
}

fn overlong() -> AttemptError {
    AttemptError::new(FailureKind::TooLarge, "the browser has more to tell of the page than a page may hold")
}

fn gone() -> AttemptError {
    broken("the browser ended before the page was rendered")
}

fn broken(detail: &str) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Dropped), detail).with_retry(Retry::Backoff)
}
