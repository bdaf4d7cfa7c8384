/** Where to go after signing in: only ever inside the clinic app, whatever the address says. */
export function safeNext(next: string | undefined): string {
  return next && /^\/clinic(?:[/?#]|$)/.test(next) ? next : "/clinic";
}
