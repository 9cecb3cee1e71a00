"""Drives the language server with a client that is not ours: pygls, over stdio.

    python foreign_client.py FOLDER COMMAND…

Prints one JSON object with what the server said. The folder has a `spell.yaml` and a `predictor.py`.
"""

import asyncio
import json
import pathlib
import sys

from lsprotocol import types
from pygls.lsp.client import LanguageClient


async def main(folder: pathlib.Path, command: list[str]) -> dict:
    client = LanguageClient("foreign", "1")
    told: dict = {"messages": []}
    registered = asyncio.Event()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        told["registered"] = [registration.method for registration in params.registrations]
        registered.set()

    @client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
    def refresh(_: object) -> None:
        told["refreshed"] = True

    @client.feature(types.WINDOW_LOG_MESSAGE)
    def log(params: types.LogMessageParams) -> None:
        told["messages"].append(params.message)

    await client.start_io(*command)
    answer = await client.initialize_async(
        types.InitializeParams(
            process_id=None,
            root_uri=folder.as_uri(),
            capabilities=types.ClientCapabilities(
                text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
                workspace=types.WorkspaceClientCapabilities(
                    did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
                    workspace_edit=types.WorkspaceEditClientCapabilities(
                        document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
                    ),
                ),
            ),
        )
    )
    told["server"] = answer.server_info.name if answer.server_info else None
    client.initialized(types.InitializedParams())
    await asyncio.wait_for(registered.wait(), 10)

    predictor = folder / "predictor.py"
    document = types.TextDocumentIdentifier(uri=predictor.as_uri())
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(uri=document.uri, language_id="python", version=1, text=predictor.read_text("utf-8"))
        )
    )

    async def pull(previous: str | None = None) -> types.DocumentDiagnosticReport:
        return await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(text_document=document, previous_result_id=previous)
        )

    def shown(report: types.DocumentDiagnosticReport) -> list:
        start = lambda item: [item.range.start.line, item.range.start.character]
        return [[item.code, *start(item)] for item in report.items]

    first = await pull()
    told["first"] = shown(first)
    told["link"] = first.items[0].code_description.href if first.items else None
    told["again"] = (await pull(first.result_id)).kind

    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document,
            range=first.items[0].range,
            context=types.CodeActionContext(diagnostics=first.items),
        )
    )
    told["actions"] = [action.title for action in actions]
    edit = actions[0].edit.document_changes[0].edits[0]

    # The fix is applied as an editor would: one incremental change, behind an emoji that was typed before it.
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(version=2, uri=document.uri),
            content_changes=[types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)],
        )
    )
    told["second"] = shown(await pull(first.result_id))
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=document, position=types.Position(line=edit.range.start.line, character=edit.range.start.character + 3))
    )
    told["hover"] = hover.contents.value if hover else None

    await client.shutdown_async(None)
    client.exit(None)
    await asyncio.wait_for(client._server.wait(), 10)
    told["status"] = client._server.returncode
    await client.stop()
    return told


print(json.dumps(asyncio.run(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))))
