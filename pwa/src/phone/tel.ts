/** An address that calls this number: the digits alone, as clinics write numbers with spaces and dashes. */
export function tel(number: string): string {
  return `tel:${number.replace(/[^+\d]/g, "")}`;
}
