/** Thrown where somebody closed a question without an answer. Nothing is said about it, and the command returns undefined. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** The answer to a question of the editor; throws {@link Cancelled} when there is none. */
export async function answered<T>(question: Thenable<T | undefined>): Promise<T> {
  const answer = await question;
  if (answer === undefined) throw new Cancelled();
  return answer;
}
