//! The language server: what `check` and `lint` say, while a file is being written.
//!
//! It reads the text of the editor, and everything else (the configuration, catalogs, the baseline) from the disk, as the
//! commands do that run at the top of the workspace. It writes nothing: a fix is an edit that the editor makes.

mod actions;
mod completion;
mod diagnostics;
mod document;
mod hover;
mod workspace;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability,
    CompletionOptions, CompletionParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, HoverParams, HoverProviderCapability, InitializeParams,
    InitializeResult, MarkupKind, PositionEncodingKind, PublishDiagnosticsParams, Registration,
    RegistrationParams, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::cli::status::Status;
use document::{Document, Encoding, path_of};
use workspace::Workspace;

/// What the server is started with: the options of every command.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    pub(super) catalogs: Vec<PathBuf>,
    pub(super) config: Option<PathBuf>,
    pub(super) no_config: bool,
}

/// Serves one editor over standard input and output, until it says goodbye. Found if it leaves without saying so.
pub(super) fn serve(options: Options) -> Status {
    let (connection, threads) = Connection::stdio();
    let has_ended_well = talk(&connection, options).unwrap_or(false);
    drop(connection);
    // The threads end with the streams; an editor that is gone is no fault of ours.
    let _ = threads.join();
    Status::found_if(!has_ended_well)
}

/// The conversation; whether the editor ended it as the protocol wants. `None` if it is gone.
fn talk(connection: &Connection, options: Options) -> Option<bool> {
    let (id, params) = connection.initialize_start().ok()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let encoding = encoding_of(&params);
    let result = InitializeResult {
        capabilities: capabilities(encoding),
        server_info: Some(ServerInfo {
            name: "scopes".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection
        .sender
        .send(Response::new_ok(id, result).into())
        .ok()?;
    if let Some(root) = root_of(&params) {
        // Names of files are then those that `scopes check` shows at the top of the workspace.
        let _ = std::env::set_current_dir(root);
    }
    let mut server = Server {
        connection,
        encoding,
        documents: BTreeMap::new(),
        workspace: Workspace::new(options),
        hover_format: hover_format(&params),
        watches: can_watch(&params),
        is_shut_down: false,
    };
    loop {
        let mut message = connection.receiver.recv().ok()?;
        loop {
            if matches!(&message, Message::Notification(one) if one.method == "exit") {
                return Some(server.is_shut_down);
            }
            server.take(message)?;
            // While the editor goes on writing, only the last text is checked.
            match connection.receiver.try_recv() {
                Ok(next) => message = next,
                Err(_) => break,
            }
        }
        server.publish()?;
    }
}

/// The folder that the editor has open.
fn root_of(params: &InitializeParams) -> Option<PathBuf> {
    let folders = params.workspace_folders.as_deref().unwrap_or_default();
    #[allow(deprecated, reason = "some editors still send nothing else")]
    let root = params.root_uri.as_ref();
    folders
        .first()
        .map(|one| &one.uri)
        .or(root)
        .and_then(path_of)
}

/// Markdown, unless the editor says that it shows plain text only.
fn hover_format(params: &InitializeParams) -> MarkupKind {
    let document = params.capabilities.text_document.as_ref();
    let hover = document.and_then(|document| document.hover.as_ref());
    let formats = hover.and_then(|hover| hover.content_format.as_ref());
    let has_markdown = formats.is_none_or(|all| all.contains(&MarkupKind::Markdown));
    if has_markdown {
        MarkupKind::Markdown
    } else {
        MarkupKind::PlainText
    }
}

fn can_watch(params: &InitializeParams) -> bool {
    let workspace = params.capabilities.workspace.as_ref();
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    watched.is_some_and(|watched| watched.dynamic_registration == Some(true))
}

fn encoding_of(params: &InitializeParams) -> Encoding {
    let general = params.capabilities.general.as_ref();
    let offered = general.and_then(|general| general.position_encodings.as_ref());
    let has_bytes = offered.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8));
    if has_bytes {
        Encoding::Utf8
    } else {
        Encoding::Utf16
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let triggers = [":", "/", ".", " ", "\"", "'", "[", ",", "="];
    ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::Supported(true)),
                ..TextDocumentSyncOptions::default()
            },
        )),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(triggers.map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::SOURCE_FIX_ALL,
            ]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

struct Server<'a> {
    connection: &'a Connection,
    encoding: Encoding,
    /// The documents that are open, by their URI.
    documents: BTreeMap<String, Document>,
    workspace: Workspace,
    /// How the editor shows hover text.
    hover_format: MarkupKind,
    /// Whether the editor is to say which files change on the disk.
    watches: bool,
    is_shut_down: bool,
}

/// Why a request has no answer.
type Refusal = (ErrorCode, String);

impl Server<'_> {
    /// Takes one message; `None` if the editor is gone.
    fn take(&mut self, message: Message) -> Option<()> {
        match message {
            Message::Request(request) => {
                let id = request.id.clone();
                // A fault of ours must not take the editor's other documents with it.
                let answer = catch_unwind(AssertUnwindSafe(|| self.answer(request)));
                let answer = answer.unwrap_or_else(|_| {
                    Err((
                        ErrorCode::InternalError,
                        "this is a bug in scopes".to_owned(),
                    ))
                });
                let response = match answer {
                    Ok(value) => Response::new_ok(id, value),
                    Err((code, message)) => Response::new_err(id, code as i32, message),
                };
                self.connection.sender.send(response.into()).ok()
            }
            Message::Notification(notification) => {
                let _ = catch_unwind(AssertUnwindSafe(|| self.note(notification)));
                Some(())
            }
            Message::Response(_) => Some(()),
        }
    }

    fn answer(&mut self, request: Request) -> Result<Value, Refusal> {
        if self.is_shut_down {
            let message = "the server is shut down".to_owned();
            return Err((ErrorCode::InvalidRequest, message));
        }
        match request.method.as_str() {
            "shutdown" => {
                self.is_shut_down = true;
                Ok(Value::Null)
            }
            "textDocument/hover" => {
                let HoverParams {
                    text_document_position_params: at,
                    ..
                } = read(request.params)?;
                let (encoding, format) = (self.encoding, self.hover_format.clone());
                let workspace = &self.workspace;
                let document = self.documents.get_mut(at.text_document.uri.as_str());
                let hover = document.and_then(|document| {
                    diagnostics::look_at(document, workspace);
                    hover::hover(document, at.position, encoding, format, workspace)
                });
                written(hover)
            }
            "textDocument/completion" => {
                let CompletionParams {
                    text_document_position: at,
                    ..
                } = read(request.params)?;
                let (encoding, workspace) = (self.encoding, &self.workspace);
                let document = self.documents.get_mut(at.text_document.uri.as_str());
                let found = document.map(|document| {
                    diagnostics::look_at(document, workspace);
                    completion::completions(document, at.position, encoding, workspace)
                });
                written(found)
            }
            "textDocument/codeAction" => {
                let params: CodeActionParams = read(request.params)?;
                let key = params.text_document.uri.as_str().to_owned();
                let workspace = &self.workspace;
                let found = self.documents.get_mut(&key).map(|document| {
                    // The findings are those of the text that the editor has now.
                    diagnostics::look_at(document, workspace);
                    actions::actions(document, &params, self.encoding, workspace)
                });
                written(found)
            }
            other => {
                let message = format!("unknown request `{}`", crate::render::one_line(other));
                Err((ErrorCode::MethodNotFound, message))
            }
        }
    }

    /// Takes a notification. One that is unknown, or that cannot be read, is ignored, as the protocol wants.
    fn note(&mut self, notification: Notification) {
        let params = notification.params;
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                if let Ok(params) = read::<DidOpenTextDocumentParams>(params) {
                    self.workspace.refresh();
                    let document = Document::open(params.text_document);
                    self.documents
                        .insert(document.uri.as_str().to_owned(), document);
                }
            }
            "textDocument/didChange" => {
                if let Ok(params) = read::<DidChangeTextDocumentParams>(params) {
                    let key = params.text_document.uri.as_str();
                    if let Some(document) = self.documents.get_mut(key) {
                        document.version = params.text_document.version;
                        for change in params.content_changes {
                            document.change(change, self.encoding);
                        }
                    }
                }
            }
            "textDocument/didClose" => {
                if let Ok(params) = read::<DidCloseTextDocumentParams>(params) {
                    let uri = params.text_document.uri;
                    if self.documents.remove(uri.as_str()).is_some() {
                        let _ = self.send(uri, None, Vec::new());
                    }
                }
            }
            "initialized" if self.watches => self.watch(),
            // What is on the disk may decide on every document.
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.workspace.refresh();
                for document in self.documents.values_mut() {
                    document.checked = None;
                    document.is_published = false;
                }
            }
            _ => {}
        }
    }

    /// Sends what is found in each document that has changed; `None` if the editor is gone.
    fn publish(&mut self) -> Option<()> {
        let mut all = Vec::new();
        for document in self.documents.values_mut() {
            if document.is_published {
                continue;
            }
            document.is_published = true;
            let (workspace, encoding) = (&self.workspace, self.encoding);
            let found = catch_unwind(AssertUnwindSafe(|| {
                diagnostics::look_at(document, workspace);
                diagnostics::diagnostics(document, encoding)
            }));
            let uri = document.uri.clone();
            all.push((uri, document.version, found.unwrap_or_default()));
        }
        for (uri, version, found) in all {
            self.send(uri, Some(version), found)?;
        }
        Some(())
    }

    /// Asks the editor to say which of our files change on the disk.
    fn watch(&self) {
        let globs = ["**/scopes.toml", "**/*.{yaml,yml,json,toml}"];
        let watchers = globs.map(|glob| json!({ "globPattern": glob }));
        let registration = Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": watchers })),
        };
        let params = RegistrationParams {
            registrations: vec![registration],
        };
        let id = "watch".to_owned().into();
        let request = Request::new(id, "client/registerCapability".to_owned(), params);
        let _ = self.connection.sender.send(request.into());
    }

    fn send(
        &self,
        uri: Uri,
        version: Option<i32>,
        diagnostics: Vec<lsp_types::Diagnostic>,
    ) -> Option<()> {
        let params = PublishDiagnosticsParams::new(uri, diagnostics, version);
        let method = "textDocument/publishDiagnostics".to_owned();
        let notification = Notification::new(method, params);
        self.connection.sender.send(notification.into()).ok()
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|_| {
        let message = "the parameters are not those of this request".to_owned();
        (ErrorCode::InvalidParams, message)
    })
}

fn written(answer: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(answer).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
