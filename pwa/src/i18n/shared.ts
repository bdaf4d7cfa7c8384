/** Words both apps use; components of `src/ui` speak only these. */
import { translator } from "./core";
import english from "./en/shared.json";

export const ts = translator(english, { es: () => import("./es/shared.json") });
