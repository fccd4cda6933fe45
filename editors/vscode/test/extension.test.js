"use strict";

const assert = require("node:assert");
const { mock, test } = require("node:test");
const Module = require("node:module");
const path = require("node:path");

/** The extension with the editor and the client's library replaced, as neither is there in a test. */
function loaded({ settings = {}, fails = false } = {}) {
  const said = { clients: [], errors: [], stopped: 0 };
  class LanguageClient {
    constructor(...given) {
      said.clients.push(given);
    }
    async start() {
      if (fails) throw new Error("ENOENT");
    }
    async stop() {
      said.stopped += 1;
    }
  }
  const vscode = {
    workspace: {
      getConfiguration: () => ({ get: (key) => settings[key] }),
      workspaceFolders: [{ uri: { fsPath: "/rules" } }],
      createFileSystemWatcher: (pattern) => ({ pattern }),
    },
    window: { showErrorMessage: (text) => said.errors.push(text) },
  };
  const original = Module._load;
  const stub = mock.method(Module, "_load", (request, ...rest) => {
    if (request === "vscode") return vscode;
    if (request === "vscode-languageclient/node") return { LanguageClient };
    return original(request, ...rest);
  });
  const file = path.join(__dirname, "..", "extension.js");
  delete require.cache[file];
  const extension = require(file);
  stub.mock.restore();
  return { extension, said };
}

test("a server is started by the configured command, in the folder of the rules", async () => {
  const settings = { command: [".venv/bin/fupin", "lsp"], language: "en", registry: {} };
  const { extension, said } = loaded({ settings });
  const context = { subscriptions: [] };
  await extension.activate(context);
  const [, , server, client] = said.clients[0];
  assert.deepEqual(server, {
    command: path.join("/rules", ".venv/bin/fupin"),
    args: ["lsp"],
    options: { cwd: "/rules" },
  });
  assert.deepEqual(client.documentSelector, [{ language: "yaml" }]);
  assert.deepEqual(client.initializationOptions, { language: "en" });
  assert.equal(context.subscriptions[0].pattern, "**/*.yaml");
  await extension.deactivate();
  assert.equal(said.stopped, 1);
});

test("a program that is found on the path stays as it is", () => {
  const { extension } = loaded();
  assert.deepEqual(extension.command(["fupin", "lsp"], "/rules"), { command: "fupin", args: ["lsp"] });
});

test("a registry is told with whole paths, or not at all", () => {
  const { extension } = loaded();
  const registry = { households: "out/h.csv", members: "/data/m.csv" };
  assert.deepEqual(extension.options({ language: "", registry }, "/rules"), {
    registry: { households: path.resolve("/rules", "out/h.csv"), members: path.resolve("/data/m.csv") },
  });
  assert.deepEqual(extension.options({ registry: { households: "h.csv" } }, "/rules"), {});
});

test("that no server starts is said, with what to do", async () => {
  const { extension, said } = loaded({ settings: { command: ["fupin", "lsp"] }, fails: true });
  await extension.activate({ subscriptions: [] });
  assert.match(said.errors[0], /pip install 'fupin-policy\[editor\]'.*ENOENT/);
});
