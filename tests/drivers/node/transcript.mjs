// What a program of a Node driver tells of itself: a line of JSON for each thing seen, so that two servers' can be compared.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

// A value as JSON, with the type that the driver made of it.
export function plain(value) {
  if (value === undefined) return { undefined: true };
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number') return { number: String(value) };
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (Buffer.isBuffer(value)) return { bytes: shortened(value.toString('hex')) };
  if (value instanceof Date) return { date: Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  return { [typeof value]: true };
}

export const sha256 = data => createHash('sha256').update(data).digest('hex');
const shortened = text => (text.length <= 2000 ? text : `${text.length} long, sha256 ${sha256(text)}`);

// Runs `steps` (name → async function of settings and say) that the settings of the file in the arguments name.
export async function main(steps) {
  const settings = JSON.parse(readFileSync(process.argv[2]));
  settings.material = JSON.parse(readFileSync(settings.material));
  for (const step of settings.steps ?? Object.keys(steps)) {
    const line = event => console.log(JSON.stringify({ step, ...event }));
    try {
      await steps[step](settings, (what, value) => line({ what, saw: plain(value) }));
      line({ done: true });
    } catch (error) {
      line({ crashed: String(error), trace: error?.stack });
    }
  }
}
