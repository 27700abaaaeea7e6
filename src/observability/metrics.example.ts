/** The beginning of an answer, after three fetches. */
export const METRICS_EXAMPLE = `# HELP wirefetch_fetches_total Fetches that are over, by how: ok, or the code of the problem or of the error in the result.
# TYPE wirefetch_fetches_total counter
wirefetch_fetches_total{code="ok"} 2
wirefetch_fetches_total{code="address-denied"} 1

# HELP wirefetch_denied_total Fetches that the egress policy ended, on any hop.
# TYPE wirefetch_denied_total counter
wirefetch_denied_total{code="address-denied"} 1
wirefetch_denied_total{code="port-denied"} 0
wirefetch_denied_total{code="host-denied"} 0
`;
