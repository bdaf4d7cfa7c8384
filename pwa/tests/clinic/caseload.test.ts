import { describe, expect, it } from "vitest";
import { group, readRow, reasonOf, urgencyOf } from "../../src/clinic/caseload/rows";
import { addDays } from "../../src/clinic/dates";
import type { CaseloadFlag, CaseloadRow } from "../../src/clinic/types";

const NOW = "2026-11-24";

function raw(change: Partial<CaseloadRow> = {}, name = "Rosa Sample"): CaseloadRow {
  return {
    patient: { id: name, name, record_number: null, birth_date: "1964-05-05", affected_side: "left", condition: "ifi_confirmed", status: "active", responsible: null },
    plan: { id: "plan", name: "Plan", phase: 2, phase_name: "Restore range", starts_on: "2026-10-19" },
    adherence_7: 0.86, adherence_28: 0.9, last_pain: 3, last_pain_on: null, trend: [], last_active: "2026-11-23T07:00:00+01:00", flags: [], attention_rank: 0, ...change,
  };
}
const flag = (urgency: string, kind: CaseloadFlag["kind"] = "silent"): CaseloadFlag => ({
  id: kind, kind, urgency, raised_at: "2026-11-23T08:00:00Z", acknowledged: false, evidence: [],
});
const pains = (scores: (number | null)[]) =>
  scores.flatMap((pain, i) => (pain === null ? [] : [{ date: addDays(NOW, i - scores.length + 1), pain }]));
const row = (change: Partial<CaseloadRow> = {}, name?: string) => readRow(raw(change, name), NOW);

describe("why a patient wants attention", () => {
  it("is the most urgent open flag", () => {
    const reason = reasonOf(row({ flags: [flag("routine"), flag("emergency", "red_flag"), flag("48h")] }), NOW);
    expect(reason).toMatchObject({ kind: "flag", flag: { kind: "red_flag" } });
    expect(urgencyOf(reason)).toBe("alarm");
  });

  it("is silence from the seventh day on", () => {
    expect(reasonOf(row({ last_active: "2026-11-18T07:00:00+00:00" }), NOW)).toEqual({ kind: "nothing" });
    expect(reasonOf(row({ last_active: "2026-11-17T07:00:00+00:00" }), NOW)).toEqual({ kind: "silent", days: 7 });
  });

  it("is a median that rose by two, given three answers on both sides", () => {
    const rose = pains([3, 3, null, 3, null, null, null, 5, 5, 6, null, null, 5, null]);
    expect(reasonOf(row({ trend: rose }), NOW)).toEqual({ kind: "rising", from: 3, to: 5 });
    const few = pains([3, 3, null, null, null, null, null, 5, 5, 6, null, null, 5, null]);
    expect(reasonOf(row({ trend: few }), NOW)).toEqual({ kind: "nothing" });
  });

  it("tells no plan, not joined and nothing apart", () => {
    expect(reasonOf(row({ plan: null }), NOW)).toEqual({ kind: "no_plan" });
    const invited = raw();
    invited.patient.status = "invited";
    expect(reasonOf(readRow(invited, NOW), NOW)).toEqual({ kind: "invited" });
    expect(urgencyOf({ kind: "invited" })).toBe("none");
  });
});

describe("the list", () => {
  it("puts who needs somebody first, by the server's rank and then by how strong the reason is", () => {
    const rows = [
      row({}, "fine"), row({ plan: null }, "no plan"), row({ last_active: "2026-11-01T07:00:00+00:00" }, "quiet"),
      row({ flags: [flag("48h")], attention_rank: 100 }, "flagged"), row({ flags: [flag("emergency")], attention_rank: 10_000 }, "emergency"),
    ];
    const { needing, others } = group(rows, NOW);
    expect(needing.map((each) => each.name)).toEqual(["emergency", "flagged", "quiet", "no plan"]);
    expect(others.map((each) => each.name)).toEqual(["fine"]);
  });

  it("draws eight weeks in fourteen steps, with gaps where nobody answered", () => {
    const { spark, trend } = row({ trend: pains([4, 6, null, null, null, null, null, null, null, null, null, 2]) });
    expect(trend).toHaveLength(56);
    expect(spark).toHaveLength(14);
    expect(spark.slice(-3)).toEqual([5, null, 2]);
  });
});
