// The health check of a container: ends with code 0 where the URL given answers 2xx within the bound.
const answerMsMax = 4_000;

const url = process.argv[2] ?? '';
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
