// Walk the steps of a file with the vendor's JavaScript client, and print what was seen as JSON.
import { readFileSync } from "node:fs";

const { SeamHttp, SeamHttpWithoutWorkspace } = await import("@seamapi/http");
const { endpoint, key, stranger, token, known, steps } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const waitForActionAttempt = { timeout: 10000, pollingInterval: 50 };
const answers = [];
const prefix = new URL(endpoint).pathname.replace(/\/$/, "");

const watched = (client) => {
  client.client.interceptors.response.use((response) => {
    const path = (response.config.url ?? "").split("?")[0].replace(endpoint, "").replace(prefix, "");
    answers.push({ path, status: response.status, body: response.data });
    return response;
  });
  return client;
};

const clients = {
  key: watched(SeamHttp.fromApiKey(key, { endpoint, waitForActionAttempt })),
  stranger: watched(SeamHttp.fromApiKey(stranger, { endpoint })),
  person: watched(SeamHttpWithoutWorkspace.fromPersonalAccessToken(token, { endpoint })),
};
const camel = (text) => text.replace(/_([a-z])/g, (_all, letter) => letter.toUpperCase());
const filled = (value) => {
  if (typeof value === "string") {
    const whole = /^\{(\w+)\}$/.exec(value);
    return whole ? known[whole[1]] : value.replaceAll("{tag}", known.tag);
  }
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part)]));
};
const foundAt = (place, body) => place.split(".").reduce((part, name) => part[name], body);

const tried = async ({ method, given, by }) => {
  const parts = method.split(".").map(camel);
  const owner = parts.slice(0, -1).reduce((part, name) => part?.[name], clients[by]);
  if (typeof owner?.[parts.at(-1)] !== "function") return [0, "the client has no such method"];
  try {
    await owner[parts.at(-1)](filled(given));
    return null;
  } catch (error) {
    if (error.statusCode) return [error.statusCode, error.code];
    if (error.actionAttempt) return [200, error.code];
    return [0, String(error.message)];
  }
};

const faults = [];
for (const [number, step] of steps.entries()) {
  const before = answers.length;
  const seen = await tried(step);
  if (JSON.stringify(seen) !== JSON.stringify(step.refused))
    faults.push(`${number} ${step.method}: ${JSON.stringify(seen)} instead of ${JSON.stringify(step.refused)}`);
  if (seen !== null) continue;
  const body = answers.length > before ? answers.at(-1).body : {};
  for (const [name, place] of Object.entries(step.keep)) known[name] = foundAt(place, body);
}
process.stdout.write(JSON.stringify({ faults, answers }));
