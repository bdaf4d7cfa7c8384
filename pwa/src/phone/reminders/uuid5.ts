/** Ids made from names (RFC 9562, version 5): the server's `occurrence_id` in reminders/models.py, and this phone, make the same. */
import type { LocalDate, Uuid } from "../../api/types";

export async function uuid5(namespace: Uuid, name: string): Promise<Uuid> {
  const space = Uint8Array.from(namespace.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const text = new TextEncoder().encode(name);
  const whole = new Uint8Array(space.length + text.length);
  whole.set(space);
  whole.set(text, space.length);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-1", whole)).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function occurrenceId(rule: Uuid, date: LocalDate, slot: number): Promise<Uuid> {
  return uuid5(rule, `${date}/${slot}`);
}
