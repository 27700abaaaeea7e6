/** Questions that were asked in messages, until they are answered. */
export class Questions<T> {
  private asked = 0;
  private readonly open = new Map<number, PromiseWithResolvers<T>>();

  /** @param send sends a question by its number */
  ask(send: (question: number) => void): Promise<T> {
    const question = this.asked++;
    const answered = Promise.withResolvers<T>();
    this.open.set(question, answered);
    send(question);
    return answered.promise;
  }

  answer(question: number, answer: T): void {
    this.open.get(question)?.resolve(answer);
    this.open.delete(question);
  }

  /** There is no answer.
   *  @param reason is rejected with */
  refuse(question: number, reason: Error): void {
    this.open.get(question)?.reject(reason);
    this.open.delete(question);
  }

  /** Nobody will answer any more. */
  answerAll(answer: T): void {
    for (const question of this.open.keys()) this.answer(question, answer);
  }
}
