// An identity provider that signs whatever it is asked to: the code is the claims, in base64url, with `key` (`own`,
// `other`, `none`) beside them. Prints its issuer when it listens.
import { createServer } from 'node:http';
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';

const own = await generateKeyPair('RS256');
const other = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };

async function token(code) {
  const { key, ...claims } = JSON.parse(Buffer.from(code, 'base64url').toString());
  if (key === 'none') return new UnsecuredJWT(claims).encode();
  const { privateKey } = key === 'other' ? other : own;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(privateKey);
}

const server = createServer(async (request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const say = (value, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  let body = '';
  for await (const part of request) body += part;
  if (request.url === '/.well-known/openid-configuration') {
    return say({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'none'],
    });
  }
  if (request.url === '/jwks') return say({ keys: [jwk] });
  if (request.url === '/token') {
    const fields = new URLSearchParams(body);
    const code = fields.get('code');
    if (!fields.get('code_verifier') || code === 'spent') return say({ error: 'invalid_grant' }, 400);
    return say({ access_token: 'x', token_type: 'Bearer', id_token: await token(code) });
  }
  return say({ error: 'not_found' }, 404);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
