import { type Socket, createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { TRUNCATED_RESPONSE, decode, encode } from 'dns-packet';

export type AddressType = 'A' | 'AAAA';

/** What is said to a question: addresses (none of them: NODATA), a response code, nothing, octets that are no DNS,
 *  the question's id and nothing more, or that the answer is only to be had over TCP. */
export type DnsReply =
  readonly string[] | 'NXDOMAIN' | 'SERVFAIL' | 'silence' | 'garbage' | 'cut' | 'truncated';

export interface DnsName {
  readonly A?: DnsReply;
  readonly AAAA?: DnsReply;
  /** the names it is an alias of, one after the other; the addresses are the last one's */
  readonly CNAME?: readonly string[];
  /** 60 if not given */
  readonly ttlSeconds?: number;
}

/** RFC 1035 §4.1.1 */
const FLAGS = { SERVFAIL: 2, NXDOMAIN: 3, truncated: TRUNCATED_RESPONSE };
const ID_OCTETS = 2;

interface Question {
  readonly id: number;
  readonly type: AddressType;
  readonly name: string;
  readonly port: number;
}

/** A name server on loopback; names that are not in its zone do not exist. */
export class DnsServer {
  zone: Readonly<Record<string, DnsName>> = {};
  private readonly questions: Question[] = [];
  private readonly arrivals = new EventEmitter();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet, { port }) => {
      const { id = 0, questions = [] } = decode(packet);
      const { type, name } = questions[0]!;
      const question = { id, type: type as AddressType, name, port };
      this.questions.push(question);
      this.reply(question);
      this.arrivals.emit('question');
    });
  }

  static async listen(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind({ address: '127.0.0.1', port: 0 });
    await once(socket, 'listening');
    return new DnsServer(socket);
  }

  /** As `SystemResolver` takes it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** The questions so far, as "A name". */
  get asked(): readonly string[] {
    return this.questions.map(({ type, name }) => `${type} ${name}`);
  }

  /** Waits for both questions about a name. */
  async untilAsked(name: string): Promise<void> {
    while (this.find('A', name) === undefined || this.find('AAAA', name) === undefined)
      await once(this.arrivals, 'question');
  }

  /** Answers a question that has met with silence. */
  answerLate(type: AddressType, name: string, reply: DnsReply): void {
    this.send(this.find(type, name)!, reply, 60);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private find(type: AddressType, name: string): Question | undefined {
    return this.questions.findLast((question) => question.type === type && question.name === name);
  }

  private reply(question: Question): void {
    const known = this.zone[question.name.toLowerCase()];
    if (known === undefined) this.send(question, 'NXDOMAIN', 0);
    else this.send(question, known[question.type] ?? [], known.ttlSeconds ?? 60);
  }

  private send(question: Question, reply: DnsReply, ttl: number): void {
    if (reply === 'silence') return;
    const aliases = this.zone[question.name.toLowerCase()]?.CNAME ?? [];
    this.socket.send(packetOf(question, reply, ttl, aliases), question.port, '127.0.0.1');
  }
}

function packetOf(
  { id, type, name }: Question,
  reply: Exclude<DnsReply, 'silence'>,
  ttl: number,
  aliases: readonly string[],
): Buffer {
  if (reply === 'garbage') return Buffer.alloc(64, 0xff);
  const addresses = typeof reply === 'string' ? [] : reply;
  const chain = [name, ...aliases];
  const packet = encode({
    type: 'response',
    id,
    flags: typeof reply === 'string' && reply !== 'cut' ? FLAGS[reply] : 0,
    questions: [{ type, name }],
    answers: [
      ...aliases.map((data, index) => ({ type: 'CNAME' as const, name: chain[index]!, ttl, data })),
      ...addresses.map((data) => ({ type, name: chain.at(-1)!, ttl, data })),
    ],
  });
  return reply === 'cut' ? packet.subarray(0, ID_OCTETS) : packet;
}
