/** Questions that were asked in messages, until they are answered. */
export class Questions<T> {
  private asked = 0;
  private readonly open = new Map<number, (answer: T) => void>();

  /** @param send sends a question by its number */
  ask(send: (question: number) => void): Promise<T> {
    const question = this.asked++;
    return new Promise((resolve) => {
      this.open.set(question, resolve);
      send(question);
    });
  }

  answer(question: number, answer: T): void {
    this.open.get(question)?.(answer);
    this.open.delete(question);
  }

  /** Nobody will answer any more. */
  answerAll(answer: T): void {
    for (const question of this.open.keys()) this.answer(question, answer);
  }
}
