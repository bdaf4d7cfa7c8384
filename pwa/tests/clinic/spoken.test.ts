import { afterEach, describe, expect, it } from "vitest";
import { precautionsOf } from "../../src/clinic/patient/precautions";
import { spoken, spokenExercise } from "../../src/clinic/spoken";
import { sameSentence } from "../../src/clinic/t";
import { setLanguage } from "../../src/i18n/core";

afterEach(() => setLanguage("en"));

describe("the library's sentences", () => {
  it("are as they are stored for an English therapist", () => {
    expect(spoken("Build strength")).toBe("Build strength");
  });

  it("are Spanish for a Spanish one, and what somebody typed stays as it was typed", async () => {
    await setLanguage("es");
    expect(spoken("Build strength")).toBe("Ganar fuerza");
    expect(spoken("Build strength, slowly")).toBe("Build strength, slowly");
    expect(spoken("")).toBe("");
  });

  it("keep what stands in their places, said in the language where it is a sentence too", async () => {
    await setLanguage("es");
    const limit = "Weight-bearing and hip-bend limit exactly as typed by the surgeon: hip bend at most 70°";
    expect(spoken(limit)).toMatch(/: flexión de cadera como mucho 70°$/);
    expect(spoken("Applies here: age under 18.")).toBe("Se aplica aquí: menor de 18 años.");
    expect(spoken("Puente (a+b) needs an explicit clinician release before it is done.")).toContain("Puente (a+b): hace falta");
  });

  it("are those of an exercise of the shared library; a clinic's own goes back as it came", async () => {
    await setLanguage("es");
    const bridge = { owner: null, name: "Bridge", steps: ["Lower slowly."], cue: "", caution: "None known." };
    expect(spokenExercise(bridge)).toEqual({ ...bridge, name: "Puente", steps: ["Baja despacio."], caution: "Ninguna conocida." });
    expect(spokenExercise({ ...bridge, owner: "clinic" })).toEqual({ ...bridge, owner: "clinic" });
  });

  it("say a precaution of the patient", async () => {
    await setLanguage("es");
    const conflict = { rule: "R01", phase: 1, prescription: "p", key: "k", action: "warn", finding: "condition = IFI and phase 3-4", sentence: "Hold on with both hands.", cap: null, demands: [], source: "", certainty: "low", alternatives: [] };
    const [said] = precautionsOf({ phases: [{ phase: 1, conflicts: [conflict] }] }, 1);
    expect([said?.what, said?.why]).toEqual(["Agárrate con las dos manos.", "pinzamiento isquiofemoral y fase 3-4"]);
  });
});

describe("what a flag asks for next", () => {
  it("is the server's very sentence in the language, or nothing", async () => {
    await setLanguage("es");
    expect(sameSentence("next_step", "Exercises are unlocked. Settle this with a note when nothing more is to be done.")).toMatch(/^Los ejercicios están desbloqueados/);
    expect(sameSentence("next_step", "Something new.")).toBeNull();
  });
});
