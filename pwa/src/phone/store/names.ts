/** "Dana" of "Dr. Dana Example": how the person calls their therapist. */
export function firstName(full: string): string {
  const words = full.trim().split(/\s+/);
  return words.find((word) => !/^(dr|mr|mrs|ms|dra|sr|sra|prof)\.?$/i.test(word)) ?? full.trim();
}
