import type { JSX } from "preact";

/**
 * A catalogue sentence in which `*…*` is bold. `lang`: the language of what is bold, where it is another one than the
 * sentence's. No HTML ever comes from a catalogue or the server.
 */
export function Rich({ text, lang }: { text: string; lang?: string | undefined }): JSX.Element {
  return <>{text.split("*").map((part, index) => (index % 2 === 1 ? <b key={index} lang={lang}>{part}</b> : part))}</>;
}
