import { describe, expect, it } from "vitest";
import { toParams } from "../../src/clinic/caseload/use-caseload";
import { safeNext } from "../../src/clinic/next";
import { readCaseload, readLibrary, writeCaseload, writeLibrary, type CaseloadQuery, type LibraryQuery } from "../../src/clinic/url";

describe("what a list shows, in the address", () => {
  it.each<CaseloadQuery>([
    { search: "", filter: null, order: "attention", mine: false },
    { search: "ana pérez & co", filter: "silent", order: "last_active", mine: true },
    { search: "rosa", filter: "pain_above_rule", order: "name", mine: false },
  ])("survives a reload: %o", (query) => {
    expect(readCaseload(writeCaseload(query))).toEqual(query);
  });

  it("leaves out what is the default", () => {
    expect(writeCaseload({ search: " ", filter: null, order: "attention", mine: false })).toBe("");
  });

  it("takes unknown values of an old bookmark for the default", () => {
    expect(readCaseload("?show=<script>&order=dance&mine=yes")).toEqual({ search: "", filter: null, order: "attention", mine: false });
  });

  it("becomes the filters the server knows", () => {
    const all: CaseloadQuery = { search: "", filter: null, order: "attention", mine: false };
    expect(toParams(all)).toEqual({ order: "attention" });
    expect(toParams({ ...all, filter: "silent", search: "ana" })).toEqual({ search: "ana", attention: "silent", order: "attention" });
    expect(toParams({ ...all, filter: "surgery", order: "name" })).toEqual({ condition: "lt_resection", order: "name" });
  });

  it.each<LibraryQuery>([
    { search: "", chosen: {} },
    { search: "pigeon", chosen: { muscle: "quadratus-femoris", level: "2" } },
  ])("keeps the library's facets: %o", (query) => {
    expect(readLibrary(writeLibrary(query))).toEqual(query);
    expect(readLibrary("?colour=red")).toEqual({ search: "", chosen: {} });
  });
});

describe("where to go after signing in", () => {
  it("only ever leads into the clinic app", () => {
    expect(safeNext("/clinic/patients/1?range=all")).toBe("/clinic/patients/1?range=all");
    for (const next of [undefined, "", "https://evil.example/clinic", "//evil.example", "/clinicx", "javascript:alert(1)"]) {
      expect(safeNext(next)).toBe("/clinic");
    }
  });
});
