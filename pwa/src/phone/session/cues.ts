/** Sound and vibration, for a phone that lies on the floor. Made with Web Audio: nothing to download, works offline. */

export type Cue = "tick" | "start" | "end" | "finished";

interface Tone {
  readonly hz: number;
  /** Seconds. */
  readonly at: number;
  readonly length: number;
}

const TONES: Readonly<Record<Cue, readonly Tone[]>> = {
  tick: [{ hz: 660, at: 0, length: 0.07 }],
  start: [{ hz: 880, at: 0, length: 0.28 }],
  end: [
    { hz: 660, at: 0, length: 0.16 },
    { hz: 520, at: 0.2, length: 0.24 },
  ],
  finished: [
    { hz: 520, at: 0, length: 0.16 },
    { hz: 660, at: 0.18, length: 0.16 },
    { hz: 880, at: 0.36, length: 0.3 },
  ],
};

/** Milliseconds on, off, on … */
const BUZZ: Readonly<Record<Cue, number[]>> = {
  tick: [],
  start: [180],
  end: [90, 90, 90],
  finished: [90, 90, 90, 90, 240],
};

let context: AudioContext | null = null;

/** Browsers let a page sound only after a tap, so the Start button calls this. */
export function unlockSound(): void {
  const Audio = globalThis.AudioContext;
  if (Audio === undefined) return;
  context ??= new Audio();
  void context.resume().catch(() => undefined);
}

export function give(cue: Cue, audible: boolean): void {
  if (BUZZ[cue].length > 0) navigator.vibrate?.(BUZZ[cue]);
  if (!audible || context === null || context.state !== "running") return;
  for (const tone of TONES[cue]) sound(context, tone);
}

function sound(audio: AudioContext, { hz, at, length }: Tone): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  const start = audio.currentTime + at;
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.35, start + 0.02);
  gain.gain.linearRampToValueAtTime(0, start + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + length + 0.05);
}
