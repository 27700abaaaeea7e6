import type { components } from '../../../openapi/client/schema';

/** The service's data, by the names that the page has for them. */

type Schemas = components['schemas'];

export type FetchResult = Schemas['FetchResult'];
/** an exchange before the final one */
export type Hop = Schemas['Hop'];
/** what every exchange tells, the final one too */
export type Exchange = Omit<Hop, 'body'>;
export type Problem = Schemas['Problem'];
export type ProblemCode = Problem['code'];
export type FieldError = Schemas['FieldError'];
export type FieldLine = Schemas['FieldLine'];
export type SentRequest = Schemas['SentRequest'];
export type Informational = Schemas['Informational'];
export type Cookie = Schemas['Cookie'];
export type Body = Schemas['Body'];
export type Octets = Schemas['Octets'];
export type Chunks = Schemas['Chunks'];
export type Read = Schemas['Read'];
export type Timings = Schemas['Timings'];
export type Connection = Schemas['Connection'];
export type Tls = Schemas['Tls'];
export type Certificate = Schemas['Certificate'];
export type Warning = Schemas['Warning'];

/** One line of an answer in NDJSON. */
export type FetchEvent =
  | Schemas['ResolvedEvent']
  | Schemas['ConnectedEvent']
  | Schemas['SecuredEvent']
  | Schemas['SentEvent']
  | Schemas['InformationalEvent']
  | Schemas['HeadEvent']
  | Schemas['ReadEvent']
  | Schemas['TransferChunkEvent']
  | Schemas['ChunkEvent']
  | Schemas['WarningEvent']
  | Schemas['RedirectEvent']
  | Schemas['ResultEvent']
  | Schemas['ProblemEvent'];
