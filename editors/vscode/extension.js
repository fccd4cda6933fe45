// A thin client: it starts `fupin lsp` for the YAML files of a workspace. All that it knows of rules is the server's.
"use strict";

const path = require("node:path");
const { workspace, window } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

/** The command that starts the server, a path in it taken from the first folder of the workspace. */
function command(configured, folder) {
  const [program, ...rest] = configured;
  const relative = /[/\\]/.test(program) && !path.isAbsolute(program);
  return { command: relative && folder ? path.join(folder, program) : program, args: rest };
}

/** What the server is told at its start; paths of a registry are taken from the first folder too. */
function options(settings, folder) {
  const told = settings.language ? { language: settings.language } : {};
  const { households, members } = settings.registry ?? {};
  if (!households || !members) {
    return told;
  }
  const at = (name) => (folder ? path.resolve(folder, name) : name);
  return { ...told, registry: { households: at(households), members: at(members) } };
}

async function activate(context) {
  const settings = workspace.getConfiguration("fupin");
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const watcher = workspace.createFileSystemWatcher("**/*.yaml");
  context.subscriptions.push(watcher);
  client = new LanguageClient(
    "fupin",
    "fupin-policy",
    { ...command(settings.get("command"), folder), options: { cwd: folder } },
    {
      documentSelector: [{ language: "yaml" }],
      synchronize: { fileEvents: watcher },
      initializationOptions: options(
        { language: settings.get("language"), registry: settings.get("registry") },
        folder,
      ),
    },
  );
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(
      `fupin lsp 没有启动：pip install 'fupin-policy[editor]'，或设置 fupin.command / did not start: ${error.message}`,
    );
  }
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate, command, options };
