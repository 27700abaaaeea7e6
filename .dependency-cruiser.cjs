/** Every "knows nothing of" of docs/decisions/0001-architecture.md, as a rule. */

const shells =
  '^src/(edge|fetch|sessions|jobs|store|limits|health|problems|access|observability|config|[^/]+\\.ts$)';
const nest =
  '^(@nestjs/|nestjs-pino|class-|reflect-metadata|fastify|rxjs)|node_modules/(@nestjs|nestjs-pino|class-|reflect-metadata|fastify|rxjs)';
const pureLibraries =
  '^(@exodus/bytes|html-encoding-sniffer|whatwg-mimetype)|node_modules/(@exodus/bytes|html-encoding-sniffer|(@types/)?whatwg-mimetype)/';
const io =
  '^(net|tls|http|https|dns|dgram|fs|child_process|worker_threads)(/|$)|^node:(net|tls|http|https|dns|dgram|fs|child_process|worker_threads)(/|$)';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'two files that need each other are one idea in two files',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'http1-is-pure',
      severity: 'error',
      comment: 'the HTTP/1.1 core knows octets alone',
      from: { path: '^src/http1' },
      to: { pathNot: '^src/http1' },
    },
    {
      name: 'semantics-is-pure',
      severity: 'error',
      comment:
        'no I/O, no clock, no framework; the words of http1 are its vocabulary, the standards’ tables come from libraries as pure',
      from: { path: '^src/semantics' },
      to: { pathNot: `^src/(semantics|http1)|^(node:)?buffer$|${pureLibraries}` },
    },
    {
      name: 'address-policy-is-pure',
      severity: 'error',
      comment: 'it judges addresses and dials none; of net it may ask isIP, a function of text',
      from: { path: '^src/transport/(address-policy|embedded-ipv4|special-purpose-registry)' },
      to: { path: io.replaceAll('net|', '') },
    },
    {
      name: 'event-loop-knows-nothing',
      severity: 'error',
      comment: 'when work is done, not what it is',
      from: { path: '^src/event-loop' },
      to: { pathNot: '^src/event-loop' },
    },
    {
      name: 'transport-knows-octets-alone',
      severity: 'error',
      comment: 'no HTTP, no cookies, no Nest',
      from: { path: '^src/transport' },
      to: { path: `^src/(?!transport|event-loop)|${nest}|tough-cookie` },
    },
    {
      name: 'exchange-knows-no-sockets',
      severity: 'error',
      comment: 'sockets are the transport’s, DTOs and Nest the shell’s',
      from: { path: '^src/exchange' },
      to: { path: `^src/(?!exchange|http1|semantics|transport|event-loop)|${nest}|${io}` },
    },
    {
      name: 'store-knows-no-shell',
      severity: 'error',
      comment: 'SQL and where it is asked; its module is the one place that Nest is known in',
      from: { path: '^src/store', pathNot: '^src/store/store\\.module' },
      to: { path: `^src/(?!store|config/settings)|${nest}` },
    },
    {
      name: 'protocols-know-no-shell',
      severity: 'error',
      from: { path: '^src/protocols' },
      to: { path: `${shells}|${nest}` },
    },
    {
      name: 'one-door-out',
      severity: 'error',
      comment: 'only the transport opens sockets; the shell may listen, and ask isIP',
      from: {
        path: '^src',
        pathNot:
          '^src/(transport|config|edge/(port-claim|wide-door)|fetch/own-address|fetch/fetch-spec\\.reader)',
      },
      to: { path: '^(node:)?(net|tls|dgram)$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-reader-of-the-environment',
      severity: 'error',
      comment: 'config is read by shells; what is below gets values',
      from: { path: '^src/(http1|semantics|transport|exchange|protocols)' },
      to: { path: '^src/config' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: {},
      to: { path: '^src/.*index\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-the-service',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/console/page' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'page-stands-alone',
      severity: 'error',
      comment: 'it runs in browsers, and knows the service by the types of its description',
      from: { path: '^src/console/page' },
      to: { pathNot: '^src/console/page|^openapi/client|node_modules/(preact|@preact/signals|uplot)/' },
    },
    {
      name: 'page-is-not-the-service',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/console/page' },
      to: { path: '^src/console/page' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'types of a library that has none are imported by nobody',
      from: {
        orphan: true,
        path: '^src',
        pathNot: '^src/main\\.ts$|\\.d\\.ts$|^src/console/page/(main\\.tsx|frame\\.ts)$',
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
