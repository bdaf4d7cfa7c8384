import type { JSX } from "preact";
import { ChipMenu } from "../parts/menu";
import { FACETS, type LibraryQuery } from "../url";
import { facetName, optionText, readFacet, type Vocabularies } from "./facets";

export interface FacetBarProps {
  readonly facets: unknown;
  readonly words: Vocabularies;
  readonly chosen: LibraryQuery["chosen"];
  readonly onChange: (chosen: LibraryQuery["chosen"]) => void;
}

export function FacetBar({ facets, words, chosen, onChange }: FacetBarProps): JSX.Element {
  return (
    <div class="fac">
      {FACETS.map((facet) => {
        const value = chosen[facet] ?? null;
        return (
          <ChipMenu
            key={facet}
            text={value ? optionText(facet, value, words) : facetName(facet)}
            chosen={value !== null}
            value={value}
            options={readFacet(facets, facet, words)}
            onChoose={(next) => {
              const { [facet]: _gone, ...rest } = chosen;
              onChange(next ? { ...rest, [facet]: next } : rest);
            }}
          />
        );
      })}
    </div>
  );
}
