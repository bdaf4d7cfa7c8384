import type { JSX } from "preact";

/** A catalogue sentence in which `*…*` is bold. No HTML ever comes from a catalogue or the server. */
export function Rich({ text }: { text: string }): JSX.Element {
  return <>{text.split("*").map((part, index) => (index % 2 === 1 ? <b key={index}>{part}</b> : part))}</>;
}
