// Runs Azurite's blob service on loopback with one container and prints {"endpoint": ...} when it is there.
import { createServer } from "node:net";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const { ACCOUNT, KEY, CONTAINER } = process.env;
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
// In this very process, so that whoever ends it ends the emulator. Its entry reads the command line.
const options = ["--blobHost", "127.0.0.1", "--blobPort", String(port), "--inMemoryPersistence", "--skipApiVersionCheck"];
process.argv = [...process.argv.slice(0, 2), ...options, "--disableTelemetry", "--silent"];
await import("azurite/dist/src/blob/main.js");

const endpoint = `http://127.0.0.1:${port}/${ACCOUNT}`;
const credential = new StorageSharedKeyCredential(ACCOUNT, KEY);
const container = new BlobServiceClient(endpoint, credential, { retryOptions: { maxTries: 1 } }).getContainerClient(CONTAINER);
for (let left = 100; ; left--) {
  try {
    await container.create();
    break;
  } catch (error) {
    // It takes some seconds to listen.
    if (left === 0 || error.statusCode !== undefined) throw error;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
console.log(JSON.stringify({ endpoint }));
