//! The `DevTools` protocol of Chromium over a pipe: JSON messages, each terminated by a zero byte. Commands have an id,
//! their results the same one; events have none.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::{Cause, FailureKind};

/// The most bytes of JSON for one byte of text (`\u001f`).
const MAX_ESCAPED_LENGTH: u64 = 6;

/// The room for everything in a message except the text of a page.
const ENVELOPE_SIZE: u64 = 1 << 20;

/// A connection to the browser.
pub(super) struct DevTools {
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    max_message_size: u64,
    last_id: u64,
    /// The session of the tab that commands go to, once there is one.
    session: Option<String>,
}

impl DevTools {
    pub(super) fn new(commands: ChildStdin, messages: ChildStdout, max_body: usize) -> Self {
        let max_body = u64::try_from(max_body).unwrap_or(u64::MAX);
        let max_message_size = max_body.saturating_mul(MAX_ESCAPED_LENGTH).saturating_add(ENVELOPE_SIZE);
        Self { commands, messages: BufReader::new(messages), max_message_size, last_id: 0, session: None }
    }

    /// Opens a tab. All further commands go to it.
    pub(super) async fn open_tab(&mut self) -> Result<(), AttemptError> {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" })).await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.call("Target.attachToTarget", attach).await?;
        self.session = attached["sessionId"].as_str().map(str::to_owned);
        Ok(())
    }

    /// Sends a command and returns its result. Events that come first are dropped.
    pub(super) async fn call(&mut self, method: &str, parameters: Value) -> Result<Value, AttemptError> {
        let id = self.send(method, parameters).await?;
        loop {
            let mut message = self.next_message().await?;
            if message["id"] == id {
                return match message["error"]["message"].as_str() {
                    Some(error) => Err(broken(&format!("the browser failed at {method}: {error}"))),
                    None => Ok(message["result"].take()),
                };
            }
        }
    }

    /// Sends a command and returns its id.
    pub(super) async fn send(&mut self, method: &str, parameters: Value) -> Result<u64, AttemptError> {
        self.last_id += 1;
        let mut command = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let line = format!("{command}\0");
        let write = async {
            self.commands.write_all(line.as_bytes()).await?;
            self.commands.flush().await
        };
        write.await.map_err(|_| browser_ended())?;
        Ok(self.last_id)
    }

    /// Returns the next valid message: a result or an event.
    pub(super) async fn next_message(&mut self) -> Result<Value, AttemptError> {
        loop {
            let mut message = Vec::new();
            let read = (&mut self.messages).take(self.max_message_size).read_until(0, &mut message).await;
            if read.is_err() || message.pop() != Some(0) {
                let too_large = u64::try_from(message.len()).is_ok_and(|length| length + 1 >= self.max_message_size);
                return Err(if too_large { message_too_large() } else { browser_ended() });
            }
            // A page can put invalid Unicode into a URL. Such a message is skipped.
            if let Ok(message) = serde_json::from_slice(&message) {
                return Ok(message);
            }
        }
    }
}

fn message_too_large() -> AttemptError {
    AttemptError::new(FailureKind::TooLarge, "a message of the browser is larger than the largest page")
}

fn browser_ended() -> AttemptError {
    broken("the browser ended before the page was rendered")
}

fn broken(detail: &str) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Dropped), detail).with_retry(Retry::Backoff)
}
