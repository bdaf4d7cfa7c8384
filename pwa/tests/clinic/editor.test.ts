import { beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "../../src/api/client";
import type { Draft } from "../../src/clinic/builder/drafts";
import { Editor } from "../../src/clinic/builder/editor";
import { update } from "../../src/clinic/builder/program";
import type { Program } from "../../src/clinic/types";
import { program } from "./world";

/** A server that answers as it is told, a clock that is wound by hand, and a draft that outlives the editor. */
class World {
  draft: Draft | null = null;
  sent: { note: string; version: number }[] = [];
  answers: ((sent: Program, version: number) => Program)[] = [];
  timers: (() => void)[] = [];
  saved = 0;

  open(server: Program = program()): Editor {
    return new Editor(server, {
      put: async (sent, version) => {
        this.sent.push({ note: noteOf(sent), version });
        const answer = this.answers.shift() ?? ((_: Program, v: number) => ({ ...sent, version: v + 1 }));
        return answer(sent, version);
      },
      drafts: { read: () => this.draft, write: (draft) => (this.draft = draft), clear: () => (this.draft = null) },
      later: (_ms, run) => {
        this.timers.push(run);
        return () => (this.timers = this.timers.filter((each) => each !== run));
      },
      onSaved: () => (this.saved += 1),
    });
  }

  /** Lets the next timer fire and everything it started come to an end. */
  async tick(): Promise<void> {
    this.timers.shift()?.();
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 0));
const fails = (status: number, body: unknown = null) => (): never => {
  throw new ApiError(status, [{ code: "x", detail: "No.", attr: null }], body);
};
const noteOf = (document: Program): string => document.phases[0]!.prescriptions[0]!.note;
const note = (text: string) => (document: Program) => update(document, "a", { note: text });

let world: World;
beforeEach(() => {
  world = new World();
});

describe("saving", () => {
  it("keeps the draft at once and sends it after a quiet moment, with the version it was made on", async () => {
    const editor = world.open();
    editor.edit(note("one"));
    expect(noteOf(world.draft!.program)).toBe("one");
    expect(editor.state.value.kind).toBe("unsaved");
    await world.tick();
    expect(world.sent).toEqual([{ note: "one", version: 1 }]);
    expect(editor.state.value.kind).toBe("saved");
    expect(world.draft).toBeNull();
    expect(world.saved).toBe(1);
  });

  it("sends what was typed while a save ran as a second save, on the new version", async () => {
    const editor = world.open();
    editor.edit(note("one"));
    world.answers.push((sent, version) => {
      editor.edit(note("two"));
      return { ...sent, version: version + 1 };
    });
    await world.tick();
    expect(noteOf(world.draft!.program)).toBe("two");
    await world.tick();
    expect(world.sent).toEqual([{ note: "one", version: 1 }, { note: "two", version: 2 }]);
    expect(editor.state.value.kind).toBe("saved");
  });

  it("sends nothing when an undo came before the save", async () => {
    const editor = world.open();
    editor.edit(note("one"));
    editor.undo();
    await world.tick();
    expect(world.sent).toEqual([]);
    expect(world.draft).toBeNull();
  });

  it("keeps trying while there is no answer, and loses nothing", async () => {
    const editor = world.open();
    world.answers.push(fails(0), fails(503));
    editor.edit(note("one"));
    await world.tick();
    expect(editor.state.value.kind).toBe("offline");
    expect(noteOf(world.draft!.program)).toBe("one");
    await world.tick();
    expect(editor.state.value.kind).toBe("offline");
    await world.tick();
    expect(editor.state.value.kind).toBe("saved");
    expect(world.sent).toHaveLength(3);
  });

  it("waits for a sign-in and then goes on", async () => {
    const editor = world.open();
    world.answers.push(fails(401));
    editor.edit(note("one"));
    await world.tick();
    expect(editor.state.value.kind).toBe("signed-out");
    expect(world.timers).toEqual([]);
    editor.retryNow();
    await world.tick();
    expect(editor.state.value.kind).toBe("saved");
  });

  it("says why the server refused, and sends the correction", async () => {
    const editor = world.open();
    world.answers.push(fails(400));
    editor.edit(note("bad"));
    await world.tick();
    expect(editor.state.value).toMatchObject({ kind: "rejected", errors: [{ detail: "No." }] });
    editor.edit(note("good"));
    await world.tick();
    expect(editor.state.value.kind).toBe("saved");
  });

  it("flushes before prescribing, and says so when it cannot", async () => {
    const editor = world.open();
    editor.edit(note("one"));
    expect(await editor.flush()).toBe(true);
    world.answers.push(fails(0));
    editor.edit(note("two"));
    expect(await editor.flush()).toBe(false);
  });

  it("tries once more when the page is left, and keeps the draft if that fails", async () => {
    const editor = world.open();
    world.answers.push(fails(0));
    editor.edit(note("one"));
    editor.close();
    await settle();
    expect(world.sent).toHaveLength(1);
    expect(noteOf(world.draft!.program)).toBe("one");
  });
});

describe("two people on one program", () => {
  const theirs = { ...note("theirs")(program()), version: 5 };

  const collide = async (): Promise<Editor> => {
    const editor = world.open();
    world.answers.push(fails(412, theirs));
    editor.edit(note("mine"));
    await world.tick();
    expect(editor.state.value.kind).toBe("conflict");
    return editor;
  };

  it("stops saving until somebody decides", async () => {
    const editor = await collide();
    editor.edit(note("mine, still typing"));
    await world.tick();
    expect(world.sent).toHaveLength(1);
    expect(noteOf(world.draft!.program)).toBe("mine, still typing");
    expect(await editor.flush()).toBe(false);
  });

  it("puts mine over theirs, on their version", async () => {
    const editor = await collide();
    editor.keepMine();
    await world.tick();
    expect(world.sent.at(-1)).toEqual({ note: "mine", version: 5 });
    expect(editor.state.value.kind).toBe("saved");
  });

  it("shows theirs and leaves mine one undo away", async () => {
    const editor = await collide();
    editor.takeTheirs();
    expect(noteOf(editor.program.value)).toBe("theirs");
    expect(editor.state.value.kind).toBe("saved");
    editor.undo();
    await world.tick();
    expect(world.sent.at(-1)).toEqual({ note: "mine", version: 5 });
  });

  it("is no conflict when their document is what I sent and only the answer got lost", async () => {
    const editor = world.open();
    world.answers.push(fails(0), (sent) => fails(412, { ...sent, version: 2 })());
    editor.edit(note("one"));
    await world.tick();
    await world.tick();
    expect(editor.state.value.kind).toBe("saved");
    editor.edit(note("two"));
    await world.tick();
    expect(world.sent.at(-1)).toEqual({ note: "two", version: 2 });
  });
});

describe("opening again", () => {
  it("brings back what was never sent, and undo takes it away again", async () => {
    world.draft = { version: 1, program: note("kept")(program()) };
    const editor = world.open();
    expect(editor.restored.value).toBe(true);
    await world.tick();
    expect(world.sent).toEqual([{ note: "kept", version: 1 }]);
    editor.undo();
    expect(noteOf(editor.program.value)).toBe("");
  });

  it("asks when the program changed meanwhile", () => {
    world.draft = { version: 1, program: note("kept")(program()) };
    const editor = world.open({ ...note("theirs")(program()), version: 3 });
    expect(editor.state.value).toMatchObject({ kind: "conflict", theirs: { version: 3 } });
    expect(noteOf(editor.program.value)).toBe("kept");
  });

  it("drops a draft that has arrived after all", () => {
    world.draft = { version: 1, program: note("kept")(program()) };
    const editor = world.open({ ...note("kept")(program()), version: 2 });
    expect(world.draft).toBeNull();
    expect(editor.restored.value).toBe(false);
  });

  it("edits nothing in a sealed program", async () => {
    const editor = world.open(program({ sealed: true }));
    editor.edit(note("one"));
    expect(noteOf(editor.program.value)).toBe("");
    expect(world.timers).toEqual([]);
  });
});
