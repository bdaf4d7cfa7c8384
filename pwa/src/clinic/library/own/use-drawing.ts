import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../../api/client";
import * as calls from "../../calls";
import type { Drawing, Exercise } from "../../types";
import { useResource, useSettled } from "../../use";
import { misfits, type Figure } from "./figure";

export interface Picture {
  /** addresses of the last drawing that succeeded */
  readonly files: Drawing | null;
  readonly error: ApiError | null;
}

/**
 * The picture of joint angles, drawn by the server like every other figure, a moment after the last change. Angles that
 * no body can do are not sent; the last picture stays.
 */
export function useDrawing(figure: Figure, kind: Exercise["kind"], laterality: Exercise["laterality"]): Picture {
  const wanted = misfits(figure).length === 0 ? JSON.stringify({ figure, kind, laterality }) : null;
  const settled = useSettled(wanted);
  const { data, error } = useResource(settled, (signal) => calls.drawFigure(JSON.parse(settled ?? "{}") as calls.DrawRequest, signal));
  return { files: useAddresses(data), error };
}

/** SVG text as addresses that an <img> takes, given back when they are no longer shown. */
function useAddresses(drawing: Drawing | null): Drawing | null {
  const [addresses, setAddresses] = useState<Drawing | null>(null);
  useEffect(() => {
    if (!drawing) return undefined;
    const address = (svg: string): string => URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    const made = { animated: address(drawing.animated), poster: address(drawing.poster), thumb: address(drawing.thumb) };
    setAddresses(made);
    return () => Object.values(made).forEach((each) => URL.revokeObjectURL(each));
  }, [drawing]);
  return addresses;
}
