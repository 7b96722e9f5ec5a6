// A certified provider on an ephemeral loopback port, for the sign-in tests. Prints one line of JSON when it is ready:
// {"issuer": "http://127.0.0.1:PORT"}. Ends with its parent: standard input closing stops it.
// Settings come from the environment: REDIRECT_URI, SIGNED_OUT_URI, CLIENT_ID, CLIENT_SECRET. Must never face a network.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: "jwk" }), kid: "peer-1", alg: "RS256", use: "sig" };

const configuration = {
  clients: [
    {
      client_id: setting("CLIENT_ID"),
      client_secret: setting("CLIENT_SECRET"),
      redirect_uris: [setting("REDIRECT_URI")],
      post_logout_redirect_uris: [setting("SIGNED_OUT_URI")],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      id_token_signed_response_alg: "RS256",
    },
  ],
  jwks: { keys: [jwk] },
  cookies: { keys: ["loopback test only"] },
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.test`, email_verified: true, name: "Peer Person" }),
  }),
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on("request", new Provider(issuer, configuration).callback());
  console.log(JSON.stringify({ issuer }));
});
process.stdin.resume().on("end", () => process.exit(0));
