/**
 * Ids the phone makes: UUID version 7, so that they sort by the time they were made.
 * `crypto.randomUUID` exists only in secure contexts and makes version 4; `getRandomValues` exists everywhere.
 */
import type { Uuid } from "../../api/types";

export function uuid7(now: number = Date.now(), random: Uint8Array = crypto.getRandomValues(new Uint8Array(10))): Uuid {
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 6; index += 1) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) & 0xff;
  bytes.set(random, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
