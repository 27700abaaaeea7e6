import { readFileSync, readdirSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import type { IDeployment, IDeploymentSpec } from 'kubernetes-models/apps/v1' with {
  'resolution-mode': 'import',
};
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2' with {
  'resolution-mode': 'import',
};
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1' with {
  'resolution-mode': 'import',
};
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1' with { 'resolution-mode': 'import' };
import type { IContainer, ISecret, IService } from 'kubernetes-models/v1' with {
  'resolution-mode': 'import',
};
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { type Settings, readSettings } from '../../src/config/settings';
import { IPV4_BLOCKS, IPV6_BLOCKS } from '../../src/transport/special-purpose-registry';

const ROOT = join(__dirname, '..', '..');
const KUBERNETES = join(ROOT, 'deploy', 'kubernetes');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** @returns the documents of a file, of which every key is given once */
function documentsIn(file: string): unknown[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { strict: true, merge: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS() as unknown;
  });
}

const files = readdirSync(KUBERNETES);
const manifests = files
  .filter((file) => file !== 'kustomization.yaml')
  .flatMap((file) =>
    (documentsIn(join(KUBERNETES, file)) as Manifest[]).map((manifest) => ({
      file,
      manifest,
      title: `${file}: ${manifest.kind} ${manifest.metadata.name}`,
    })),
  );

function only<T extends object>(kind: string, name: string): T {
  const found = manifests.filter(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0]!.manifest as T;
}

function deploymentOf(role: string): IDeploymentSpec {
  return only<IDeployment>('Deployment', `wirefetch-${role}`).spec!;
}

function podOf(role: string) {
  return deploymentOf(role).template.spec!;
}

function containerOf(role: string): IContainer {
  const { containers } = podOf(role);
  expect(containers).toHaveLength(1);
  return containers[0]!;
}

function labelsOf(role: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': 'wirefetch', 'app.kubernetes.io/component': role };
}

/** @returns what the service makes of an environment in the image */
function settingsOf(env: Readonly<Record<string, string>>): Settings {
  const { settings, warnings } = readSettings({ HOST: '0.0.0.0', ...env });
  expect(warnings.filter((warning) => !warning.includes('nothing yet'))).toEqual([]);
  return settings;
}

/** @returns what a type-checker says of objects that are written as literals: of a misspelt field, for instance */
function misspellingsIn(objects: readonly Manifest[]): string[] {
  const file = join(__dirname, 'manifests.in-memory.mts');
  const source = objects
    .map(({ apiVersion, kind }) => `import('kubernetes-models/${apiVersion}').I${kind}`)
    .map((type, index) => `export const _${index}: ${type} = ${JSON.stringify(objects[index])};`)
    .join('\n');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? source : readFile(name));
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, source, version) : getSourceFile(name, version, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the manifests', () => {
  it.each(manifests)('$title keeps the schema of its kind', async ({ manifest }) => {
    const { apiVersion, kind } = manifest;
    const models = (await import(`kubernetes-models/${apiVersion}/${kind}`)) as Record<
      string,
      new (data: unknown) => { validate: () => void }
    >;
    const model = new models[kind]!(manifest);
    expect(model).toMatchObject({ apiVersion, kind });
    expect(() => model.validate()).not.toThrow();
  });

  it('have no field that their kinds have not', () => {
    expect(misspellingsIn(manifests.map(({ manifest }) => manifest))).toEqual([]);
  });

  it('are what the kustomization lists, but for the example of a secret', () => {
    const [kustomization, ...others] = documentsIn(join(KUBERNETES, 'kustomization.yaml'));
    expect(others).toEqual([]);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(kustomization).toEqual({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: 'wirefetch',
      resources: expect.any(Array),
      images: [{ name: 'wirefetch', newTag: version }],
    });
    const { resources } = kustomization as { resources: string[] };
    expect([...resources, 'kustomization.yaml', 'secret.example.yaml'].sort()).toEqual(files.sort());
  });

  it('make a namespace that lets in restricted pods only', () => {
    expect(only('Namespace', 'wirefetch')).toMatchObject({
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });

  it('give nobody a token', () => {
    expect(only('ServiceAccount', 'wirefetch')).toMatchObject({ automountServiceAccountToken: false });
  });
});

describe.each(['api', 'worker'] as const)('the %s in Kubernetes', (role) => {
  it('starts in its role, with its settings from the secret', () => {
    const { stringData } = only<ISecret>('Secret', 'wirefetch');
    const env = containerOf(role).env!.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, value!];
      expect(valueFrom).toEqual({ secretKeyRef: { name: 'wirefetch', key: expect.any(String) } });
      return [name, stringData![valueFrom!.secretKeyRef!.key]!];
    });
    const settings = settingsOf(Object.fromEntries(env) as Record<string, string>);
    expect(settings).toMatchObject({
      role,
      databaseUrl: stringData!['database-url'],
      apiKeys: [stringData!['api-keys']],
    });
    // Where links are made, the Service's name is that of a setting.
    expect(podOf(role).enableServiceLinks).toBe(false);
  });

  it('is restricted', () => {
    const pod = podOf(role);
    expect(pod).toMatchObject({
      serviceAccountName: 'wirefetch',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(containerOf(role).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC, pod.initContainers]).toEqual(Array(4).fill(undefined));
    expect(pod.volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: expect.any(String) } }]);
    expect(containerOf(role).volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
  });

  it('has time to stop in, and nothing before', () => {
    const shutdown = containerOf(role).env!.find(({ name }) => name === 'WIREFETCH_SHUTDOWN_MS')!;
    expect(podOf(role).terminationGracePeriodSeconds! * 1000).toBeGreaterThan(Number(shutdown.value) + 2000);
    expect(containerOf(role).lifecycle).toBeUndefined();
  });

  it('is probed on its port', () => {
    const { ports, startupProbe, livenessProbe, readinessProbe } = containerOf(role);
    expect(ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(startupProbe!.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(livenessProbe!.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(readinessProbe!.httpGet).toEqual({ path: '/health/ready', port: 'http' });
  });

  it('has bounds', () => {
    expect(containerOf(role).resources).toEqual({
      requests: { cpu: '500m', memory: '256Mi' },
      limits: { cpu: '2', memory: '512Mi' },
    });
  });

  it('is found by all that is about it', () => {
    const { selector, template } = deploymentOf(role);
    expect(template.metadata!.labels).toEqual(labelsOf(role));
    expect(selector.matchLabels).toEqual(labelsOf(role));
    const name = `wirefetch-${role}`;
    expect(only<IPodDisruptionBudget>('PodDisruptionBudget', name).spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: labelsOf(role) },
    });
    const spread = podOf(role).topologySpreadConstraints!;
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    expect(spread.map(({ labelSelector }) => labelSelector!.matchLabels)).toEqual(
      Array(2).fill(labelsOf(role)),
    );
  });

  it('is two replicas at the least, by processor', () => {
    const { scaleTargetRef, minReplicas, maxReplicas, metrics } = only<IHorizontalPodAutoscaler>(
      'HorizontalPodAutoscaler',
      `wirefetch-${role}`,
    ).spec!;
    expect(scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: `wirefetch-${role}` });
    expect(minReplicas).toBeGreaterThanOrEqual(2);
    expect(maxReplicas).toBeGreaterThan(minReplicas!);
    expect(metrics).toEqual([
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
    ]);
    // Or every apply would undo what the autoscaler did.
    expect(deploymentOf(role).replicas).toBeUndefined();
  });
});

it('the service in Kubernetes leads to the API alone', () => {
  expect(only<IService>('Service', 'wirefetch').spec).toEqual({
    selector: labelsOf('api'),
    ports: [{ name: 'http', port: 8080, targetPort: 'http' }],
  });
});

describe('the network policies', () => {
  const policy = (name: string) => only<INetworkPolicy>('NetworkPolicy', name).spec!;
  const everyPod = { matchLabels: { 'app.kubernetes.io/name': 'wirefetch' } };
  const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: 'TCP', port }));

  it('are these, and deny the rest', () => {
    const names = manifests
      .filter(({ manifest }) => manifest.kind === 'NetworkPolicy')
      .map(({ manifest }) => manifest.metadata.name);
    expect(names.sort()).toEqual([
      'default-deny',
      'wirefetch-api-ingress',
      'wirefetch-dns',
      'wirefetch-internet',
      'wirefetch-postgresql',
      'wirefetch-worker-metrics',
    ]);
    expect(policy('default-deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it('let the API be called, and a worker be asked for its metrics', () => {
    expect(policy('wirefetch-api-ingress')).toEqual({
      podSelector: { matchLabels: labelsOf('api') },
      policyTypes: ['Ingress'],
      ingress: [{ ports: tcp(8080) }],
    });
    expect(policy('wirefetch-worker-metrics')).toEqual({
      podSelector: { matchLabels: labelsOf('worker') },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
          ports: tcp(8080),
        },
      ],
    });
  });

  it('let name servers and PostgreSQL be reached, by their labels', () => {
    expect(policy('wirefetch-dns')).toEqual({
      podSelector: everyPod,
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)],
        },
      ],
    });
    expect(policy('wirefetch-postgresql')).toEqual({
      podSelector: everyPod,
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: {},
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'postgresql' } },
            },
          ],
          ports: tcp(5432),
        },
      ],
    });
  });

  /** What a fetch may dial by these policies. */
  function isOpen(address: string): boolean {
    return policy('wirefetch-internet').egress!.some(({ to }) =>
      to!.some(
        ({ ipBlock }) =>
          listOf([ipBlock!.cidr]).check(address, familyOf(address)) &&
          !listOf(ipBlock!.except ?? []).check(address, familyOf(address)),
      ),
    );
  }

  it('let fetches go where the ports of the settings lead', () => {
    expect(policy('wirefetch-internet')).toEqual({
      podSelector: everyPod,
      policyTypes: ['Egress'],
      egress: [{ to: expect.any(Array), ports: tcp(...readSettings({}).settings.egress.allowPorts) }],
    });
  });

  it.each(
    [...IPV4_BLOCKS, ...IPV6_BLOCKS].filter(
      ({ globallyReachable, cidr }) => !globallyReachable && cidr !== '::/0',
    ),
  )('close $cidr, $name', ({ cidr }) => {
    expect(edgesOf(cidr).map(isOpen)).toEqual([false, false]);
  });

  it.each([
    '1.0.0.0',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2606:4700::1',
    '2a00:1450::1',
  ])('open %s', (address) => {
    expect(isOpen(address)).toBe(true);
  });
});

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

/** @returns the first and the last address of a block */
function edgesOf(cidr: string): [first: string, last: string] {
  const [first = '', prefix] = cidr.split('/');
  const bits = familyOf(first) === 'ipv4' ? 32 : 128;
  const hosts = (1n << BigInt(bits - Number(prefix))) - 1n;
  const last = numberOf(first) | hosts;
  const size = bits === 32 ? 8n : 16n;
  const parts = Array.from({ length: 8 }, (_, index) => (last >> (BigInt(7 - index) * size)) % (1n << size));
  return [first, bits === 32 ? parts.slice(4).join('.') : parts.map((part) => part.toString(16)).join(':')];
}

function numberOf(address: string): bigint {
  if (familyOf(address) === 'ipv4')
    return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail = ''] = address
    .split('::')
    .map((half) => half.split(':').filter(Boolean)) as string[][];
  const missing = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...missing, ...tail].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas: number };
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period: string;
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

describe('the compose file', () => {
  const [compose] = documentsIn(join(ROOT, 'compose.yaml')) as [Compose];
  const { proxy, postgres } = compose.services as Readonly<Record<'proxy' | 'postgres', ComposeService>>;

  /** @returns a value where no variable is set */
  const byDefault = (value: string): string => value.replace(/\$\{\w+:-([^{}$]*)\}/g, '$1');

  it('has these services', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['api', 'postgres', 'proxy', 'worker']);
  });

  it('publishes one port, to this machine alone', () => {
    const published = Object.entries(compose.services).map(([name, { ports }]) => [name, ports]);
    expect(Object.fromEntries(published)).toEqual({ proxy: ['127.0.0.1:8080:8080'] });
  });

  it.each(['api', 'worker'] as const)('has two replicas of the %s, which start by themselves', (role) => {
    const service = compose.services[role]!;
    expect(service).toMatchObject({ build: '.', deploy: { replicas: 2 } });
    const env = Object.entries(service.environment!).map(([name, value]) => [name, byDefault(value)]);
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = postgres.environment!;
    const { role: its, apiKeys, databaseUrl } = settingsOf(Object.fromEntries(env) as Record<string, string>);
    expect(its).toBe(role);
    expect(apiKeys).toEqual(['development']);
    expect(databaseUrl).toBe(
      `postgres://${POSTGRES_USER!}:${byDefault(POSTGRES_PASSWORD!)}@postgres:5432/${POSTGRES_DB!}`,
    );
    // One variable for both.
    expect(service.environment!['WIREFETCH_DATABASE_URL']).toContain(`:${POSTGRES_PASSWORD!}@`);
    expect(service.environment!['WIREFETCH_API_KEYS']).toContain('${WIREFETCH_API_KEYS:-');
  });

  it.each(['api', 'worker'])('confines the %s', (role) => {
    expect(compose.services[role]).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: '512m',
    });
    expect(Number.parseInt(compose.services[role]!.stop_grace_period, 10) * 1000).toBeGreaterThan(
      readSettings({}).settings.shutdownMs + 2000,
    );
  });

  it.each(['proxy', 'postgres'])('drops the capabilities of the %s', (name) => {
    expect(compose.services[name]).toMatchObject({
      user: expect.not.stringMatching(/^(0|root)(:|$)/),
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.any(String),
    });
  });

  it('has everyone wait for whom it needs', () => {
    const healthy = { condition: 'service_healthy' };
    const waiting = Object.entries(compose.services).map(([name, service]) => [name, service.depends_on]);
    expect(Object.fromEntries(waiting)).toEqual({
      api: { postgres: healthy },
      worker: { postgres: healthy },
      proxy: { api: healthy },
    });
    expect(postgres.healthcheck!.test.slice(0, 4)).toEqual(['CMD', 'pg_isready', '-h', '127.0.0.1']);
    // The API has the image's.
    expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toMatch(/^HEALTHCHECK /m);
    expect(compose.services['api']!.healthcheck).toBeUndefined();
  });

  it('keeps what PostgreSQL has, where nobody but the service reaches it', () => {
    expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql/data']);
    expect(Object.keys(compose.volumes)).toEqual(['postgres']);
    expect(compose.networks).toEqual({ outside: {}, database: { internal: true } });
    const networks = Object.entries(compose.services).map(([name, service]) => [name, service.networks]);
    expect(Object.fromEntries(networks)).toEqual({
      proxy: ['outside'],
      api: ['outside', 'database'],
      worker: ['outside', 'database'],
      postgres: ['database'],
    });
  });

  it('has a proxy that looks the replicas up, and holds nothing back', () => {
    expect(proxy.configs).toEqual([{ source: 'nginx', target: '/etc/nginx/nginx.conf' }]);
    // Compose refuses to write a config's content into a container that is read-only.
    expect(proxy).not.toHaveProperty('read_only');
    const { content } = compose.configs['nginx']!;
    // Any other dollar sign begins a variable of Compose.
    expect(content.replaceAll('$$', '')).not.toContain('$');
    const directives = new Set(
      content
        .replaceAll('$$', '$')
        .split(/[;{}]|#.*/)
        .map((directive) => directive.trim().replaceAll(/\s+/g, ' ')),
    );
    for (const directive of [
      'daemon off',
      'listen 8080',
      'resolver 127.0.0.11 valid=2s ipv6=off',
      'set $api api:8080',
      'proxy_pass http://$api',
      'client_max_body_size 0',
      'proxy_request_buffering off',
      'proxy_buffering off',
      'proxy_read_timeout 10m',
    ])
      expect(directives).toContain(directive);
  });
});
